"""Taking over lists of meetings that fellowships publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import insert, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.mutual_help.comparing import Changed, Comparison, comparison
from scheduler.domain.mutual_help.models import ListedMeeting
from scheduler.domain.mutual_help.queries import known_meetings
from scheduler.domain.mutual_help.rows import MeetingRow, fingerprint
from scheduler.domain.mutual_help.weekly import plan_of
from scheduler.domain.people.roles import SYSTEM, Actor
from scheduler.domain.planning import listing
from scheduler.store.audit import record

AT_ONCE = 100
"""Meetings written by one statement; between two of them a progress bar moves."""


def compared(session: Database, *, source: str, rows: Sequence[MeetingRow]) -> Comparison:
    """What an import of these rows would do. Reads only, one statement."""
    return comparison(rows, known_meetings(session, source=source))


def import_meetings(
    session: Database,
    *,
    source: str,
    rows: Sequence[MeetingRow],
    now: datetime,
    actor: Actor = SYSTEM,
    advance: Callable[[int], None] = lambda _steps: None,
) -> Comparison:
    """Make what is new in a list and change what it changed; the same list again changes nothing.

    Each meeting is a listed series in its own zone, with its dates up to the horizon. What the list no
    longer has is left as it is and named in the answer: a service body that publishes half a list by
    mistake must not empty calendars. ``advance`` is told how many rows are done, as they are.
    """
    found = compared(session, source=source, rows=rows)
    advance(found.same)
    for some in _chunks(found.new):
        _make(session, source, some, now)
        advance(len(some))
    for each in found.changed:
        _change(session, each, now)
        advance(1)
    if found.new or found.changed:
        record(
            session,
            at=now,
            actor=actor,
            action="meetings.imported",
            subject="listed_meeting",
            detail={"source": source, "made": len(found.new), "changed": len(found.changed)},
        )
    return found


def _make(session: Database, source: str, rows: Sequence[MeetingRow], now: datetime) -> None:
    ids = listing.make_listed(session, plans=[plan_of(row, now=now) for row in rows], now=now)
    meetings = [
        {"series_id": series_id, "source": source, "source_key": row.key, **_described(row, now)}
        for series_id, row in zip(ids, rows, strict=True)
    ]
    session.execute(insert(ListedMeeting), meetings)


def _change(session: Database, changed: Changed, now: datetime) -> None:
    """Another hour may make another series of it (a split), which then is the listed one."""
    plan = plan_of(changed.row, now=now)
    series_id = listing.change_listed(session, series_id=changed.series_id, plan=plan, now=now)
    session.execute(
        update(ListedMeeting)
        .where(ListedMeeting.series_id == changed.series_id)
        .values(series_id=series_id, **_described(changed.row, now))
    )


def _described(row: MeetingRow, now: datetime) -> dict[str, object]:
    return {
        "row_hash": fingerprint(row),
        "fellowship": row.fellowship,
        "types": [*row.types, *row.other_types],
        "place": row.place,
        "address": row.address,
        "region": row.region,
        "place_notes": row.place_notes,
        "notes": row.notes,
        "online_link": row.online_link,
        "online_phone": row.online_phone,
        "end_assumed": row.end_assumed,
        "imported_at": now,
    }


def _chunks(rows: Iterable[MeetingRow]) -> Iterator[list[MeetingRow]]:
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        yield some
