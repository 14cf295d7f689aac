"""Which sessions can come back to where and when they were: those whose way nothing firm bars. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduler.domain.schedule.conflicts import Booking, overlaps_with


class Became(StrEnum):
    """What came of what a closure did to a session, when the closure was lifted or changed."""

    RESTORED = "restored"
    STOPPED = "stopped"
    """Something else stops it still."""
    ELSEWHERE = "elsewhere"
    """Another closure has it elsewhere."""
    TAKEN = "taken"
    """Its room, or somebody who leads, was taken in the meantime."""
    CHANGED = "changed"
    """Somebody moved it in the meantime."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A session that would come back. `wants` is what it would hold firmly, `holds` what it holds now."""

    occurrence: int
    wants: tuple[Booking, ...]
    holds: tuple[Booking, ...] = ()


def kept_out(coming: Sequence[Coming], standing: Iterable[Booking]) -> frozenset[int]:
    """Those that cannot come back: what they want is taken by what stands firmly, or by one before them.

    What does not come back stays where it is, and may be in the way of another there.
    """
    order = {each.occurrence: place for place, each in enumerate(coming)}
    others = [booking for booking in standing if booking.occurrence not in order]
    out: frozenset[int] = frozenset()
    while True:
        firm = others + [booking for each in coming if each.occurrence in out for booking in each.holds]
        wanted = [booking for each in coming if each.occurrence not in out for booking in each.wants]
        found = [overlap.occurrences for overlap in overlaps_with(wanted, firm)]
        hindered = _hindered([pair & order.keys() - out for pair in found], order)
        if not hindered:
            return out
        out |= hindered


def _hindered(sides: Sequence[frozenset[int]], order: Mapping[int, int]) -> frozenset[int]:
    """All that something firm hinders; else the first of those that only one before them does."""
    barred = frozenset(number for each in sides if len(each) == 1 for number in each)
    if barred or not sides:
        return barred
    return frozenset({min((max(each, key=order.__getitem__) for each in sides), key=order.__getitem__)})
