"""What erasing somebody takes, and what it leaves: shown before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import Mark
from scheduler.domain.calendars.models import Feed
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import KeptApart, SignIn
from scheduler.domain.planning.leaving import Commitments, commitments_of
from scheduler.domain.privacy.erase import kept_until
from scheduler.domain.privacy.titles import Typed, typed_about
from scheduler.domain.stays.models import Stay
from scheduler.store.audit import AuditEntry, AuditPerson


@dataclass(frozen=True, slots=True)
class Fate:
    """Counts of what goes, and of what stays without a name.

    ``typed`` are titles and reasons, ``still`` is what was to come; ``kept_until`` is a local date.
    """

    feeds: int
    sign_ins: int
    pairs: int
    typed: Typed
    still: Commitments
    stays: int
    enrollments: int
    marks: int
    entries: int
    kept_until: date


def fate_of(session: Database, person_id: int, *, years: int, today: date, now: datetime) -> Fate:
    """What would become of everything about a person."""
    return Fate(
        feeds=_count(session, Feed.id, Feed.person_id == person_id, Feed.revoked_at.is_(None)),
        sign_ins=_count(session, SignIn.id, SignIn.person_id == person_id),
        pairs=_count(session, KeptApart.other_id, KeptApart.person_id == person_id),
        typed=typed_about(session, person_id),
        still=commitments_of(session, person_id, now=now),
        stays=_count(session, Stay.id, Stay.person_id == person_id),
        enrollments=_count(session, Enrollment.id, Enrollment.person_id == person_id),
        marks=_count(session, Mark.id, Mark.person_id == person_id, Mark.status.is_not(None)),
        entries=_entries(session, person_id),
        kept_until=kept_until(session, person_id, years=years, today=today),
    )


def _entries(session: Database, person_id: int) -> int:
    among = select(AuditPerson.entry_id).where(AuditPerson.person_id == person_id)
    return _count(session, AuditEntry.id, or_(AuditEntry.person_id == person_id, AuditEntry.id.in_(among)))


def _count(session: Database, what: Any, *where: Any) -> int:
    return session.scalar(select(func.count(what)).where(*where)) or 0
