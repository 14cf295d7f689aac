"""The rows of the board tell what the plan's other reads tell."""

from datetime import date, datetime, timedelta
from typing import Any

from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.queries import rooms
from scheduler.domain.planning.board import ROOM, Shown, Standing, standing_between
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.planned import Planned, double_bookings
from scheduler.domain.planning.queries import planned_between
from scheduler.domain.planning.reach import Reach
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Closure
from scheduler.domain.stays.models import Hold, Stay
from tests.domain.planning.center import FIRST, Center

WEEK = date(2026, 7, 20)


def standing(center: Center, shown: Shown | None = None, *, sites: frozenset[int] | None = None) -> Standing:
    actor = Actor(center.people.coordinator.id, None, frozenset({Role.COORDINATOR}))
    reach = Reach(actor, sites, center.now.date())
    return center.ask(
        standing_between,
        WEEK,
        14,
        reach=reach,
        shown=shown or Shown(),
        reader_zone="America/New_York",
    )


def told(planned: Planned, twice: dict[int, Any]) -> tuple[Any, ...]:
    """What a row says, taken from the other reads."""
    found = twice.get(planned.id, ())
    holder = next((one.holder for one in found), None)
    return (
        planned.id,
        planned.series_id,
        planned.revision,
        planned.local_start.isoformat(),
        planned.starts_at.timestamp(),
        planned.ends_at.timestamp(),
        planned.room_id,
        planned.takes_place,
        planned.kind.value,
        planned.title,
        planned.capacity,
        None if planned.counting is Counting.HEADS else planned.expected,
        None if planned.timezone == "America/New_York" else planned.timezone,
        [each.person_id for each in planned.leading],
        holder,
    )


def row_told(row: list[Any], people: list[int]) -> tuple[Any, ...]:
    instant = [datetime.fromisoformat(str(at)) for at in row[3:6]]
    begin, end = (at if at.tzinfo else at.replace(tzinfo=NOON.tzinfo) for at in instant[1:])
    holder = {0: None, ROOM: Holder.ROOM}.get(row[14], Holder.FACILITATOR)
    assert row[14] in (0, ROOM, *people)
    return (
        *row[:3],
        instant[0].isoformat(),
        begin.timestamp(),
        end.timestamp(),
        row[6],
        bool(row[7]),
        *row[8:13],
        list(row[13]),
        holder,
    )


NOON = datetime.fromisoformat("2026-07-15T12:00:00+00:00")


def test_every_row_says_what_the_other_reads_say(center: Center) -> None:
    people = center.people
    dana, members = people.facilitator.id, [people.member.id, people.other_member.id]
    first = center.make(leads=[dana], members=members)
    center.make(leads=[dana], title="Cooking", override="One hour only", kind=Kind.SKILLS)
    center.make(title="Hall A", room_id=center.hall)
    center.make(title="Hall B", room_id=center.hall, counting=Counting.HEADS, kind=Kind.MUTUAL_HELP)
    far = center.make(title="Far", room_id=None, timezone="Pacific/Honolulu", members=members[:1])
    center.do(cancel_occurrence, occurrence_id=far.occurrences[0], revision=1, reason="No heat")
    center.do(
        move_occurrence,
        occurrence_id=first.occurrences[1],
        revision=1,
        local_start=FIRST + timedelta(days=8, hours=-9),
        room_id=center.other_room,
        reason="Painting",
    )
    with center.sessions() as session, session.begin():
        stay = Stay(person_id=members[0], admitted_on=WEEK - timedelta(days=9), changed_at=center.now)
        session.add(stay)
        session.flush()
        # On the original date of the moved one, not where it stands now.
        day = (FIRST + timedelta(days=7)).date()
        session.add(
            Hold(
                stay_id=stay.id,
                person_id=members[0],
                from_date=day,
                until_date=day,
                places="kept",
                made_at=center.now,
            )
        )
    planned = center.ask(planned_between, WEEK, 14)
    twice = dict(double_bookings(planned))
    found = standing(center)
    assert [row_told(row, [dana]) for row in found.sessions] == [told(each, twice) for each in planned]
    assert {row[11] for row in found.sessions} == {0, 1, 2, None}
    assert {row[14] for row in found.sessions} == {0, ROOM}
    assert found.people == {dana: "Dana R."}


def test_who_leads_two_at_once_is_told_where_the_rooms_are_free(center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(leads=[dana])
    center.make(leads=[dana], room_id=center.other_room, title="Cooking", override="One hour only")
    center.make(first_start=datetime(2026, 7, 21, 20, 30), room_id=None, title="Next")
    assert [(row[9], row[14]) for row in standing(center).sessions[:3]] == [
        ("Tuesday evening group", dana),
        ("Cooking", dana),
        ("Next", 0),
    ]


def test_it_is_narrowed_to_a_site_a_kind_or_somebody_who_leads(center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(leads=[dana], title="Led")
    center.make(title="Online", room_id=None, kind=Kind.FAMILY)

    def titles(**shown: Any) -> set[str]:
        return {row[9] for row in standing(center, Shown(**shown)).sessions}

    [site] = {each.site_id for each in center.ask(rooms) if each.site_id}
    assert titles() == {"Led", "Online"}
    assert titles(site_id=site) == titles(person_id=dana) == titles(kind="group") == {"Led"}
    assert titles(kind="family") == {"Online"}
    assert titles(kind="family", person_id=dana) == titles(site_id=10_000) == set()


def test_out_of_reach_nothing_stands_and_nothing_is_closed(center: Center) -> None:
    center.make()
    center.make(title="Online", room_id=None)
    [site] = {each.site_id for each in center.ask(rooms) if each.site_id}
    with center.sessions() as session, session.begin():
        session.add(
            Closure(
                room_id=center.room,
                reason="Painting",
                local_start=datetime(2026, 7, 20, 12),
                local_end=datetime(2026, 7, 20, 16),
                timezone="America/New_York",
                starts_at=datetime.fromisoformat("2026-07-20T16:00:00+00:00"),
                ends_at=datetime.fromisoformat("2026-07-20T20:00:00+00:00"),
                made_at=center.now,
            )
        )
    here, elsewhere = standing(center, sites=frozenset({site})), standing(center, sites=frozenset({10_000}))
    assert {row[9] for row in here.sessions} == {"Tuesday evening group", "Online"}
    assert [(row[0], row[1], row[4]) for row in here.closed] == [(None, center.room, "Painting")]
    assert {row[9] for row in elsewhere.sessions} == {"Online"}
    assert elsewhere.closed == []
