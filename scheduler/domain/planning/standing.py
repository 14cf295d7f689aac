"""What stands already when an occurrence is made or placed anew: causes that are for many at once.

Whatever makes an occurrence, or puts one where it was not before, calls `stand` once it is there: it may be
in a place that is closed then. Verbs that do so lock `spare_rooms` with all else that they hold.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Database


@dataclass(frozen=True, slots=True)
class Stood:
    """Those of the occurrences that do not take place by what stands, and those that were put elsewhere."""

    stopped: frozenset[int] = frozenset()
    moved: frozenset[int] = frozenset()

    @property
    def concerned(self) -> frozenset[int]:
        return self.stopped | self.moved


def spare_rooms(session: Database, *, beside: int | None = None, now: datetime) -> frozenset[int]:  # noqa: ARG001 -- closures will ask
    """The rooms into which closures that stand may put what is placed in a closed one; mostly none.

    `beside`: and this one, where a room is wanted. One statement.
    """
    return frozenset() if beside is None else frozenset((beside,))


def stand(session: Database, occurrences: Collection[int], *, now: datetime) -> Stood:  # noqa: ARG001 -- closures will ask
    """Give these occurrences the causes that stand where and when they now are. It never fails.

    They are flushed, and their series, rooms and those who lead are locked. One that has begun by `now` is
    left; so is what an occurrence has already. Calendars are the caller's to raise, for those concerned.
    """
    return Stood()
