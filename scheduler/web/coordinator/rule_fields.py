"""A rule as the form asks for it, and back. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from scheduler.domain.schedule.recurrence import SINGLE, Frequency, OrdinalWeekday, Rule
from scheduler.domain.schedule.words import English, dates_in_words

ORDINALS_OFFERED = frozenset({1, 2, 3, 4, 5, -1})


class Repeats(StrEnum):
    """What the form offers. ``WORDS``: typed as a sentence, which can say all rules."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    BY_WEEKDAY = "by_weekday"
    BY_DATE = "by_date"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFields:
    """What was chosen. Days that nobody chose are those of the first date; ``until`` is included."""

    repeats: Repeats
    days: int = 1
    weeks: int = 1
    weekdays: tuple[int, ...] = ()
    ordinals: tuple[int, ...] = ()
    weekday: int | None = None
    month_days: tuple[int, ...] = ()
    months: int = 1
    until: date | None = None
    count: int | None = None


class Typed(English):
    """English as somebody would type it into a field: a date has its year, so that it is the same later."""

    def date(self, day: date, *, year: bool) -> str:
        """A local date with its year."""
        return super().date(day, year=True)


def rule_of_fields(chosen: RuleFields, first: date) -> Rule:
    """The rule for a series whose first typed date is ``first``. Raises Invalid on a field of Rule."""
    return replace(_rule(chosen, first), until=chosen.until, count=chosen.count)


def _rule(chosen: RuleFields, first: date) -> Rule:
    if chosen.repeats is Repeats.DAILY:
        return Rule(Frequency.DAILY, chosen.days)
    if chosen.repeats is Repeats.WEEKLY:
        return Rule(Frequency.WEEKLY, chosen.weeks, weekdays=chosen.weekdays or (first.weekday(),))
    if chosen.repeats is Repeats.BY_WEEKDAY:
        weekday = first.weekday() if chosen.weekday is None else chosen.weekday
        ordinals = chosen.ordinals or ((first.day - 1) // 7 + 1,)
        named = tuple(OrdinalWeekday(ordinal, weekday) for ordinal in ordinals)
        return Rule(Frequency.MONTHLY, chosen.months, ordinal_weekdays=named)
    if chosen.repeats is Repeats.BY_DATE:
        return Rule(Frequency.MONTHLY, chosen.months, month_days=chosen.month_days or (first.day,))
    return SINGLE


def fields_of_rule(rule: Rule) -> RuleFields:
    """What the form shows for a rule; ``Repeats.WORDS`` for one that only words can say."""
    return replace(_repeating(rule), until=rule.until, count=rule.count)


def _repeating(rule: Rule) -> RuleFields:
    weekdays = {day.weekday for day in rule.ordinal_weekdays}
    ordinals = tuple(day.ordinal for day in rule.ordinal_weekdays)
    if rule.is_single:
        return RuleFields(repeats=Repeats.ONCE)
    if rule.frequency is Frequency.DAILY:
        return RuleFields(repeats=Repeats.DAILY, days=rule.interval)
    if rule.frequency is Frequency.WEEKLY:
        return RuleFields(repeats=Repeats.WEEKLY, weeks=rule.interval, weekdays=rule.weekdays)
    if rule.month_days:
        return RuleFields(repeats=Repeats.BY_DATE, months=rule.interval, month_days=rule.month_days)
    if len(weekdays) > 1 or not ORDINALS_OFFERED.issuperset(ordinals):
        return RuleFields(repeats=Repeats.WORDS)
    return RuleFields(
        repeats=Repeats.BY_WEEKDAY, months=rule.interval, ordinals=ordinals, weekday=weekdays.pop()
    )


def typed_words(rule: Rule, first: datetime) -> str:
    """A rule without its exceptions as somebody would type it; nothing for a single date."""
    return "" if rule.is_single else dates_in_words(rule.bare, first, Typed())
