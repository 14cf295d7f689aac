"""Handing a sheet in, with how the session was held; and correcting that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries
from scheduler.domain.attendance.assembly import Line, Tally, state_of, tally_of, unmarked_of
from scheduler.domain.attendance.holding import Opened, hold_sheet, note, open_sheet, reason_for, require_open
from scheduler.domain.attendance.lasting import (
    Span,
    Way,
    counted_minutes,
    is_counted,
    is_recorded,
    way_of_all,
)
from scheduler.domain.attendance.leaders import could_lead, planned_leads
from scheduler.domain.attendance.models import Attended, Mark, RecordLead, SheetRecord
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.attendance.statuses import IN_THE_ROOM, Value
from scheduler.domain.attendance.walk_ins import number_of
from scheduler.domain.attendance.writing import value_of
from scheduler.domain.people.credentials import valid_on
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import Actor
from scheduler.errors import Conflict, Invalid, Refused

CHANGED: Final = "Something on the sheet was changed meanwhile. Look at it again."


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How a session was held: who led, when, and how each was there; all others came the one ``way``."""

    leads: tuple[int, ...]
    span: Span
    ways: Mapping[int, Way] = field(default_factory=dict)
    way: Way = Way.ROOM

    def way_of(self, person_id: int) -> Way:
        """How this person was there."""
        return self.ways.get(person_id, self.way)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submitted sheet says: the tally of its names, or the headcount.

    ``stands``: so does what was confirmed now; somebody else may have handed it in before, and otherwise.
    """

    tally: Tally
    headcount: int | None
    stands: bool = True


def submit(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    now: datetime,
    confirmed: Confirmed | None = None,
    seen: str | None = None,
    anyway: bool = False,
    early: bool = False,
    locks: timedelta = LOCKS_AFTER,
) -> Submitted:
    """Hand the sheet in. Doing it again changes nothing: the first one stands.

    Without ``confirmed`` it was held as planned. ``seen`` is the ``state`` of the sheet that was shown.
    Raises as `require_ready`; Conflict where the sheet says something else than was seen; Invalid on
    ``leads`` for somebody who may not have led; NotFound and Refused as `save_marks`.
    """
    opened = open_sheet(
        session, actor, occurrence_id, now, locks, persons=confirmed.leads if confirmed else ()
    )
    sheet, lines = opened.sheet, _lines(session, opened)
    _require_ready(opened, lines, now, anyway=anyway, early=early)
    walk_ins = number_of(session, sheet.id)
    said = Submitted(tally_of(lines, walk_ins), sheet.headcount)
    if sheet.submitted_at is not None:
        return replace(said, stands=_stands(session, opened, confirmed))
    if seen is not None and seen != state_of(lines, sheet.walk_ins + walk_ins):
        raise Conflict(CHANGED)
    if is_recorded(opened.kind, opened.counting):
        confirmed = confirmed or _as_planned(session, opened)
        _require_leads(session, opened, confirmed.leads)
        _keep(session, opened, confirmed, actor=actor, now=now)
    sheet.submitted_at, sheet.submitted_by = now, actor.person_id
    note(session, actor, "sheet.submitted", occurrence_id, now, {"unmarked": unmarked_of(lines)})
    return said


def require_ready(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    now: datetime,
    anyway: bool = False,
    early: bool = False,
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Raises Invalid on field ``not_begun`` before the session begins (unless ``early``), on ``unmarked``
    while somebody expected has no mark (unless ``anyway``), on ``headcount`` while a sheet counted by heads
    has no number; NotFound and Refused as `save_marks`.
    """
    opened = hold_sheet(session, actor, occurrence_id)
    require_open(opened, now, locks)
    _require_ready(opened, _lines(session, opened), now, anyway=anyway, early=early)


