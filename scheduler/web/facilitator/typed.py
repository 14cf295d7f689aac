"""Marks as they arrive from the form of a page; what a device sends is read in sent.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from scheduler.domain.attendance.assembly import Head
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.statuses import (
    Excuse,
    Status,
    Value,
    are_within,
    late_by_the_clock,
    minutes_before_the_end,
)
from scheduler.errors import Invalid
from scheduler.web.facilitator.rows import Typed, after
from scheduler.web.language import gettext
from scheduler.web.numbers import LARGEST, whole

MOST_MARKS = 1000
"""People on one sheet; a longer list is no sheet of ours."""
WAS = "was-"


def fields_of(form: Mapping[str, str]) -> dict[int, Typed]:
    """What each person's fields hold, by person; ``was-<id>`` says who is in the form."""
    persons = [number(name.removeprefix(WAS)) for name in form if name.startswith(WAS)]
    return {
        person: Typed(
            *(form.get(f"{field}-{person}", "").strip() for field in ("status", "late", "left", "excuse"))
        )
        for person in persons[:MOST_MARKS]
        if person is not None
    }


def changed(form: Mapping[str, str]) -> dict[int, Typed]:
    """Only what somebody changed: all other rows may be old, and say nothing.

    ``tap`` is the person whose name was pressed; ``excuse`` is one who said beforehand that they can't make
    it, which makes them excused for the reason in ``says-<id>``; ``choose`` answers a question ("12:mine",
    "12:theirs").
    """
    fields = {
        person: typed for person, typed in fields_of(form).items() if str(typed) != form[f"{WAS}{person}"]
    }
    tapped = number(form.get("tap", ""))
    if tapped is not None and f"{WAS}{tapped}" in form:
        fields[tapped] = Typed(after(_status(form[f"{WAS}{tapped}"].partition("|")[0])) or "")
    excused = number(form.get("excuse", ""))
    if excused is not None and f"{WAS}{excused}" in form:
        fields[excused] = Typed(Status.EXCUSED, excuse=form.get(f"says-{excused}", ""))
    person, _, answer = form.get("choose", "").partition(":")
    if answer == "theirs":
        fields.pop(number(person) or 0, None)
    return fields


def wanted_of(form: Mapping[str, str], head: Head, now: datetime) -> tuple[Wanted, ...]:
    """The marks that a form asks for. Raises Invalid, by person's id, for impossible minutes and times."""
    chosen, _, answer = form.get("choose", "").partition(":")
    wanted: list[Wanted] = []
    wrong: dict[str, str] = {}
    for person, typed in changed(form).items():
        key = "now" if answer == "mine" and chosen == str(person) else "seen"
        try:
            value = value_of(typed, head, now)
        except Invalid as error:
            wrong |= {str(person): message for message in error.fields.values()}
        else:
            wanted.append(Wanted(person, value, seen=number(form.get(f"{key}-{person}", "")) or 0))
    if wrong:
        raise Invalid.many(wrong)
    return tuple(wanted)


def value_of(typed: Typed, head: Head, now: datetime) -> Value:
    """What the fields of one row say; late without minutes is late by the clock. Raises Invalid."""
    status = _status(typed.status)
    if status is Status.LATE:
        if not typed.late:
            return Value(status, late_by_the_clock(head.starts_at, head.ends_at, now))
        return Value(status, _minutes(typed.late, head))
    if status is Status.LEFT_EARLY and typed.left:
        left = minutes_before_the_end(_wall_time(typed.left), head.starts_at, head.ends_at, head.timezone)
        return Value(status, left_minutes=left)
    return Value(status, excuse=_excuse(typed.excuse) if status is Status.EXCUSED else None)


def minutes_said(head: Head) -> str:
    """What is asked of somebody who typed minutes that cannot be."""
    return gettext(
        "Give the minutes as a number from 1 to %(most)d: the session lasts %(minutes)d.",
        most=head.minutes - 1,
        minutes=head.minutes,
    )


def number(text: object) -> int | None:
    """A whole number from 0 on, as typed or sent; none for anything else."""
    if isinstance(text, int) and not isinstance(text, bool) and 0 <= text <= LARGEST:
        return text
    return whole(text.strip()) if isinstance(text, str) else None


def _status(text: object) -> Status | None:
    if text is None or text == "":
        return None
    if not isinstance(text, str) or text not in set(Status):
        raise Invalid(gettext("There is no such mark."), "status")
    return Status(text)


def _excuse(text: object) -> Excuse | None:
    if text is None or text == "":
        return None
    if not isinstance(text, str) or text not in set(Excuse):
        raise Invalid(gettext("There is no such reason."), "excuse")
    return Excuse(text)


def _minutes(sent: object, head: Head) -> int | None:
    if sent is None or sent == "":
        return None
    minutes = number(sent)
    if not minutes or not are_within(minutes, head.minutes):
        raise Invalid(minutes_said(head))
    return minutes


def _wall_time(text: str) -> time:
    hours, _, minutes = text.partition(":")
    at = (number(hours), number(minutes[:2]))
    if at[0] is None or at[1] is None or at[0] > 23 or at[1] > 59:
        raise Invalid(gettext("Give the time like 19:50."), "left")
    return time(at[0], at[1])
