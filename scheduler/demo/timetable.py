"""The sessions of the center's week, as plain values.

Days are 0 for Monday. Four of them turn with the day on which the demonstration is made, so that its
member has a session today and a week with something moved and something cancelled in it, and its
facilitator leads today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time

from scheduler.demo.places import Place
from scheduler.domain.schedule.counts import NO_LIMITS, Counts
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.recurrence import Frequency, OrdinalWeekday, Rule

DAY = 24 * 60
WEEK = 7 * DAY
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OPEN_TO_ALL = "Morning check-in"
PAYER = Counts(least_people=2, most_people=12, least_minutes=60)
"""What counts of the evening groups; most of what counts of the one below is less than are enrolled in it."""
CROWDED = Counts(least_people=2, most_people=10, least_minutes=60)
DANA = 0
"""The number of the demonstration's facilitator among the 25."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A series to be made. ``leads`` are numbers of facilitators, the first of them leading.

    ``seats`` is how many members it should have at a time (0: nobody by name), ``capacity`` how many it may.
    """

    title: str
    kind: Kind
    place: Place
    rule: Rule
    starts: time
    minutes: int
    leads: tuple[int, ...]
    seats: int = 0
    capacity: int | None = None
    counting: Counting = Counting.MINUTES
    discreet: str = "Appointment"
    fellowship: str | None = None
    check_in: bool = False
    counts: Counts = NO_LIMITS

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The days of the week on which it may meet, whatever the week."""
        if self.rule.frequency is Frequency.DAILY:
            return tuple(range(7))
        return self.rule.weekdays or tuple(day.weekday for day in self.rule.ordinal_weekdays)

    def spans(self) -> Iterator[tuple[int, int]]:
        """Its minutes of the week from Monday 0:00, one span a day; what passes Sunday midnight comes
        around.
        """
        for day in self.weekdays:
            begins = day * DAY + self.starts.hour * 60 + self.starts.minute
            ends = begins + self.minutes
            yield begins, min(ends, WEEK)
            if ends > WEEK:
                yield 0, ends - WEEK


def overlap(one: Planned, other: Planned) -> bool:
    """Could the two ever meet at the same time?"""
    return any(a < d and c < b for a, b in one.spans() for c, d in other.spans())


def weekly(*weekdays: int, interval: int = 1) -> Rule:
    """Every week, or every nth, on these days."""
    return Rule(Frequency.WEEKLY, interval=interval, weekdays=weekdays)


def sessions(today: int) -> tuple[Planned, ...]:
    """Everything but the one-to-one talks. ``today`` is the weekday on which the demonstration is made."""
    return (*_groups(today), *_skills(today), *_family(today), *_others())


def _groups(today: int) -> Iterator[Planned]:
    for day, (name, seats) in enumerate(zip(DAY_NAMES, (10, 11, 8, 12, 7, 9, 6), strict=True)):
        place = (Place.SUN_ROOM, Place.ONLINE_B, Place.ELM_2)[day % 3]
        place, lead = (Place.ONLINE_B, DANA) if day == today else (place, day + 1)
        evening = _group(f"{name} evening group", place, weekly(day), time(19), 90, seats, lead)
        yield replace(evening, check_in=True, counts=PAYER)
    crowded = _group("Relapse prevention", Place.ELM_2, weekly(2), time(13), 90, 11, DANA, 8)
    yield replace(crowded, counts=CROWDED)
    yield _group("Morning group", Place.ELM_2, weekly(0, 3), time(10), 90, 12, 9, 10)
    yield _group("Second-year group", Place.SUN_ROOM, weekly(1), time(17, 15), 90, 8, 11)
    yield _group("Parents’ circle", Place.ELM_2, weekly(0, interval=2), time(17, 30), 75, 7, 13)
    second_friday = Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(2, 4),))
    yield _group("Staying in touch", Place.HALL, second_friday, time(20), 90, 11, 14, 12)
    # These two meet while the clocks change: one runs across the hour that spring skips, the other begins
    # in the hour that autumn has twice.
    yield _group("Late shift group", Place.ONLINE_B, weekly(5), time(23, 30), 180, 6, 15)
    yield _group("Bakers’ hour", Place.ONLINE_A, weekly(6), time(1, 30), 60, 5, 16)


def _group(
    title: str, place: Place, rule: Rule, starts: time, minutes: int, seats: int, *leads: int
) -> Planned:
    return Planned(title, Kind.GROUP, place, rule, starts, minutes, leads, seats, 12)


def _skills(today: int) -> Iterator[Planned]:
    turning = weekly((today + 2) % 7)
    for title, place, rule, starts, minutes, lead in (
        ("Job skills", Place.HARBOR_1, turning, time(17), 60, 17),
        ("Cooking for one", Place.KITCHEN, weekly(1), time(14), 90, 18),
        ("Money and forms", Place.HARBOR_1, weekly(3), time(13), 60, 17),
    ):
        yield Planned(title, Kind.SKILLS, place, rule, starts, minutes, (lead,), 8, 10, Counting.NAMES)


def _family(today: int) -> Iterator[Planned]:
    turning = weekly((today + 3) % 7)
    yield Planned(
        "Family evening", Kind.FAMILY, Place.HALL, turning, time(18), 90, (19, 20), 12, 20, Counting.NAMES
    )
    yield Planned(
        "Family hour", Kind.FAMILY, Place.SUN_ROOM, weekly(5), time(11), 60, (20,), 6, 12, Counting.NAMES
    )


def _others() -> Iterator[Planned]:
    daily = Rule(Frequency.DAILY)
    first_tuesday = Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(1, 1),))
    names, heads = Counting.NAMES, Counting.HEADS
    yield Planned(OPEN_TO_ALL, Kind.OTHER, Place.ONLINE_A, daily, time(8, 30), 20, (DANA,), 14, None, names)
    yield Planned(
        "Medication visits",
        Kind.MEDICATION,
        Place.MILL_3,
        weekly(0, 2, 4),
        time(7, 30),
        60,
        (21,),
        20,
        30,
        names,
    )
    yield Planned(
        "Monthly visit", Kind.MEDICATION, Place.MILL_3, first_tuesday, time(7, 30), 120, (21,), 14, 24, names
    )
    yield Planned("First talks", Kind.ASSESSMENT, Place.HALL, weekly(4), time(9), 60, (22,), 3, 6, names)
    yield Planned(
        "Noon meeting",
        Kind.MUTUAL_HELP,
        Place.HARBOR_1,
        weekly(2, 6),
        time(12),
        60,
        (23,),
        counting=heads,
        discreet="Meeting",
        fellowship="NA",
    )
