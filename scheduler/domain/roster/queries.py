"""Who leads what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, func, or_, select, true
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.enrollment.queries import expected_count
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room, Site
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import COUNTING, KIND, between
from scheduler.domain.schedule.queries import within as spans
from scheduler.store.asking import rows

_FACILITATORS_TAKEN: Final = select(Duty.person_id, Duty.starts_at, Duty.ends_at, Duty.occurrence_id).where(
    Duty.person_id.in_(bindparam("persons", expanding=True)),
    Duty.booked,
    spans(Duty.starts_at, Duty.ends_at),
)
_FACILITATORS_OF: Final = (
    select(Duty.person_id, Post.person_id)
    .join(Post, Post.id == Duty.post_id)
    .where(Duty.occurrence_id.in_(bindparam("occurrences", expanding=True)))
)


def facilitators_taken(
    session: Database, persons: Collection[int], begin: datetime, end: datetime
) -> list[Booking]:
    """What these persons lead between two instants, overridden or not. One statement."""
    if not persons:
        return []
    asked = {"persons": list(persons), **between(begin, end)}
    return [Booking(Holder.FACILITATOR, *row) for row in rows(session, _FACILITATORS_TAKEN, asked)]


def facilitators_of(session: Database, occurrences: Collection[int]) -> set[int]:
    """Who leads these occurrences, and whose posts their duties come from. One statement."""
    found = rows(session, _FACILITATORS_OF, {"occurrences": list(occurrences)})
    return {person for pair in found for person in pair}


def leaders_by_occurrence(session: Database, occurrences: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Who has a duty at each of these occurrences. One statement."""
    query = select(Duty.occurrence_id, Duty.person_id).where(Duty.occurrence_id.in_(occurrences))
    found: dict[int, tuple[int, ...]] = {}
    for occurrence, person in session.execute(query.order_by(Duty.id)):
        found[occurrence] = (*found.get(occurrence, ()), person)
    return found


@dataclass(frozen=True, slots=True)
class PostView:
    """`until_date` empty: open. Dates are local to the series and included."""

    id: int
    series_id: int
    title: str
    person_id: int
    short_name: str
    position: str
    from_date: date
    until_date: date | None
    revision: int


def posts_of_series(session: Database, series_id: int) -> tuple[PostView, ...]:
    """All posts of a series, by first date. One statement."""
    return _posts(session, Post.series_id == series_id)


def posts_of_person(
    session: Database,
    person_id: int,
    *,
    on: date | None = None,
    within: ColumnElement[bool] | None = None,
) -> tuple[PostView, ...]:
    """The posts of a facilitator; with `on`, only those that last until that date. One statement.

    Only in series `within` the viewer's reach.
    """
    condition = Post.person_id == person_id
    if on is not None:
        condition &= or_(Post.until_date.is_(None), Post.until_date >= on)
    if within is not None:
        condition &= within
    return _posts(session, condition)


def _posts(session: Database, condition: ColumnElement[bool]) -> tuple[PostView, ...]:
    query = (
        select(
            Post.id,
            Post.series_id,
            Series.title,
            Post.person_id,
            Identity.short_name,
            Post.position,
            Post.from_date,
            Post.until_date,
            Post.revision,
        )
        .join(Series, Series.id == Post.series_id)
        .join(Identity, Identity.person_id == Post.person_id)
        .where(condition)
        .order_by(Post.from_date, Post.id)
    )
    return tuple(PostView(*row) for row in rows(session, query))


@dataclass(frozen=True, slots=True)
class Led:
    """A duty with its occurrence, as its facilitator's pages show it.

    Local times are naive and in `timezone`. `covers_for` is the short name of whom it is taken over from, or
    empty. `expected` counts the members; `takes_place` is false where it is cancelled.
    """

    duty_id: int
    occurrence_id: int
    series_id: int
    kind: Kind
    counting: Counting
    title: str
    position: str
    covers_for: str
    original_start: datetime
    local_start: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    takes_place: bool
    room_name: str
    site_name: str
    join_link: str
    expected: int

    @property
    def is_moved(self) -> bool:
        return self.local_start != self.original_start


def duties_of_person(
    session: Database,
    person_id: int,
    begin: datetime,
    end: datetime,
    *,
    within: ColumnElement[bool] | None = None,
) -> tuple[Led, ...]:
    """What a facilitator leads between two instants, also what is cancelled, by time. One statement.

    Only what is `within` the viewer's reach.
    """
    usual = aliased(Identity)
    query = (
        select(
            Duty.id,
            Occurrence.id,
            Occurrence.series_id,
            KIND,
            COUNTING,
            Series.title,
            Duty.position,
            func.coalesce(usual.short_name, ""),
            Occurrence.original_start,
            Occurrence.local_start,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Series.timezone,
            Occurrence.booked,
            func.coalesce(Room.name, ""),
            func.coalesce(Site.name, ""),
            func.coalesce(Room.join_link, ""),
            expected_count(),
        )
        .join(Occurrence, Occurrence.id == Duty.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .join(Post, Post.id == Duty.post_id)
        .outerjoin(usual, (usual.person_id == Post.person_id) & (Post.person_id != Duty.person_id))
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .where(Duty.person_id == person_id, spans(Duty.starts_at, Duty.ends_at))
        .where(true() if within is None else within)
        .order_by(Duty.starts_at, Duty.id)
    )
    return tuple(Led(*row) for row in rows(session, query, between(begin, end)))
