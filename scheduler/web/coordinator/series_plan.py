"""The plan that follows from what was typed into the form of a series."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from scheduler.domain.schedule.counts import NO_LIMITS, Counts
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import Plan, checked_words, may_check_in
from scheduler.domain.schedule.recurrence import first_start
from scheduler.domain.schedule.wall_time import minutes_between, require_existing, zone_named
from scheduler.errors import Invalid
from scheduler.web.coordinator.choices import id_of
from scheduler.web.coordinator.rule_typed import RULE_PARTS, is_in_words, rule_typed, take_up
from scheduler.web.coordinator.series_form import SeriesForm
from scheduler.web.display import clock
from scheduler.web.forms import refusals_on
from scheduler.web.language import gettext

FIELDS = {
    "first_start": "first_day",
    "first": "first_day",
    "zone": "timezone",
    "room_id": "room",
    "rule": "repeats",
    "ordinal_weekdays": "ordinals",
    "month_days": "month_day",
    "end": "ends",
}
"""Names that the domain gives to what is wrong, and the fields that it was typed into."""

IN_WORDS = ("interval", "weekdays", "ordinal_weekdays", "month_days", "until", "count", "rule")
"""What is typed as a sentence, where that was chosen."""

CHOSEN = ("kind", "counting", "repeats", "weekdays", "ordinals", "weekday", "ending", "room")
"""What is chosen from what the form offers; anything else was not sent by it, and is not read."""

HALF_A_DAY = timedelta(hours=12)
LONGEST_MEANT = timedelta(hours=4)
"""Nobody means a longer session by an end in the morning."""
EVENING = time(18)
USUAL = timedelta(minutes=90)
"""So long most groups take; it is proposed where nothing is known but the start."""


def plan_of(form: SeriesForm, *, today: date | None = None) -> Plan | None:
    """What was typed, as a plan; none where it makes none, with errors beside the fields.

    ``today`` is the day, where a series meets that has begun, from which on dates without a year are meant.
    """
    if any(form[name].errors for name in CHOSEN):
        return None
    take_up(form, today)
    is_read = not any(form[name].errors for name in RULE_PARTS)
    minutes: int | None = None
    with refusals_on(form, **FIELDS):
        minutes = _minutes(form)
    with refusals_on(form, **FIELDS):
        zone_named(form.timezone.data)
    day, at = form.first_day.data, form.starts.data
    if is_read and minutes is not None and day is not None and at is not None and not form.timezone.errors:
        with refusals_on(form, **fields_of(form)):
            return _plan(form, datetime.combine(day, at), minutes, today)
    with refusals_on(form, **FIELDS):
        checked_words(_described(form))  # so that all that is wrong is said at once
    return None


def fields_of(form: SeriesForm) -> dict[str, str]:
    """:data:`FIELDS` for a form that may have its rule in words."""
    return FIELDS | (dict.fromkeys(IN_WORDS, "words") if is_in_words(form) else {})


def _minutes(form: SeriesForm) -> int | None:
    """The length: typed, or by the end. Raises Invalid where they differ, or neither is there."""
    start, end, minutes = form.starts.data, form.ends.data, form.minutes.data
    if form.ends.errors or form.minutes.errors or start is None:
        return None
    if end is None:
        if minutes is None:
            raise Invalid(gettext("Say when it ends, or how many minutes it takes."), "ends")
        return minutes
    length = _minutes_until(start, end)
    if minutes not in {None, length}:
        raise Invalid(
            gettext("From start to end it is %(number)d minutes. Leave one of both empty.", number=length),
            "minutes",
        )
    return length


def _minutes_until(start: time, end: time) -> int:
    """Raises Invalid; where morning and evening were confused it names the end that was probably meant."""
    try:
        return minutes_between(start, end)
    except Invalid:
        if start == end:
            raise
        raise Invalid(_what_was_meant(start, end), "end") from None


def _what_was_meant(start: time, end: time) -> str:
    """What is said of an end before its start."""
    day = date(2000, 1, 1)
    later = datetime.combine(day, end) + HALF_A_DAY
    if timedelta(0) < later - datetime.combine(day, start) <= LONGEST_MEANT:
        return gettext("The end is before the start. Did you mean %(time)s?", time=clock(later.time()))
    if start >= EVENING and end < time(12):
        return gettext(
            "Past midnight the end is at most four hours after the start. For longer, give the minutes."
        )
    usual = datetime.combine(day, start) + USUAL
    if usual.date() == day:
        return gettext("The end is before the start. Did you mean %(time)s?", time=clock(usual.time()))
    return gettext("The end is before the start.")


def _plan(form: SeriesForm, first: datetime, minutes: int, today: date | None) -> Plan:
    require_existing(first, zone_named(form.timezone.data), field="starts")
    rule = rule_typed(form, first, today)
    if form.ends.data is not None:
        _require_end(form.ends.data, first_start(rule, first), form.timezone.data)
    timezone = form.timezone.data
    return replace(
        _described(form),
        title=form.title.data or "",
        first_start=first,
        minutes=minutes,
        timezone=timezone,
        rule=rule,
    )


def _require_end(end: time, first: datetime, timezone: str) -> None:
    """Raises Invalid if a change of clock skips the typed end on the rule's first date."""
    day = first.date() + timedelta(days=end <= first.time())
    require_existing(datetime.combine(day, end), zone_named(timezone), field="ends")


def _described(form: SeriesForm) -> Plan:
    """What was typed of a plan but for its dates and an empty title, which its own field tells."""
    kind, counting = Kind(form.kind.data), Counting(form.counting.data)
    return Plan(
        kind=kind,
        title=form.title.data or "-",
        first_start=datetime(2000, 1, 1),
        minutes=1,
        timezone="UTC",
        discreet_title=form.discreet_title.data or "",
        room_id=id_of(form.room.data),
        capacity=form.capacity.data,
        counting=counting,
        closed=form.closed.data,
        fellowship=(form.fellowship.data or None) if kind is Kind.MUTUAL_HELP else None,
        counts=_counts(form) if counting is Counting.MINUTES else NO_LIMITS,
        check_in=form.check_in.data and may_check_in(kind, counting),
    )


def _counts(form: SeriesForm) -> Counts:
    return Counts(
        form.least_people.data, form.most_people.data, form.least_minutes.data, form.most_minutes.data
    )
