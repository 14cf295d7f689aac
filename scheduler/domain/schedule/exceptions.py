"""Dates that are added to a rule or skipped: which make sense, and which still say something. Pure.

What is past stays as it was: a date of the past is neither added nor skipped, and one that was stays so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD, MOST_AT_ONCE, Rule, day_said, occurrences
from scheduler.domain.schedule.wall_time import require_existing
from scheduler.errors import Invalid

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A series as it stands: its rule, `now` as a naive wall time, whether it has begun, and its last local
    date where it was ended. A date may be added before the first of one that has begun: a split has its own.
    """

    rule: Rule
    now: datetime
    has_begun: bool
    ends_on: date | None = None


def excepted(rule: Rule, first: datetime, zone: ZoneInfo, standing: Standing | None = None) -> Rule:
    """The rule with those of its exceptions that say something, and with what is past of the `standing` one.

    `first` is the rule's first date. What the standing rule had already is not looked at again. Raises
    Invalid on `added` or `skipped` for a new exception that is more than two years ahead, past or after the
    end of the standing series, that the rule makes anyway or does not make, that a change of clock jumps
    over, and where no date is left.
    """
    old = standing.rule if standing else None
    if not (rule.added or rule.skipped or (old and (old.added or old.skipped))):
        return rule
    new = replace(
        rule,
        added=tuple(at for at in rule.added if old is None or at not in old.added),
        skipped=tuple(day for day in rule.skipped if old is None or day not in old.skipped),
    )
    _require_near(new, first, standing)
    own = _own_days(new, first)
    _require_added(new.added, own, zone)
    _require_skipped(new.skipped, own)
    whole = effective(_with_the_past(rule, first, standing) if standing else rule, first)
    if not occurrences(whole, first, limit=1):
        raise Invalid("No date is left of this.", field="skipped")
    return whole


def effective(rule: Rule, first: datetime) -> Rule:
    """The same dates, without exceptions that change nothing: added on a day on which the rule meets anyway,
    skipped on one on which it does not.
    """
    own = _own_days(rule, first)
    return replace(
        rule,
        added=tuple(at for at in rule.added if at.date() not in own),
        skipped=tuple(day for day in rule.skipped if day in own),
    )


def to_come_of(rule: Rule, first: datetime, now: datetime) -> Rule:
    """The rule with its exceptions that are still to come at a wall time."""
    return replace(
        rule,
        added=tuple(at for at in rule.added if at > now),
        skipped=tuple(day for day in rule.skipped if datetime.combine(day, first.time()) > now),
    )


def _with_the_past(rule: Rule, first: datetime, standing: Standing) -> Rule:
    """What the standing rule says of the past, and what the other says of all to come."""
    old, coming = standing.rule, to_come_of(rule, first, standing.now)
    still = to_come_of(old, first, standing.now)
    return replace(
        coming,
        added=(*(at for at in old.added if at not in still.added), *coming.added),
        skipped=(*(day for day in old.skipped if day not in still.skipped), *coming.skipped),
    )


def _own_days(rule: Rule, first: datetime) -> frozenset[date]:
    """The dates among those that are added or skipped on which the rule meets by itself."""
    named = sorted({*(at.date() for at in rule.added), *rule.skipped})
    if not named:
        return frozenset()
    within = _dates_between(rule.bare, first, named[0], named[-1])
    return frozenset(at.date() for at in within).intersection(named)


def _dates_between(rule: Rule, first: datetime, start: date, last: date) -> Iterator[datetime]:
    """All of them; `occurrences` hands out 500 at a time, within two years."""
    after, end = datetime.combine(start, time.min), datetime.combine(last, time.min) + _DAY
    while after < end:
        some = occurrences(rule, first, after, end)
        yield from some
        full = len(some) == MOST_AT_ONCE
        after = some[-1] + timedelta(minutes=1) if full else max(after, first) + FURTHEST_AHEAD


def _require_near(rule: Rule, first: datetime, standing: Standing | None) -> None:
    now = standing.now if standing else None
    furthest = max(now or first, first) + FURTHEST_AHEAD
    skipped = [("skipped", datetime.combine(day, first.time())) for day in rule.skipped]
    for field, at in [*(("added", at) for at in rule.added), *skipped]:
        day = day_said(at.date())
        if at < first and not (standing and standing.has_begun):
            raise Invalid(f"{day} is before the first date.", field=field)
        if now is not None and at <= now:
            raise Invalid(f"{day} is past.", field=field)
        if at > furthest:
            raise Invalid(f"{day} is too far away.", field=field)
        if standing and standing.ends_on and at.date() > standing.ends_on:
            raise Invalid(f"{day} is after the end of this series.", field=field)


def _require_added(added: Collection[datetime], own: Collection[date], zone: ZoneInfo) -> None:
    for at in added:
        if at.date() in own:
            raise Invalid(f"{day_said(at.date())} is one of its dates already.", field="added")
        require_existing(at, zone, field="added")


def _require_skipped(skipped: Collection[date], own: Collection[date]) -> None:
    for day in skipped:
        if day not in own:
            raise Invalid(f"{day_said(day)} is not one of its dates.", field="skipped")
