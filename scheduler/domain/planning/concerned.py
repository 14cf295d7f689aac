"""What a change takes hold of, whom it concerns, and its trace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Executable, bindparam, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import members_of
from scheduler.domain.places.models import Room
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.queries import facilitators_of
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.store.asking import scalars, some_at_once
from scheduler.store.locks import lock, locks_rows

CHANGED = "Somebody changed this in the meantime."
_SERIES: Final = select(Series).where(Series.id == bindparam("id")).execution_options(populate_existing=True)
_OCCURRENCE: Final = (
    select(Occurrence).where(Occurrence.id == bindparam("id")).execution_options(populate_existing=True)
)
_WITH_SERIES: Final = (
    select(Series, Occurrence)
    .join(Occurrence, Occurrence.series_id == Series.id)
    .where(Series.listed.is_(False), Occurrence.id == bindparam("occurrence"))
    .execution_options(populate_existing=True)
)
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_ROOM: Final = select(Room).where(Room.id == bindparam("id")).execution_options(populate_existing=True)


def hold_series(
    session: Database,
    series_id: int,
    *,
    rooms: Collection[int] = (),
    persons: Collection[int] = (),
    listed: bool = False,
) -> Series:
    """Lock a series with all that its occurrences hold, and what else is wanted; answer it as it now stands.

    Who leads and where is read before the lock, and again after it. Raises NotFound, and Conflict where
    somebody changed that in between.
    """
    hold_all(session, [series_id], rooms=rooms, persons=persons)
    series = load_series(session, series_id)
    if series.listed is not listed:
        raise NotFound("There is no such series.")  # no center runs a listed one, so nobody plans it
    return series


def hold_occurrence(
    session: Database, occurrence_id: int, *, rooms: Collection[int] = (), persons: Collection[int] = ()
) -> tuple[Series, Occurrence]:
    """The same for the series of one occurrence; answer both as they now stand.

    Raises NotFound, and Conflict where somebody changed who leads, where, or which series it belongs to.
    """
    held = series_of(session, occurrence_id) if locks_rows(session) else None
    if held is not None:
        hold_all(session, [held], rooms=rooms, persons=persons)
    found = session.execute(_WITH_SERIES, {"occurrence": occurrence_id}).first()
    if found is None:
        raise NotFound("There is no such session.")
    series, occurrence = found
    if held not in {None, series.id}:
        raise Conflict(CHANGED)
    return series, occurrence


def hold_all(
    session: Database,
    series_ids: Collection[int],
    *,
    sites: Collection[int] = (),
    rooms: Collection[int] = (),
    persons: Collection[int] = (),
) -> None:
    """Lock several series with all that their occurrences hold, and what else is wanted. Raises Conflict."""
    if not locks_rows(session):
        return
    held_rooms = rooms_of(session, *series_ids) | set(rooms)
    held_persons = leaders_of(session, *series_ids) | set(persons)
    lock(session, sites=sites, rooms=held_rooms, persons=held_persons, series=series_ids)
    if not rooms_of(session, *series_ids) <= held_rooms:
        raise Conflict(CHANGED)
    if not leaders_of(session, *series_ids) <= held_persons:
        raise Conflict(CHANGED)


def load_series(session: Database, series_id: int) -> Series:
    """The series, read anew. Raises NotFound."""
    series = session.scalars(_SERIES, {"id": series_id}).one_or_none()
    if series is None:
        raise NotFound("There is no such series.")
    return series


def load_occurrence(session: Database, occurrence_id: int) -> Occurrence:
    """The occurrence, read anew. Raises NotFound."""
    occurrence = session.scalars(_OCCURRENCE, {"id": occurrence_id}).one_or_none()
    if occurrence is None:
        raise NotFound("There is no such session.")
    return occurrence


def occurrences_in(session: Database, series_id: int) -> Sequence[Occurrence]:
    """All occurrences of a series by original start, read anew."""
    query = select(Occurrence).where(Occurrence.series_id == series_id)
    ordered = query.order_by(Occurrence.original_start).execution_options(populate_existing=True)
    return session.scalars(ordered).all()


def load_room(session: Database, room_id: int | None) -> Room | None:
    """The room, read anew; none for none. Raises Invalid on `room_id` for one that does not exist."""
    with session.no_autoflush:  # what is being planned is written once it is whole
        room = None if room_id is None else session.scalars(_ROOM, {"id": room_id}).one_or_none()
    if room is None and room_id is not None:
        raise Invalid("Choose one of the rooms.", field="room_id")
    return room


_SERIES_OF: Final = (
    select(Series.id)
    .join(Occurrence, Occurrence.series_id == Series.id)
    .where(Series.listed.is_(False), Occurrence.id == bindparam("occurrence"))
)


def series_of(session: Database, occurrence_id: int) -> int:
    """The series of a planned occurrence, read without keeping it. Raises NotFound."""
    for found in scalars(session, _SERIES_OF, {"occurrence": occurrence_id}):
        return int(found)
    raise NotFound("There is no such session.")


def require_to_come(occurrence: Occurrence, *, now: datetime) -> None:
    """Raises Refused once it has begun: what is past never changes."""
    if occurrence.starts_at <= now:
        raise Refused("This session has begun. What is past stays as it was.")


def persons_of(session: Database, occurrences: Collection[int]) -> set[int]:
    """Whose calendars show these occurrences: members on that date, who leads, and whom they cover for."""
    return members_of(session, occurrences) | facilitators_of(session, occurrences)


def persons_of_series(session: Database, *series_ids: int) -> set[int]:
    """Whose calendars show anything of these series."""
    members = select(Enrollment.person_id).where(Enrollment.series_id.in_(_IDS))
    return _of_all(session, members, series_ids) | leaders_of(session, *series_ids)


def rooms_of(session: Database, *series_ids: int) -> set[int]:
    """The rooms that occurrences of these series are held in. One statement."""
    query = select(Occurrence.room_id).where(Occurrence.series_id.in_(_IDS)).distinct()
    return {room for room in _of_all(session, query, series_ids) if room is not None}


def leaders_of(session: Database, *series_ids: int) -> set[int]:
    """Who holds a post in these series, or leads one of their occurrences. One statement."""
    duties = select(Duty.person_id).join(Occurrence, Occurrence.id == Duty.occurrence_id)
    posts = select(Post.person_id).where(Post.series_id.in_(_IDS))
    query = duties.where(Occurrence.series_id.in_(_IDS)).union(posts)
    return _of_all(session, query, series_ids)


def _of_all(session: Database, query: Executable, series_ids: Collection[int]) -> set[Any]:
    """What is found for these series, with one statement for as many as it takes."""
    return {found for some in some_at_once(series_ids) for found in scalars(session, query, {"ids": some})}
