"""Who comes to what, from when until when: enrollments that begin and end, as plain values.

Days are counted from the Monday of the week in which the demonstration is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from scheduler.demo.timetable import OPEN_TO_ALL, Planned, overlap
from scheduler.domain.schedule.kinds import Kind

WEEKS_BACK, WEEKS_AHEAD = 26, 26
RENEE = 0
"""The number of the demonstration's member among the 180."""

# How likely a member is to be in at least one session of the kind, and in how many at most.
_WISHES = (
    (Kind.INDIVIDUAL, 0.6, 1),
    (Kind.GROUP, 1.0, 2),
    (Kind.SKILLS, 0.35, 1),
    (Kind.MEDICATION, 0.3, 1),
    (Kind.FAMILY, 0.2, 1),
    (Kind.OTHER, 0.2, 1),
    (Kind.ASSESSMENT, 0.05, 1),
)


@dataclass(frozen=True, slots=True)
class Stay:
    """A member's time at the center, in days from this Monday, both included; ``ends`` None: still open."""

    begins: int
    ends: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """A member's enrollment in a planned series, in days from this Monday, both included."""

    member: int
    series: int
    begins: int
    ends: int | None


def stays(random: Random, members: int) -> tuple[Stay, ...]:
    """Most are here now, a quarter has left, some are about to come; Renee came three months ago."""
    made = [Stay(begins=-13 * 7, ends=None)]
    while len(made) < members:
        share = len(made) / members
        if share < 0.66:
            ends = random.choice((None, None, None, random.randrange(14, 120)))
            made.append(Stay(-random.randrange(4, WEEKS_BACK * 7), ends))
        elif share < 0.94:
            begins = -random.randrange(70, (WEEKS_BACK + 2) * 7)
            made.append(Stay(begins, min(begins + random.randrange(35, 130), -random.randrange(1, 40))))
        else:
            begins = random.randrange(3, 25)
            made.append(Stay(begins, random.choice((None, begins + 84))))
    return tuple(made)


def runs(random: Random, series: Sequence[Planned], stays_of: Sequence[Stay]) -> tuple[Run, ...]:
    """Enrollments such that no series ever has more than its seats and no member is in two places at once."""
    seating = _Seating(series)
    for planned in _renees(series):
        seating.take(RENEE, planned, stays_of[RENEE])
    for member in sorted(range(1, len(stays_of)), key=lambda number: stays_of[number].begins):
        for kind, likely, most in _WISHES:
            if random.random() < likely:
                seating.take_some(random, member, kind, stays_of[member], random.randint(1, most))
        seating.take_if_none(member, stays_of[member])
    return tuple(seating.runs)


def _renees(series: Sequence[Planned]) -> Iterator[int]:
    """Her week: a talk and an evening group on the day the demonstration is made, skills and family after
    it.
    """
    talk = next(n for n, planned in enumerate(series) if planned.kind is Kind.INDIVIDUAL)
    today = series[talk].weekdays
    for number, planned in enumerate(series):
        of_today = (
            planned.kind is Kind.GROUP
            and planned.title.endswith("evening group")
            and planned.weekdays == today
        )
        if number == talk or of_today or planned.title in {"Job skills", "Family evening"}:
            yield number


class _Seating:
    """What is taken so far."""

    def __init__(self, series: Sequence[Planned]) -> None:
        self.runs: list[Run] = []
        self._series = series
        self._of_series: dict[int, list[Run]] = {number: [] for number in range(len(series))}
        self._of_member: dict[int, list[Run]] = {}

    def take_some(self, random: Random, member: int, kind: Kind, stay: Stay, how_many: int) -> None:
        """As many as wanted of the series of that kind that have a seat and fit the member's week."""
        numbers = [n for n, planned in enumerate(self._series) if planned.kind is kind and planned.seats]
        random.shuffle(numbers)
        # The fullest last: rolling groups fill evenly.
        numbers.sort(key=lambda n: len(self._during(self._of_series[n], stay)) / self._series[n].seats)
        for number in numbers:
            if how_many and self._has_seat(number, stay) and self._is_free(member, number, stay):
                self.take(member, number, stay)
                how_many -= 1

    def take_if_none(self, member: int, stay: Stay) -> None:
        """Nobody comes to nothing: who found no seat is in what takes everybody."""
        if member not in self._of_member:
            self.take(
                member,
                next(n for n, planned in enumerate(self._series) if planned.title == OPEN_TO_ALL),
                stay,
            )

    def take(self, member: int, number: int, stay: Stay) -> None:
        run = Run(member, number, stay.begins, stay.ends)
        self.runs.append(run)
        self._of_series[number].append(run)
        self._of_member.setdefault(member, []).append(run)

    def _has_seat(self, number: int, stay: Stay) -> bool:
        during = self._during(self._of_series[number], stay)
        days = [stay.begins, *(max(run.begins, stay.begins) for run in during)]
        most = max(sum(_covers(run, day) for run in during) for day in days)
        return most < self._series[number].seats

    def _is_free(self, member: int, number: int, stay: Stay) -> bool:
        others = self._during(self._of_member.get(member, []), stay)
        return not any(overlap(self._series[number], self._series[run.series]) for run in others)

    @staticmethod
    def _during(of: Iterable[Run], stay: Stay) -> list[Run]:
        return [run for run in of if _meet(run, stay)]


def _meet(one: Run | Stay, other: Run | Stay) -> bool:
    return (one.ends is None or other.begins <= one.ends) and (other.ends is None or one.begins <= other.ends)


def _covers(run: Run, day: int) -> bool:
    return run.begins <= day and (run.ends is None or day <= run.ends)
