"""A member comes in by themselves, by the code at the door."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import door
from scheduler.domain.attendance.holding import Opened, begin, hold_sheet
from scheduler.domain.attendance.merging import NEVER_SAVED, Saved
from scheduler.domain.attendance.opening import LOCKS_AFTER, Phase
from scheduler.domain.attendance.policy import checks_in
from scheduler.domain.attendance.writing import Write, standing, write
from scheduler.domain.enrollment.queries import members_of
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import OneTimeLink
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.sign_ins import hash_of
from scheduler.errors import NotFound
from scheduler.store.adding import add_once
from scheduler.store.audit import record


def check_in(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    scanned_at: datetime,
    once: str,
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> bool:
    """Mark whoever acts as present, or late by the clock of their scan; whether they came in by themselves.

    False, and nothing changes, where somebody has to look: they are not expected, on hold, or marked already;
    the pass ``once`` let somebody else in, in any browser; the door or the sheet is not open. It does not
    tell which, since a stranger might ask. Coming in twice is coming in once. Whoever leads may mark them
    otherwise afterwards.
    """
    person_id = actor.person_id or 0
    try:
        opened = hold_sheet(session, actor, occurrence_id, [person_id], allowed=checks_in())
    except NotFound:
        return False
    if person_id not in members_of(session, [occurrence_id]) or not _is_open(opened, scanned_at, now, locks):
        return False
    there = standing(session, opened.sheet.id, [person_id])
    saved = there.saved.get(person_id, NEVER_SAVED)
    if saved.value.status is not None:
        return _came_alone(saved, person_id)
    if not _is_theirs(session, once, person_id, now):
        return False
    begin(session, opened, now)
    value = door.value_at(opened.starts_at, opened.ends_at, scanned_at)
    writes = [Write(person_id, value, saved.revision + 1)]
    write(session, opened.sheet.id, there.ids, writes, by=person_id, now=now)
    record(
        session,
        at=now,
        actor=actor,
        action="sheet.checked_in",
        subject="sheet",
        subject_id=occurrence_id,
        person_id=person_id,
    )
    return True


def _is_theirs(session: Database, once: str, person_id: int, now: datetime) -> bool:
    """Use the pass, which lets in one person. Of two who use it at once the second waits here."""
    fields = {
        "person_id": person_id,
        "purpose": Purpose.DOOR,
        "created_at": now,
        "expires_at": now + door.PASS_LASTS,
        "used_at": now,
        "code_hash": hash_of(once),
    }
    add_once(session, OneTimeLink, fields, key="code_hash")
    whose = select(OneTimeLink.person_id).where(OneTimeLink.code_hash == fields["code_hash"])
    return session.scalar(whose) == person_id


def _is_open(opened: Opened, scanned_at: datetime, now: datetime, locks: timedelta) -> bool:
    """Whether the door was open at the scan, which is not too long ago, and the sheet is now."""
    is_fresh = scanned_at <= now < scanned_at + door.PASS_LASTS
    at_the_door = is_fresh and door.is_open(opened.starts_at, opened.ends_at, scanned_at)
    return at_the_door and opened.phase(now, locks) is Phase.OPEN


def _came_alone(saved: Saved, person_id: int) -> bool:
    return saved.by == person_id and saved.value.is_in_the_room
