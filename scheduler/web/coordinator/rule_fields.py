"""A rule as the form asks for it, and back. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.domain.schedule.recurrence import SINGLE, Frequency, OrdinalWeekday, Rule


class Repeats(StrEnum):
    """What the form offers. ``KEPT``: a rule that it cannot spell stays as it is."""

    ONCE = "once"
    WEEKLY = "weekly"
    BY_WEEKDAY = "by_weekday"
    BY_DATE = "by_date"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFields:
    """What was chosen. Days that nobody chose are those of the first date; ``until`` is included."""

    repeats: Repeats
    weeks: int = 1
    weekdays: tuple[int, ...] = ()
    ordinals: tuple[int, ...] = ()
    weekday: int | None = None
    month_day: int | None = None
    months: int = 1
    until: date | None = None


def rule_of_fields(chosen: RuleFields, first: date) -> Rule:
    """The rule for a series whose first typed date is ``first``. Raises Invalid on a field of Rule."""
    if chosen.repeats is Repeats.WEEKLY:
        days = chosen.weekdays or (first.weekday(),)
        return Rule(Frequency.WEEKLY, interval=chosen.weeks, weekdays=days, until=chosen.until)
    if chosen.repeats is Repeats.BY_WEEKDAY:
        weekday = first.weekday() if chosen.weekday is None else chosen.weekday
        ordinals = chosen.ordinals or ((first.day - 1) // 7 + 1,)
        named = tuple(OrdinalWeekday(ordinal, weekday) for ordinal in ordinals)
        return Rule(Frequency.MONTHLY, interval=chosen.months, ordinal_weekdays=named, until=chosen.until)
    if chosen.repeats is Repeats.BY_DATE:
        days = (chosen.month_day or first.day,)
        return Rule(Frequency.MONTHLY, interval=chosen.months, month_days=days, until=chosen.until)
    return SINGLE


def fields_of_rule(rule: Rule) -> RuleFields:
    """What the form shows for a rule; ``Repeats.KEPT`` for one that it cannot spell."""
    weekdays = {day.weekday for day in rule.ordinal_weekdays}
    if rule.is_single:
        return RuleFields(repeats=Repeats.ONCE)
    if rule.count is not None or len(weekdays) > 1 or len(rule.month_days) > 1:
        return RuleFields(repeats=Repeats.KEPT)
    if rule.frequency is Frequency.WEEKLY:
        return RuleFields(
            repeats=Repeats.WEEKLY, weeks=rule.interval, weekdays=rule.weekdays, until=rule.until
        )
    if rule.ordinal_weekdays:
        return RuleFields(
            repeats=Repeats.BY_WEEKDAY,
            ordinals=tuple(day.ordinal for day in rule.ordinal_weekdays),
            weekday=weekdays.pop(),
            months=rule.interval,
            until=rule.until,
        )
    if rule.month_days:
        return RuleFields(
            repeats=Repeats.BY_DATE, month_day=rule.month_days[0], months=rule.interval, until=rule.until
        )
    return RuleFields(repeats=Repeats.KEPT)
