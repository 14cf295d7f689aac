"""The rows of the board tell what the plan's other reads tell."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.queries import rooms
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.board import ROOM, Counts, Shown, Standing, standing_between
from scheduler.domain.planning.doubled import double_bookings, doubled_between
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.queries import planned_between
from scheduler.domain.planning.reach import Reach
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.conflicts import Booking, Holder, overlaps
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Closure, Occurrence
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.domain.stays.models import Hold, Stay
from scheduler.web.coordinator.board import board_of
from tests.domain.planning.center import FIRST, Center

WEEK = date(2026, 7, 20)


def standing(
    center: Center,
    shown: Shown | None = None,
    *,
    sites: frozenset[int] | None = None,
    most: int | None = None,
) -> Standing:
    actor = Actor(center.people.coordinator.id, None, frozenset({Role.COORDINATOR}))
    reach = Reach(actor, sites, center.now.date())
    return center.ask(
        standing_between,
        WEEK,
        14,
        reach=reach,
        shown=shown or Shown(),
        reader_zone="America/New_York",
        most=most,
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
    twice = dict(center.ask(double_bookings, planned))
    found = standing(center)
    assert [row_told(row, [dana]) for row in found.sessions] == [told(each, twice) for each in planned]
    assert {row[11] for row in found.sessions} == {0, 1, 2, None}
    assert {row[14] for row in found.sessions} == {0, ROOM}
    assert found.people == {dana: "Dana R."}
    assert (found.counts, found.more) == (board_of(WEEK, planned, twice).counts, {})


def test_of_a_month_the_first_of_each_day_stand_and_the_others_are_counted(center: Center) -> None:
    dana = center.people.facilitator.id
    for hour, title in enumerate(("One", "Two", "Three", "Four", "Five"), start=9):
        center.make(
            title=title, first_start=datetime(2026, 7, 21, hour), room_id=None, leads=[dana], minutes=50
        )
    three = [
        center.make(
            title=f"Wednesday {hour}", first_start=datetime(2026, 7, 22, hour), room_id=None, rule=SINGLE
        )
        for hour in (9, 10, 11)
    ]
    center.make(title="Beside", first_start=datetime(2026, 7, 21, 13), leads=[dana], override="One hour only")
    center.do(cancel_occurrence, occurrence_id=three[2].occurrences[0], revision=1, reason="No heat")
    whole, first = standing(center), standing(center, most=2)
    days = {each: [row for row in whole.sessions if str(row[3])[:10] == each] for each in KEPT}
    assert first.sessions == [row for day, rows in days.items() for row in rows[: KEPT[day]]]
    assert first.more == {"2026-07-21": 4, "2026-07-28": 4}
    assert first.counts == whole.counts == Counts(sessions=15, twice=4, lacking=2, cancelled=1)
    assert [row[9] for row in first.sessions[:5]] == [
        "One",
        "Two",
        "Wednesday 9",
        "Wednesday 10",
        "Wednesday 11",
    ]
    assert standing(center, Shown(kind="skills"), most=2).counts == Counts(0, 0, 0, 0)


KEPT = {"2026-07-21": 2, "2026-07-22": 3, "2026-07-28": 2}
"""A third one that is the last is shown rather than counted."""


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


def twice(found: Standing) -> dict[str, tuple[int, bool]]:
    """Who is taken twice by the first of each title, and whether only by what is out of sight."""
    return {row[9]: (row[14], row[15]) for row in reversed(found.sessions)}


def test_what_is_taken_twice_is_told_though_the_other_is_narrowed_away(center: Center) -> None:
    dana = center.people.facilitator.id
    center.make()
    center.make(title="Cooking", kind=Kind.SKILLS, override="One hour only")
    center.make(title="Family", kind=Kind.FAMILY, room_id=center.other_room, leads=[dana])
    center.make(title="Walk", kind=Kind.FAMILY, room_id=None, leads=[dana], override="A short one")
    assert twice(standing(center, Shown(kind="skills"))) == {"Cooking": (ROOM, True)}
    assert twice(standing(center, Shown(kind="group"))) == {"Tuesday evening group": (ROOM, True)}
    assert twice(standing(center, Shown(kind="family"))) == {"Family": (dana, False), "Walk": (dana, False)}
    assert twice(standing(center))["Cooking"] == (ROOM, False)
    [site] = {each.site_id for each in center.ask(rooms) if each.site_id}
    assert twice(standing(center, Shown(site_id=site)))["Family"] == (dana, True)


def test_what_is_taken_twice_over_the_edge_of_the_span_is_told(center: Center) -> None:
    """Two weeks end with Sunday, August 2."""
    center.make(title="Late", first_start=datetime(2026, 8, 2, 23), rule=SINGLE)
    center.make(title="Next day", first_start=datetime(2026, 8, 3, 0, 15), rule=SINGLE, override="A vigil")
    center.make(title="Vigil", first_start=datetime(2026, 7, 19, 23), rule=SINGLE)
    center.make(title="Early", first_start=datetime(2026, 7, 20, 0, 15), rule=SINGLE, override="A vigil")
    assert twice(standing(center)) == {"Early": (ROOM, False), "Late": (ROOM, False)}


def test_somebody_who_leads_at_another_site_is_busy_there(center: Center) -> None:
    dana = center.people.facilitator.id
    away = center.do(make_site, site=SiteDraft("Hill Road", "America/New_York"))
    center.make(leads=[dana])
    center.make(
        leads=[dana],
        title="Hill",
        room_id=center.do(make_room, room=RoomDraft("room 9", away)),
        override="They are one call",
    )
    [here] = {each.site_id for each in center.ask(rooms) if each.site_id} - {away}
    for site, title in ((here, "Tuesday evening group"), (away, "Hill")):
        assert twice(standing(center, sites=frozenset({site}))) == {title: (dana, True)}
    assert {each for each, _ in twice(standing(center)).values()} == {dana}
    assert not any(elsewhere for _, elsewhere in twice(standing(center)).values())


def test_what_is_taken_twice_is_what_overlaps_among_all_that_takes_place(center: Center) -> None:
    """A dozen series at odd hours, some cancelled, beside a sweep over every booking there is."""
    people = [center.people.facilitator.id, center.people.other_facilitator.id]
    odd = random.Random(5)  # noqa: S311 -- the same hours every time
    for number in range(12):
        made = center.make(
            title=f"Series {number}",
            first_start=FIRST + timedelta(hours=odd.randrange(-16, 16), minutes=odd.randrange(60)),
            minutes=odd.choice([20, 300, 1400]),
            room_id=odd.choice([center.room, center.other_room, center.hall, None]),
            leads=odd.sample(people, odd.randrange(3)),
            override="Kept",
        )
        for each in made.occurrences[: odd.randrange(3)]:
            center.do(cancel_occurrence, occurrence_id=each, revision=1, reason="Ill")
    expected: dict[tuple[int, Holder, int], set[int]] = {}
    for overlap in overlaps(booked(center)):
        for mine, theirs in ((overlap.first, overlap.second), (overlap.second, overlap.first)):
            expected.setdefault((mine.occurrence, mine.holder, mine.held), set()).add(theirs.occurrence)
    whole = center.ask(doubled_between, center.now, center.now + timedelta(weeks=40))
    assert whole == expected
    assert len(whole) > 100
    begin = datetime(2026, 7, 28, 12, tzinfo=UTC)
    for hours in (1, 30):
        end = begin + timedelta(hours=hours)
        found = center.ask(doubled_between, begin, end)
        numbers = {
            each.id for each in center.rows(Occurrence) if begin < each.ends_at and each.starts_at < end
        }
        assert {key: found[key] for key in expected if key[0] in numbers} == {
            key: others for key, others in expected.items() if key[0] in numbers
        }


def booked(center: Center) -> list[Booking]:
    rooms_taken = [
        Booking(Holder.ROOM, each.room_id, each.starts_at, each.ends_at, each.id)
        for each in center.rows(Occurrence, booked=True)
        if each.room_id not in (None, center.hall)
    ]
    return rooms_taken + [
        Booking(Holder.FACILITATOR, duty.person_id, duty.starts_at, duty.ends_at, duty.occurrence_id)
        for duty in center.rows(Duty, booked=True)
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
