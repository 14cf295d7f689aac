"""What an edit of a series comes to: in place or a split, and which occurrence takes which new date. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from scheduler.domain.schedule.exceptions import Standing
from scheduler.domain.schedule.plans import Plan, with_exceptions
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD, SINGLE, Frequency, Rule, occurrences
from scheduler.errors import Invalid

Period = Callable[[datetime], date]


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


def period_of(old: Rule, new: Rule) -> Period:
    """The nth date of a week takes the nth; of a month, where both rules go by the month."""
    both = {old.frequency, new.frequency}
    return month_of if both == {Frequency.MONTHLY} else week_of


def day_of(start: datetime) -> date:
    """Its date: the same date takes the same."""
    return start.date()


def match(
    standing: Sequence[datetime],
    dates: Sequence[datetime],
    period: Period,
    *,
    stale: Collection[int] = (),
    fixed: Collection[datetime] = (),
) -> Match:
    """Which standing start takes which date; both lists are in order of time.

    Within each period the nth takes the nth. Where there are fewer or more dates than starts, the same date
    takes the same before that: a day that is left out of a week takes nothing from the other days. Those
    whose places are `stale` were left over before: they take their own date again or none, and are not told
    as left. A start that is `fixed`, as an added one is, takes itself before all others.
    """
    own = {start.date(): place for place, start in enumerate(dates)}
    taken = [(place, own[standing[place].date()]) for place in stale if standing[place].date() in own]
    kept = set(fixed).intersection(dates)
    taken += [
        (place, own[start.date()])
        for place, start in enumerate(standing)
        if start in kept and place not in stale
    ]
    used = {day for _, day in taken}
    free: dict[date, list[int]] = defaultdict(list)
    for place, start in enumerate(dates):
        if place not in used:
            free[period(start)].append(place)
    wanting: dict[date, list[int]] = defaultdict(list)
    for place, start in enumerate(standing):
        if place not in stale and start not in kept:
            wanting[period(start)].append(place)
    left: list[int] = []
    for key, places in wanting.items():
        pairs, rest = _matched(places, free[key], standing, dates)
        taken += pairs
        left += rest
        free[key] = [day for day in free[key] if day not in {taken_day for _, taken_day in pairs}]
    return Match(
        taken=tuple(sorted(taken)),
        left=tuple(sorted(left)),
        new=tuple(sorted(place for places in free.values() for place in places)),
    )


def _matched(
    places: Sequence[int], days: Sequence[int], standing: Sequence[datetime], dates: Sequence[datetime]
) -> tuple[list[tuple[int, int]], list[int]]:
    """The pairs within one period, and the places that get no date."""
    same: list[tuple[int, int]] = []
    if len(places) != len(days):
        own = {dates[day].date(): day for day in days}
        same = [(place, own[standing[place].date()]) for place in places if standing[place].date() in own]
    others = [place for place in places if place not in {pair[0] for pair in same}]
    rest = [day for day in days if day not in {pair[1] for pair in same}]
    return same + list(zip(others, rest, strict=False)), others[len(rest) :]


def continued(
    plan: Plan,
    *,
    next_start: datetime,
    met: Sequence[datetime],
    now: datetime,
    period: Period,
    old: Rule = SINGLE,
) -> Plan:
    """The plan of a series that goes on from an old one, instead of its occurrence at `next_start`.

    `met` are the original starts of the old one before that, and `now` is a wall time of the plan's zone. The
    new first date is the first of the period of `next_start` that is still to come, and not one that the old
    series already had: after a Monday, the second date of the week comes next. A date that the `old` rule
    skipped before that counts as one that it had, and one added to it does not. A count is of all, old and
    new. The added and skipped dates of the time to come go along, where they still say something. Raises
    Invalid on `until` where nothing is left, and as `excepted` does.
    """
    passed = [start for start in met if start not in old.added]
    passed += [datetime.combine(day, time.min) for day in old.skipped if day < next_start.date()]
    used = sum(1 for start in passed if period(start) == period(next_start))
    earliest = max([now.date(), *(start.date() + timedelta(days=1) for start in met)])
    anchor = datetime.combine(period(next_start), plan.first_start.time())
    endless = replace(plan.rule.bare, count=None)
    dates = occurrences(endless, anchor, before=next_start + FURTHEST_AHEAD)
    had = [start for start in dates if period(start) == period(next_start)][:used]
    possible = [start for start in dates if start not in had and start > now and start.date() >= earliest]
    left = None if plan.rule.count is None else plan.rule.count - len(passed)
    if not possible or (left is not None and left < 1):
        raise Invalid("No date is left of this.", field="until")
    going_on = replace(plan, first_start=possible[0], rule=replace(plan.rule, count=left))
    going_on = with_exceptions(going_on, Standing(old, now, has_begun=True))
    return replace(going_on, rule=going_on.rule.excepting(earliest))


def _endless(rule: Rule) -> Rule:
    return replace(rule.bare, until=None, count=None)


def _timing(plan: Plan) -> tuple[datetime, int, str, Rule]:
    return plan.first_start, plan.minutes, plan.timezone, plan.rule