def correct_record(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    confirmed: Confirmed,
    seen: int,
    reason: str,
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Say otherwise how a session was held, and why; what stood is kept. The same again changes nothing.

    ``seen`` is the revision that was shown (0: none was kept so far). Raises Conflict where another stands by
    now, Invalid on ``reason`` and ``leads``; NotFound and Refused as `save_marks`, and Refused for a sheet
    that makes no record or was not handed in.
    """
    opened = open_sheet(session, actor, occurrence_id, now, locks, persons=confirmed.leads)
    if not is_recorded(opened.kind, opened.counting) or not opened.is_submitted:
        raise Refused("There is nothing to correct here.")
    last = _last(session, opened)
    if (last.revision if last else 0) != seen:
        raise Conflict(CHANGED)
    if last is not None and _says(session, last) == confirmed:
        return
    why = reason_for(opened, reason)
    _require_leads(session, opened, confirmed.leads)
    _keep(session, opened, confirmed, actor=actor, now=now, reason=why)
    note(session, actor, "sheet.record_corrected", occurrence_id, now, {})


def renew(session: Database, opened: Opened, *, actor: Actor, now: datetime, reason: str) -> None:
    """Minutes follow a correction of marks or guests. Who led with which credential stays as it was kept."""
    last = _last(session, opened)
    if last is not None:
        _keep(
            session,
            opened,
            _says(session, last),
            actor=actor,
            now=now,
            reason=reason,
            leads=_leads_of(session, last),
        )


def _require_ready(
    opened: Opened, lines: Collection[Line], now: datetime, *, anyway: bool, early: bool
) -> None:
    if opened.by_heads and opened.sheet.headcount is None:
        raise Invalid("Count the people first.", "headcount")
    if not early and now < opened.starts_at:
        raise Invalid("It has not begun yet.", "not_begun")
    if unmarked_of(lines) and not anyway:
        raise Invalid("Some people have no mark.", "unmarked")


def _lines(session: Database, opened: Opened) -> list[Line]:
    """What whoever hands it in sees of it."""
    if opened.by_heads:
        return []
    found = queries.lines(session, opened.sheet.occurrence_id, private=opened.private)
    return [line for line in found if not line.is_private]


def _as_planned(session: Database, opened: Opened) -> Confirmed:
    leads = planned_leads(session, opened.sheet.occurrence_id)
    return Confirmed(tuple(lead.person_id for lead in leads), Span(opened.starts_at, opened.ends_at))


def _require_leads(session: Database, opened: Opened, leads: Collection[int]) -> None:
    occurrence = opened.sheet.occurrence_id
    known = {lead.person_id for lead in planned_leads(session, occurrence)}
    known |= {lead.person_id for lead in could_lead(session, occurrence)}
    if not known.issuperset(leads):
        raise Invalid("Choose somebody who leads here.", "leads")


def _last(session: Database, opened: Opened) -> SheetRecord | None:
    of_it = select(SheetRecord).where(SheetRecord.sheet_id == opened.sheet.id)
    return session.scalar(of_it.order_by(SheetRecord.revision.desc()).limit(1))


def _stands(session: Database, opened: Opened, confirmed: Confirmed | None) -> bool:
    last = _last(session, opened)
    return confirmed is None or last is None or _says(session, last) == confirmed


def _says(session: Database, record: SheetRecord) -> Confirmed:
    """What was confirmed, so that two that say the same are equal."""
    query = select(Mark.person_id, Attended.way).join(Attended, Attended.mark_id == Mark.id)
    ways = {person: Way(way) for person, way in session.execute(query.where(Attended.record_id == record.id))}
    common = way_of_all(ways.values())
    return Confirmed(
        tuple(dict.fromkeys(person for person, _ in _leads_of(session, record))),
        Span(record.starts_at, record.ends_at, record.breaks),
        {person: way for person, way in ways.items() if way is not common},
        common,
    )


def _leads_of(session: Database, record: SheetRecord) -> list[tuple[int, int | None]]:
    query = select(RecordLead.person_id, RecordLead.credential_id).where(RecordLead.record_id == record.id)
    return [(person, credential) for person, credential in session.execute(query.order_by(RecordLead.id))]


def _keep(
    session: Database,
    opened: Opened,
    confirmed: Confirmed,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    leads: Sequence[tuple[int, int | None]] | None = None,
) -> None:
    """One more row of how it was held; ``leads`` with the credentials that were kept of them, if any were."""
    last, sheet, there = _last(session, opened), opened.sheet, _those_there(session, opened)
    counted = is_counted(opened.kind, opened.counting)
    record = SheetRecord(
        sheet_id=sheet.id,
        revision=last.revision + 1 if last else 1,
        starts_at=confirmed.span.starts_at,
        ends_at=confirmed.span.ends_at,
        breaks=confirmed.span.breaks,
        counted=counted,
        present=len(there) + sheet.walk_ins + number_of(session, sheet.id),
        made_by=actor.person_id,
        made_at=now,
        reason=reason,
    )
    session.add(record)
    session.flush()
    if leads is None:
        leads = _with_credentials(session, opened, confirmed.leads)
    named = [{"record_id": record.id, "person_id": who, "credential_id": held} for who, held in leads]
    if named:
        session.execute(insert(RecordLead), named)
    planned = Span(opened.starts_at, opened.ends_at)
    rows = [
        {
            "record_id": record.id,
            "mark_id": mark,
            "way": confirmed.way_of(person),
            "minutes": counted_minutes(planned, confirmed.span, value) if counted else None,
        }
        for mark, person, value in there
    ]
    if rows:
        session.execute(insert(Attended), rows)


def _with_credentials(
    session: Database, opened: Opened, leads: Sequence[int]
) -> list[tuple[int, int | None]]:
    held = valid_on(session, leads, opened.local_start.date())
    kept: list[tuple[int, int | None]] = []
    for person in leads:
        kept += [(person, each.id) for each in held.get(person, ())] or [(person, None)]
    return kept


def _those_there(session: Database, opened: Opened) -> list[tuple[int, int, Value]]:
    """The marks of all who were in the room, colleagues too, whoever hands the sheet in."""
    query = (
        select(Mark.id, Mark.person_id, Mark.status, Mark.late_minutes, Mark.left_minutes, Mark.excuse)
        .join(Person, Person.id == Mark.person_id)
        .where(Mark.sheet_id == opened.sheet.id, Mark.status.in_(IN_THE_ROOM), Person.merged_into.is_(None))
        .order_by(Mark.id)
    )
    return [(row[0], row[1], value_of(*row[2:6])) for row in session.execute(query)]
