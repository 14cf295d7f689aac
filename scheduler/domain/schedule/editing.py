"""What an edit of a series comes to: in place or a split, and which occurrence takes which new date. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD, Frequency, Rule, occurrences
from scheduler.errors import Invalid

Period = Callable[[datetime], Hashable]


@dataclass(frozen=True, slots=True)
class Match:
    """By places in the two lists: which standing start takes which date, which are left, which are new."""

    taken: tuple[tuple[int, int], ...]
    left: tuple[int, ...]
    new: tuple[int, ...]


def keeps_time(old: Plan, new: Plan) -> bool:
    """Does the new plan meet when the old one does, but perhaps end on another date?"""
    open_ended = replace(old, rule=_endless(old.rule)), replace(new, rule=_endless(new.rule))
    return _timing(open_ended[0]) == _timing(open_ended[1])


def keeps_dates(old: Plan, new: Plan) -> bool:
    """Does it meet at the very same dates?"""
    return _timing(old) == _timing(new)


def week_of(start: datetime) -> date:
    """The Monday of its week."""
    return start.date() - timedelta(days=start.weekday())


def month_of(start: datetime) -> date:
    """The first of its month."""
    return start.date().replace(day=1)


def period_of(old: Rule, new: Rule) -> Callable[[datetime], date]:
    """The nth date of a week takes the nth; of a month, where both rules go by the month."""
    both = {old.frequency, new.frequency}
    return month_of if both == {Frequency.MONTHLY} else week_of


def exactly(start: datetime) -> Hashable:
    """The same date takes the same."""
    return start


def match(standing: Sequence[datetime], dates: Sequence[datetime], period: Period) -> Match:
    """Within each period the nth standing start takes the nth date; both lists are in order of time."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, day in enumerate(dates):
        places[period(day)].append(place)
    taken, left = [], []
    for place, start in enumerate(standing):
        free = places[period(start)]
        if free:
            taken.append((place, free.pop(0)))
        else:
            left.append(place)
    return Match(
        tuple(taken), tuple(left), tuple(sorted(place for free in places.values() for place in free))
    )


def continued(
    plan: Plan,
    *,
    next_start: datetime,
    met: Sequence[datetime],
    now: datetime,
    period: Callable[[datetime], date],
) -> Plan:
    """The plan of a series that goes on from an old one, instead of its occurrence at `next_start`.

    `met` are the original starts of the old one before that, and `now` is a wall time of the plan's zone. The
    new first date is the first of the period of `next_start` that is still to come, and not one that the old
    series already had: after a Monday, the second date of the week comes next. A count is of all, old and
    new. Raises Invalid on `until` where nothing is left.
    """
    used = sum(1 for start in met if period(start) == period(next_start))
    earliest = max([now.date(), *(start.date() + timedelta(days=1) for start in met)])
    anchor = datetime.combine(period(next_start), plan.first_start.time())
    endless = replace(plan.rule, count=None)
    dates = occurrences(endless, anchor, before=next_start + FURTHEST_AHEAD)
    had = [start for start in dates if period(start) == period(next_start)][:used]
    possible = [start for start in dates if start not in had and start > now and start.date() >= earliest]
    left = None if plan.rule.count is None else plan.rule.count - len(met)
    if not possible or (left is not None and left < 1):
        raise Invalid("No date is left of this.", field="until")
    return replace(plan, first_start=possible[0], rule=replace(plan.rule, count=left))


def _endless(rule: Rule) -> Rule:
    return replace(rule, until=None, count=None)


def _timing(plan: Plan) -> tuple[datetime, int, str, Rule]:
    return plan.first_start, plan.minutes, plan.timezone, plan.rule
