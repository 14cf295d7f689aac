"""Weekly one-to-one talks, each in an hour in which the counselor and the room are free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import time
from itertools import cycle, product

from scheduler.demo.places import ROOMS, Place
from scheduler.demo.timetable import DANA, Planned, overlap, weekly
from scheduler.domain.schedule.kinds import Kind

COUNSELORS = (DANA, 1, 2, 3, 8, 9, 11, 13, 22, 24)
PLACES = (Place.ELM_4, Place.MILL_3, Place.ONLINE_A)
HOURS = (time(9), time(10), time(11), time(13), time(14), time(15), time(16))


def talks(
    others: Sequence[Planned], facilitators: Sequence[str], today: int, how_many: int
) -> tuple[Planned, ...]:
    """The talk of the demonstration's own member first, at 10 on the day it is made, then as many as
    there is room for.

    No two of them, nor one of them and one of the others, collide.
    """
    planned = [_talk(DANA, facilitators, Place.ELM_4, today, time(10))]
    for talk in _wanted(facilitators):
        if len(planned) == how_many:
            break
        if not any(_collide(talk, other) for other in (*others, *planned)):
            planned.append(talk)
    return tuple(planned)


def _wanted(facilitators: Sequence[str]) -> Iterator[Planned]:
    """In every hour of the week one talk for each room, with the counselors taking turns."""
    turns = cycle(COUNSELORS)
    for hour, day, place in product(HOURS, range(5), PLACES):
        yield _talk(next(turns), facilitators, place, day, hour)


def _talk(counselor: int, facilitators: Sequence[str], place: Place, day: int, hour: time) -> Planned:
    given = facilitators[counselor].split()[0]
    rule = weekly(day)
    return Planned(f"Talk with {given}", Kind.INDIVIDUAL, place, rule, hour, 50, (counselor,), 1, 1)


def _collide(one: Planned, other: Planned) -> bool:
    same_room = one.place is other.place and not ROOMS[one.place].shared
    return (same_room or _share(one.leads, other.leads)) and overlap(one, other)


def _share(one: Iterable[int], other: Iterable[int]) -> bool:
    return not set(one).isdisjoint(other)
