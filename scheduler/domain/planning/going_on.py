"""A series that was ended goes on, with the people whom its end had cut.

Their own last dates are kept for as long as the series may go on: a member who was to stay until the 30th
does not stay longer because the series was ended, and was not ended after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment import service as enrollment
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.roster import service as roster
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.recurrence import day_said
from scheduler.domain.schedule.terms import Cut
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import Refused
from scheduler.store.memory import ENDED, Memory

_ENROLLMENT: Final = "enrollment"
_POST: Final = "post"


@dataclass(frozen=True, slots=True)
class Back:
    """How many members and posts of a series go on with it."""

    members: int = 0
    posts: int = 0


NOBODY: Final = Back()


def go_on(session: Database, series: Series, *, until: date | None, now: datetime) -> Back:
    """An ended series, which is locked, ends later, or (none) not any more, and so do its people.

    Its occurrences are the caller's business, and so is whom it concerns. Raises Refused where another series
    goes on in its place by then, Invalid on `capacity` where it has fewer places by now.
    """
    _require_no_other(session, series, until)
    ended, series.ends_on = series.ends_on, until
    if ended is None:
        return NOBODY
    own = _own(session, series.id) or {}
    members = enrollment.go_on(session, series=series, own=own.get(_ENROLLMENT), ended=ended, now=now)
    posts = roster.go_on(session, series=series, own=own.get(_POST), ended=ended, now=now)
    today = local_of(now, zone_named(series.timezone)).date()
    enrollment.require_room_for_all(session, series_id=series.id, capacity=series.capacity, on=today)
    return Back(members, posts)


def keep_last_dates(
    session: Database,
    series: Series,
    *,
    was: date | None,
    members: Cut,
    posts: Cut,
    actor: Actor,
    now: datetime,
) -> None:
    """Note the last dates of those whom the end of a series cut; `was` is the end that it had before."""
    known = (_own(session, series.id) if was is not None else None) or {}
    steps: list[dict[str, object]] = []
    for table, cut in ((_ENROLLMENT, members.own), (_POST, posts.own)):
        before = known.get(table, {})
        # Who left with it before is cut a second time by an end that is earlier.
        again = {key: before[key] for key, last in cut.items() if last == was and key in before}
        own = {**before, **cut, **again}
        steps += [{"table": table, "key": key, "last": _written(last)} for key, last in own.items()]
    session.execute(delete(Memory).where(Memory.kind == ENDED, Memory.subject_id == series.id))
    session.add(Memory(subject_id=series.id, kind=ENDED, made_at=now, made_by=actor.person_id, steps=steps))
    session.flush()


def _own(session: Database, series_id: int) -> dict[str, dict[int, date | None]] | None:
    """The last dates that those had who were cut, by table and id; none where that was not kept."""
    kept = select(Memory.steps).where(Memory.kind == ENDED, Memory.subject_id == series_id)
    steps: Sequence[dict[str, Any]] | None = session.scalar(kept.order_by(Memory.id.desc()).limit(1))
    if steps is None:
        return None
    found: dict[str, dict[int, date | None]] = {_ENROLLMENT: {}, _POST: {}}
    for step in steps:
        found[step["table"]][step["key"]] = date.fromisoformat(step["last"]) if step["last"] else None
    return found


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _require_no_other(session: Database, series: Series, until: date | None) -> None:
    later = select(func.min(Series.first_start)).where(
        Series.lineage_id == series.lineage_id, Series.first_start > series.first_start
    )
    first = session.scalar(later)
    if first is not None and (until is None or first.date() <= until):
        raise Refused(f"It goes on as another series on {day_said(first.date())}. Change that one.")
