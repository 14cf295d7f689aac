"""What somebody whose role is limited to sites may find: conditions for lists, and one look per address.

Somebody without a limit costs no statement: every condition is none, and everything is held.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.finding import Sight
from scheduler.domain.people.models import PersonRole, RoleSite
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.models import Room, Site
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.models import Closure, Occurrence, Series
from scheduler.domain.stays.models import Hold, Stay
from scheduler.domain.stays.policy import latest_stay, not_private, private_members
from scheduler.errors import NotFound

Condition = ColumnElement[bool]


class Kind(StrEnum):
    """What an id in an address or a form names."""

    SITE = "site"
    ROOM = "room"
    SERIES = "series"
    OCCURRENCE = "occurrence"
    POST = "post"
    DUTY = "duty"
    ENROLLMENT = "enrollment"
    PERSON = "person"
    STAY = "stay"
    HOLD = "hold"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Reach:
    """What ``viewer`` may find by a role for these ``sites`` (none: for all) on a date.

    A series belongs to the site of its room, an occurrence to that of its own room or of its series; what
    has no room, or an online one, is in everybody's reach. A member belongs to the site of their latest stay
    and to those where they are enrolled; one without either, to all. Somebody who works here belongs to the
    sites that their roles are for.
    """

    viewer: Actor
    sites: frozenset[int] | None
    on: date

    def of_sites(self) -> Condition | None:
        """On Site."""
        return None if self.sites is None else Site.id.in_(self.sites)

    def of_rooms(self) -> Condition | None:
        """On Room."""
        return None if self.sites is None else _here(Room.site_id, self.sites)

    def of_series(self) -> Condition | None:
        """On Series."""
        return None if self.sites is None else _series(self.sites)

    def of_occurrences(self) -> Condition | None:
        """On Occurrence, wherever its Series is not in the query."""
        return None if self.sites is None else occurrences_at(self.sites)

    def of_closures(self) -> Condition | None:
        """On Closure."""
        return None if self.sites is None else _closures(self.sites)

    def of_people(self) -> Sight:
        """Who may be found, and of whom not that they are members: see ``stays.policy``."""
        among = None if self.sites is None else _persons(self, self.sites)
        return Sight(among, private_members(self.viewer))

    def holds(self, session: Database, kind: Kind, number: int) -> bool:
        """Whether this may be found; false as well where there is no such thing. One statement, or none."""
        if self.sites is None:
            return True
        return session.scalar(_LOOKS[kind](self, self.sites).where(_IDS[kind] == number)) is not None


def require_within(
    session: Database,
    actor: Actor,
    *,
    series: Collection[int],
    occurrences: Collection[int],
    rooms: Collection[int] = (),
    on: date,
) -> None:
    """Raises NotFound where one of these is out of a coordinator's reach. Three statements, or none."""
    reach = Reach(actor, actor.sites_as(Role.COORDINATOR), on)
    wanted: tuple[tuple[Any, Collection[int], Condition | None], ...] = (
        (Series.id, series, reach.of_series()),
        (Occurrence.id, occurrences, reach.of_occurrences()),
        (Room.id, rooms, reach.of_rooms()),
    )
    for column, numbers, within in wanted:
        if within is None or not numbers:
            continue
        if session.scalar(select(column).where(column.in_(numbers), ~within).limit(1)) is not None:
            raise NotFound("There is no such session.")


def _here(site: Any, sites: frozenset[int]) -> Condition:
    return or_(site.is_(None), site.in_(sites))


def _rooms(sites: frozenset[int]) -> Select[int]:
    return select(Room.id).where(_here(Room.site_id, sites))


def _series(sites: frozenset[int]) -> Condition:
    return or_(Series.room_id.is_(None), Series.room_id.in_(_rooms(sites)))


def occurrences_at(sites: frozenset[int]) -> Condition:
    """The condition that an Occurrence belongs to one of these sites, or to all."""
    of_series = Occurrence.series_id.in_(select(Series.id).where(_series(sites)))
    return or_(Occurrence.room_id.in_(_rooms(sites)), of_series)


