"""A restored database made fit to take the place of the present one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.models import Challenge
from scheduler.domain.calendars.keeping import forget_bodies
from scheduler.domain.calendars.models import Feed
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Device, OneTimeLink, SignIn
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.reapplying import reapply
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.store.audit import Detail, record
from scheduler.store.ledger import Line
from scheduler.store.revisions import CalendarRevision

STEP: Final = 100_000
"""More than anybody's calendar changes between a backup and its restore; calendars hold up to 2^31."""

_SHOWN: Final = (Series, Occurrence, Enrollment, Post, Duty)


def make_fit(
    session: Database,
    *,
    name: str,
    lines: Iterable[Line],
    is_whole: bool,
    served_until: datetime | None,
    now: datetime,
) -> None:
    """Apply the ledger's ``lines``, and have every calendar load anew.

    Unless the ledger ``is_whole``, all sign-ins and links end and all live feeds wait to be confirmed:
    nobody knows which of them were ended since. ``served_until`` is the latest instant that a calendar of the
    replaced database told, ``name`` the backup's. A restored database remembers that it was restored.
    """
    session.execute(delete(Challenge))
    reapply(session, lines)
    if not is_whole:
        _end_all(session, now)
    _reload_calendars(session, now=now, served_until=served_until)
    detail: Detail = {"backup": name, "ledger": is_whole}
    record(session, at=now, actor=SYSTEM, action="database.restored", subject="database", detail=detail)


def served_until(session: Database) -> datetime | None:
    """The latest instant that any calendar of this database tells."""
    return session.scalar(select(func.max(CalendarRevision.raised_at)))


def _end_all(session: Database, now: datetime) -> None:
    session.execute(delete(SignIn))
    session.execute(update(Device).values(sign_in_id=None))
    session.execute(update(OneTimeLink).where(OneTimeLink.used_at.is_(None)).values(used_at=now))
    live = (Feed.revoked_at.is_(None), Feed.suspended_at.is_(None))
    session.execute(update(Feed).where(*live).values(suspended_at=now, revision=Feed.revision + 1))


def _reload_calendars(session: Database, *, now: datetime, served_until: datetime | None) -> None:
    """Make all calendars newer than any that was served: what readers keep must not win."""
    forget_bodies(session)
    known = [now, session.scalar(select(func.max(CalendarRevision.raised_at))), served_until]
    latest = max(at for at in known if at is not None) + timedelta(seconds=1)
    risen: dict[Any, Any] = {"revision": CalendarRevision.revision + STEP, "raised_at": latest}
    session.execute(update(CalendarRevision).values(risen))
    for model in _SHOWN:
        session.execute(update(model).values(sequence=model.sequence + STEP))
