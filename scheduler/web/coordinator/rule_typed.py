"""The rule that follows from what was typed into the form of a series: chosen, or in words."""

from dataclasses import replace
from datetime import date, datetime, time

from scheduler import clock as the_clock
from scheduler.domain.schedule.recurrence import Rule
from scheduler.domain.schedule.spoken import Spoken, spoken, spoken_dates
from scheduler.domain.schedule.spoken_dates import Said
from scheduler.domain.schedule.spoken_days import month_days_of
from scheduler.errors import Invalid
from scheduler.web.coordinator.choices import id_of
from scheduler.web.coordinator.rule_fields import Repeats, RuleFields, rule_of_fields
from scheduler.web.coordinator.series_form import SeriesForm
from scheduler.web.display import clock, month_day
from scheduler.web.forms import refusals_on
from scheduler.web.language import gettext, reader_zone

RULE_PARTS = ("words", "days", "weeks", "months", "month_day", "until", "count", "added", "skipped")
"""What is typed of a rule: where one of them is wrong, the rest is not the rule that was meant."""


def is_in_words(form: SeriesForm) -> bool:
    """Whether the rule is typed as a sentence."""
    return bool(form.repeats.data == Repeats.WORDS)


def take_up(form: SeriesForm, today: date | None) -> None:
    """Fill what is empty of the first day and the hours from the sentence, if it says them; with an error on
    it where a field says something else.
    """
    if not is_in_words(form) or form.words.errors:
        return
    with refusals_on(form):
        day = form.first_day.data or today or the_clock.now().astimezone(reader_zone()).date()
        _agree(form, _spoken(form, day, form.starts.data or time(), today))


def rule_typed(form: SeriesForm, first: datetime, today: date | None) -> Rule:
    """The rule for a series with that first date. Raises Invalid on a field of Rule, or one of the form."""
    if is_in_words(form):
        rule = _spoken(form, first.date(), first.time(), today).rule
    else:
        rule = rule_of_fields(_chosen(form, first.date()), first.date())
    near = today or first.date()
    added = [datetime.combine(each.day, each.at or first.time()) for each in _dates(form, "added", near)]
    skipped = [each.day for each in _dates(form, "skipped", near)]
    return replace(rule, added=(*rule.added, *added), skipped=(*rule.skipped, *skipped))


def _spoken(form: SeriesForm, day: date, at: time, today: date | None) -> Spoken:
    if not form.words.data:
        raise Invalid(gettext("Say when it meets, like “every 2 weeks on Tuesday”."), "words")
    return spoken(form.words.data, datetime.combine(day, at), near=today)


def _agree(form: SeriesForm, said: Spoken) -> None:
    """Raises Invalid on ``words``."""
    hours = said.hours
    if said.first_day is not None:
        _fill(form, "first_day", said.first_day, month_day(said.first_day))
    if hours is not None:
        _fill(form, "starts", hours.start, clock(hours.start))
    if hours is not None and hours.end is not None and form.minutes.data is None:
        _fill(form, "ends", hours.end, clock(hours.end))


def _fill(form: SeriesForm, name: str, value: date | time, told: str) -> None:
    field = form[name]
    if field.data is None and (not field.raw_data or not field.raw_data[0]):
        field.data, field.errors = value, []
    elif field.data != value:
        raise Invalid(
            gettext(
                "The words say %(value)s, “%(field)s” says otherwise.", value=told, field=field.label.text
            ),
            "words",
        )


def _chosen(form: SeriesForm, first: date) -> RuleFields:
    repeats = Repeats(form.repeats.data)
    is_open = repeats is Repeats.ONCE
    return RuleFields(
        repeats=repeats,
        days=form.days.data or 1,
        weeks=form.weeks.data or 1,
        weekdays=tuple(map(int, form.weekdays.data or ())),
        months=form.months.data or 1,
        ordinals=tuple(map(int, form.ordinals.data or ())),
        weekday=id_of(form.weekday.data),
        month_days=month_days_of(form.month_day.data or "") if repeats is Repeats.BY_DATE else (),
        until=None if is_open else _until(form, first),
        count=None if is_open else _count(form),
    )


def _until(form: SeriesForm, first: date) -> date | None:
    """Raises Invalid where the last day is chosen and empty, or lies before the first."""
    if form.ending.data != "until":
        return None
    last: date | None = form.until.data
    if last is None:
        raise Invalid(gettext("Choose the last day, or let it stay open."), "until")
    if last < first:
        raise Invalid(gettext("The last day is before the first."), "until")
    return last


def _count(form: SeriesForm) -> int | None:
    """Raises Invalid where a number is chosen and empty."""
    if form.ending.data != "count":
        return None
    number: int | None = form.count.data
    if number is None:
        raise Invalid(gettext("Say how many times, or let it stay open."), "count")
    return number


def _dates(form: SeriesForm, name: str, near: date) -> list[Said]:
    """Raises Invalid on that field."""
    try:
        return spoken_dates(form[name].data or "", near)
    except Invalid as error:
        raise Invalid(str(error), name) from None