def _closures(sites: frozenset[int]) -> Condition:
    return or_(Closure.site_id.in_(sites), Closure.room_id.in_(_rooms(sites)))


def _persons(reach: Reach, sites: frozenset[int]) -> Select[int]:
    return select(PersonRole.person_id).where(or_(_works_here(sites), _is_member_here(reach, sites)))


def _works_here(sites: frozenset[int]) -> Condition:
    limits = exists().where(RoleSite.person_id == PersonRole.person_id, RoleSite.role == PersonRole.role)
    here = limits.where(RoleSite.site_id.in_(sites))
    is_open = ~limits.correlate(PersonRole)
    return (PersonRole.role != Role.MEMBER.value) & or_(is_open, here.correlate(PersonRole))


def _is_member_here(reach: Reach, sites: frozenset[int]) -> Condition:
    member = PersonRole.person_id
    stays = exists().where(latest_stay(member))
    stays_here = stays.where(_here(Stay.site_id, sites)).correlate(PersonRole)
    # A listed meeting of one's own choice is nobody's business, and makes nobody belong anywhere.
    enrolled = (
        exists()
        .where(Enrollment.person_id == member, Series.id == Enrollment.series_id, Series.listed.is_(False))
        .where(or_(Enrollment.until_date.is_(None), Enrollment.until_date >= reach.on))
    )
    at_home = enrolled.where(Room.id == Series.room_id, Room.site_id.in_(sites)).correlate(PersonRole)
    nowhere = ~stays.correlate(PersonRole) & ~enrolled.correlate(PersonRole)
    condition: Condition = (PersonRole.role == Role.MEMBER.value) & or_(stays_here, at_home, nowhere)
    business = not_private(reach.viewer, member)
    return condition if business is None else condition & business


def _look(column: Any, condition: Callable[[frozenset[int]], Condition]) -> Callable[..., Select[int]]:
    return lambda _reach, sites: select(column).where(condition(sites))


def _stays(reach: Reach, sites: frozenset[int]) -> Select[int]:
    of_theirs = Stay.site_id.is_(None) & Stay.person_id.in_(_persons(reach, sites))
    query = select(Stay.id).where(or_(Stay.site_id.in_(sites), of_theirs))
    business = not_private(reach.viewer, Stay.person_id)
    return query if business is None else query.where(business)


_IDS: Final[dict[Kind, Any]] = {
    Kind.SITE: Site.id,
    Kind.ROOM: Room.id,
    Kind.SERIES: Series.id,
    Kind.OCCURRENCE: Occurrence.id,
    Kind.POST: Post.id,
    Kind.DUTY: Duty.id,
    Kind.ENROLLMENT: Enrollment.id,
    Kind.PERSON: PersonRole.person_id,
    Kind.STAY: Stay.id,
    Kind.HOLD: Hold.id,
    Kind.CLOSURE: Closure.id,
}
_LOOKS: Final[dict[Kind, Callable[[Reach, frozenset[int]], Select[int]]]] = {
    Kind.SITE: _look(Site.id, Site.id.in_),
    Kind.ROOM: _look(Room.id, lambda sites: _here(Room.site_id, sites)),
    Kind.SERIES: _look(Series.id, _series),
    Kind.OCCURRENCE: _look(Occurrence.id, occurrences_at),
    Kind.POST: lambda _reach, sites: (
        select(Post.id).join(Series, Series.id == Post.series_id).where(_series(sites))
    ),
    Kind.DUTY: lambda _reach, sites: (
        select(Duty.id).join(Occurrence, Occurrence.id == Duty.occurrence_id).where(occurrences_at(sites))
    ),
    Kind.ENROLLMENT: lambda _reach, sites: (
        select(Enrollment.id).join(Series, Series.id == Enrollment.series_id).where(_series(sites))
    ),
    Kind.PERSON: _persons,
    Kind.STAY: _stays,
    Kind.CLOSURE: _look(Closure.id, _closures),
    Kind.HOLD: lambda reach, sites: select(Hold.id).where(Hold.stay_id.in_(_stays(reach, sites))),
}
