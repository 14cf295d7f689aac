"""A center that plans 26 weeks ahead, written straight into the tables; ``scale`` makes all of it larger.

At scale 1: 600 weekly series in 60 rooms at 6 sites, 15,600 occurrences, 150 facilitators, 2,000 members with
15,700 enrollments. Its weeks are nearly free of collisions, as a planned center's are: rooms and people are
taken twice only where `_PLANTED` and `_MEMBERS_TWICE` say so.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert, update
from sqlalchemy.orm import Session as Database

from benchmarks.crowd import NOW, make_members
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import KeptApart, PersonRole
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.models import Room, Site
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.dates import HORIZON, Meeting, horizon_of, meeting_at
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.models import Hold, Stay
from scheduler.domain.stays.reasons import Places

ZONE: Final = ZoneInfo("America/New_York")
MONDAY: Final = date(2026, 7, 20)
"""The first planned week; `NOW` is in the week before."""
WEEKS: Final = HORIZON.days // 7
SERIES, ROOMS, FACILITATORS, MEMBERS, ENROLLMENTS = 600, 60, 150, 2_000, 15_700
_PLANTED: Final = 6
"""So many series, at scale 1, share their room with another, and as many their facilitator."""
_MEMBERS_TWICE: Final = 40
"""So many enrollments, at scale 1, collide with another of the same member."""
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KINDS = (Kind.GROUP, Kind.GROUP, Kind.INDIVIDUAL, Kind.SKILLS, Kind.FAMILY, Kind.OTHER)


@dataclass(frozen=True, slots=True)
class Center:
    """What was made, by ids. ``series`` are in order; each has the room and the facilitator at its place."""

    coordinator: Actor
    sites: tuple[int, ...]
    rooms: tuple[int, ...]
    facilitators: tuple[int, ...]
    members: tuple[int, ...]
    series: tuple[int, ...]
    weekly: tuple["Weekly", ...]


@dataclass(frozen=True, slots=True)
class Weekly:
    """One series: minutes of the week from Monday 0:00; its room and its facilitator by number from 0."""

    begins: int
    ends: int
    room: int
    leads: int
    is_taken: bool = False
    """It shares its room, or the one who leads it, with an earlier series."""

    def shares_time_with(self, other: "Weekly") -> bool:
        return self.begins < other.ends and other.begins < self.ends

    def meets(self, week: int) -> Meeting:
        """Its date in a week, counted from `MONDAY`."""
        start = datetime.combine(MONDAY, datetime.min.time()) + timedelta(weeks=week, minutes=self.begins)
        return meeting_at(start, self.ends - self.begins, ZONE)


def make_planning_center(engine: Engine, scale: int = 1) -> Center:
    """Fill a migrated, empty database. The same every time for one scale. Seconds of work, not measured."""
    random = Random(90 + scale)
    members = range(1, MEMBERS * scale + 1)
    staff = range(members.stop, members.stop + FACILITATORS * scale + 1)
    make_members(engine, len(members) + len(staff))
    with Database(engine) as session, session.begin():
        _give_roles(session, staff)
        sites = _ids(session, Site, (_site(number) for number in range(6 * scale)))
        rooms = _ids(session, Room, (_room(number, sites) for number in range(ROOMS * scale)))
        weekly = _week(random, scale)
        series = _ids(session, Series, (_series(number, each, rooms) for number, each in enumerate(weekly)))
        _plan(session, series, weekly, rooms, staff[1:])
        _enroll(session, random, series, weekly, members, scale)
        _hold_and_keep_apart(session, random, members, scale)
    coordinator = Actor(staff[0], None, frozenset({Role.COORDINATOR}))
    return Center(coordinator, sites, rooms, tuple(staff[1:]), tuple(members), series, weekly)


def _ids(session: Database, table: type[Any], rows: Iterable[dict[str, object]]) -> tuple[int, ...]:
    query = insert(table).returning(table.id, sort_by_parameter_order=True)
    return tuple(session.scalars(query, list(rows)))


def _give_roles(session: Database, staff: range) -> None:
    for role, who in ((Role.COORDINATOR, staff[:1]), (Role.FACILITATOR, staff[1:])):
        rows = PersonRole.person_id.between(who[0], who[-1])
        session.execute(update(PersonRole).where(rows).values(role=role))


def _site(number: int) -> dict[str, object]:
    return {"name": f"Site {number + 1}", "timezone": ZONE.key, "changed_at": NOW}


def _room(number: int, sites: Sequence[int]) -> dict[str, object]:
    site = sites[number % len(sites)]
    return {"name": f"Room {number + 1}", "site_id": site, "capacity": 8 + number % 25, "changed_at": NOW}


def _week(random: Random, scale: int) -> tuple[Weekly, ...]:
    """The series of a week; those of `_PLANTED` take the hour of another in its room, or of its lead."""
    made: list[Weekly] = []
    in_room: defaultdict[int, list[Weekly]] = defaultdict(list)
    leading: defaultdict[int, list[Weekly]] = defaultdict(list)
    free = (SERIES - 2 * _PLANTED) * scale
    for number in range(free):
        room = number % (ROOMS * scale)
        while True:
            begins = random.randrange(7) * 1440 + random.randrange(8 * 60, 20 * 60, 15)
            leads = random.randrange(FACILITATORS * scale)
            each = Weekly(begins, begins + random.choice((45, 60, 60, 90)), room, leads)
            if not any(map(each.shares_time_with, (*in_room[room], *leading[leads]))):
                break
        made.append(each)
        in_room[room].append(each)
        leading[leads].append(each)
    for number in range(2 * _PLANTED * scale):
        made.append(_planted(made[number], number, in_room, leading))
    return tuple(made)


def _planted(
    other: Weekly, number: int, in_room: dict[int, list[Weekly]], leading: dict[int, list[Weekly]]
) -> Weekly:
    """At the same hour as another series: in its room, or led by the same person, in turns."""

    def is_free(standing: Iterable[Weekly]) -> bool:
        return not any(map(other.shares_time_with, standing))

    room = next(each for each, standing in in_room.items() if is_free(standing))
    leads = next(each for each, standing in leading.items() if is_free(standing))
    room, leads = (other.room, leads) if number % 2 else (room, other.leads)
    each = Weekly(other.begins, other.ends, room, leads, is_taken=True)
    in_room[room].append(each)
    leading[leads].append(each)
    return each


def _series(number: int, each: Weekly, rooms: Sequence[int]) -> dict[str, object]:
    kind = _KINDS[number % len(_KINDS)]
    return {
        "kind": kind.value,
        "title": f"{kind.value.capitalize()} {number + 1}",
        "first_start": each.meets(0).local_start,
        "duration": each.ends - each.begins,
        "timezone": ZONE.key,
        "rule": f"FREQ=WEEKLY;BYDAY={_DAYS[each.begins // 1440]}",
        "room_id": rooms[each.room],
        "capacity": 40,
        "counting": "minutes",
        "lineage_id": number + 1,
        "made_until": horizon_of(NOW, ZONE),
        "changed_at": NOW,
    }


def _plan(
    session: Database,
    series: Sequence[int],
    weekly: Sequence[Weekly],
    rooms: Sequence[int],
    facilitators: Sequence[int],
) -> None:
    """The occurrences, a post for each series, and their duties."""
    posts = _ids(
        session,
        Post,
        (
            _term(series_id, facilitators[each.leads], MONDAY, None)
            | {"uid": f"post-{series_id}", "position": Position.LEAD.value}
            for series_id, each in zip(series, weekly, strict=True)
        ),
    )
    dates = [(place, each, each.meets(week)) for week in range(WEEKS) for place, each in enumerate(weekly)]
    occurrences = _ids(
        session,
        Occurrence,
        (
            _occurrence(series[place], rooms[each.room], meeting, is_exclusive=not each.is_taken)
            for place, each, meeting in dates
        ),
    )
    session.execute(
        insert(Duty),
        [
            {
                "occurrence_id": occurrence,
                "post_id": posts[place],
                "person_id": facilitators[each.leads],
                "position": Position.LEAD.value,
                "starts_at": meeting.starts_at,
                "ends_at": meeting.ends_at,
                "booked": True,
                "exclusive": not each.is_taken,
                "uid": f"duty-{occurrence}",
                "changed_at": NOW,
            }
            for occurrence, (place, each, meeting) in zip(occurrences, dates, strict=True)
        ],
    )


def _occurrence(series_id: int, room_id: int, meeting: Meeting, *, is_exclusive: bool) -> dict[str, object]:
    return {
        "series_id": series_id,
        "original_start": meeting.local_start,
        "local_start": meeting.local_start,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "room_id": room_id,
        "exclusive": is_exclusive,
        "changed_at": NOW,
    }


def _term(series_id: int, person_id: int, first: date, last: date | None) -> dict[str, object]:
    return {
        "series_id": series_id,
        "person_id": person_id,
        "from_date": first,
        "until_date": last,
        "changed_at": NOW,
    }


def _enroll(
    session: Database,
    random: Random,
    series: Sequence[int],
    weekly: Sequence[Weekly],
    members: Sequence[int],
    scale: int,
) -> None:
    """Everybody into several series at hours of their own; one in six comes later, one in six leaves."""
    belongs: defaultdict[int, list[Weekly]] = defaultdict(list)
    rows: list[dict[str, object]] = []
    twice = _MEMBERS_TWICE * scale
    for number in count():
        if len(rows) == ENROLLMENTS * scale:
            break
        member = members[number % len(members)]
        place = random.randrange(len(series))
        if any(map(weekly[place].shares_time_with, belongs[member])):
            if not twice or weekly[place] in belongs[member]:
                continue
            twice -= 1
        belongs[member].append(weekly[place])
        row = _term(series[place], member, *_dates(random))
        rows.append(row | {"uid": f"enrollment-{len(rows)}"})
    session.execute(insert(Enrollment), rows)


def _dates(random: Random) -> tuple[date, date | None]:
    turn = MONDAY + timedelta(days=random.randrange(WEEKS * 7))
    return random.choice(
        ((turn, None), (MONDAY - timedelta(weeks=8), turn), *4 * ((MONDAY - timedelta(weeks=8), None),))
    )


def _hold_and_keep_apart(session: Database, random: Random, members: Sequence[int], scale: int) -> None:
    """One member in forty is on a hold of three weeks; some pairs must not meet."""
    stay = {"admitted_on": MONDAY - timedelta(weeks=9), "changed_at": NOW}
    stays = _ids(session, Stay, ({"person_id": member, **stay} for member in members))
    held = [
        {
            "stay_id": stays[place],
            "person_id": members[place],
            "from_date": (begins := MONDAY + timedelta(weeks=random.randrange(WEEKS))),
            "until_date": begins + timedelta(days=20),
            "places": Places.KEPT.value,
            "made_at": NOW,
        }
        for place in range(0, len(members), 40)
    ]
    session.execute(insert(Hold), held)
    pairs = [random.sample(members, 2) for _ in range(20 * scale)]
    both = {pair for one, two in pairs for pair in ((one, two), (two, one))}
    session.execute(
        insert(KeptApart), [{"person_id": one, "other_id": two, "made_at": NOW} for one, two in sorted(both)]
    )
