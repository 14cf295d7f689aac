"""The remedies that a series form offers where something is in its way, as buttons that fill it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import request

from scheduler.domain.planning.easing import Easing
from scheduler.domain.schedule.plans import Plan
from scheduler.web.coordinator.choices import room_label
from scheduler.web.coordinator.rule_typed import is_in_words
from scheduler.web.coordinator.series_form import SeriesForm
from scheduler.web.display import clock
from scheduler.web.language import gettext
from scheduler.web.numbers import whole

FIELD = "instead"


@dataclass(frozen=True, slots=True)
class Way:
    """A button: what it sends, and what it says."""

    value: str
    text: str


def ways_of(found: Easing, plan: Plan, form: SeriesForm) -> Sequence[Way]:
    """The rooms first. An hour that was typed in words is changed there."""
    ways = [Way(f"room:{each.id}", room_label(each)) for each in found.rooms]
    if found.minutes is not None and not is_in_words(form):
        at = plan.first_start + timedelta(minutes=found.minutes)
        ways.append(Way(f"later:{found.minutes}", gettext("At %(time)s", time=clock(at.time()))))
    return ways


def take_way(form: SeriesForm) -> None:
    """Fill in what the pressed button stands for; anything else that is sent is no button."""
    does, _, value = request.form.get(FIELD, "").partition(":")
    number = whole(value.removeprefix("-"))
    if number is None:
        return
    if does == "room":
        form.room.data = str(number)
    elif does == "later":
        minutes = -number if value.startswith("-") else number
        for field in (form.starts, form.ends):
            if field.data is not None:
                field.data = _put_off(field.data, minutes)
                field.raw_data = [f"{field.data:%H:%M}"]  # what was typed would be shown again


def _put_off(at: time, minutes: int) -> time:
    return (datetime.combine(date(2000, 1, 2), at) + timedelta(minutes=minutes)).time()
