"""The fields of a Meeting Guide row, one function each. All raise Invalid with the reason why a row
cannot be taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import minutes_between
from scheduler.errors import Invalid
from scheduler.formats.published_text import clean

ASSUMED_MINUTES = 60
_MOST_TYPES = 40
_WHOLE_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
_HALF_DAY = re.compile(r"(0?[1-9]|1[0-2])(?::([0-5]\d))?(?::[0-5]\d)?\s*([ap])\.?m\.?", re.IGNORECASE)


def require_appointed(days: tuple[int, ...], time: object) -> None:
    """Refuses what has no fixed hour: the specification keeps such meetings in a list as "by appointment"."""
    if days and _given(time):
        return
    if not days and not _given(time):
        raise Invalid("It meets by appointment: it has no day and no time.")
    raise Invalid("It has a day but no time." if days else "It has a time but no day.")


def weekdays(value: object) -> tuple[int, ...]:
    """The days of a row, 0 for Monday, in the order of the week from Monday. The format counts from
    Sunday, which is 0.

    A number, a number as text, or a list of either; none is empty.
    """
    values = value if isinstance(value, list) else [value]
    return tuple(sorted({_weekday(day) for day in values if _given(day)}))


def _weekday(value: object) -> int:
    text = clean(value, most=20)
    if text not in {"0", "1", "2", "3", "4", "5", "6"}:
        raise Invalid(
            f"The day is “{text or value.__class__.__name__}”; days go from 0 (Sunday) to 6 (Saturday)."
        )
    return (int(text) - 1) % 7


def start(value: object) -> time:
    """The wall time at which it begins."""
    return _time(value, "time")


def duration(starts: time, end: object) -> int | None:
    """The minutes until the end, or None if the row gives no end.

    An end before its start is overnight only if that makes at most four hours; otherwise it is most often
    a mistyped half of the day, and the reason says what may have been meant.
    """
    if not _given(end):
        return None
    ends = _time(end, "end_time")
    try:
        return minutes_between(starts, ends)
    except Invalid as error:
        raise Invalid(
            f"{str(error).removesuffix('.')} ({starts:%H:%M} to {ends:%H:%M}).{_suggestion(starts, ends)}"
        ) from error


def _suggestion(starts: time, ends: time) -> str:
    meant = (datetime.combine(date.min, ends) + timedelta(hours=12)).time()
    try:
        likely = minutes_between(starts, meant) <= 240
    except Invalid:
        likely = False
    return f" Did they mean {meant:%H:%M}?" if likely else ""


def _time(value: object, field: str) -> time:
    """A wall time written as 19:00, 19:00:00, 7:00 PM or 7pm."""
    text = clean(value, most=20)
    whole, half = _WHOLE_DAY.fullmatch(text), _HALF_DAY.fullmatch(text)
    if whole:
        return time(int(whole[1]), int(whole[2]))
    if half:
        return time(int(half[1]) % 12 + (12 if half[3].lower() == "p" else 0), int(half[2] or 0))
    raise Invalid(f"The {field} is “{text}”; it must be like 19:00 or 7:00 PM.")


def zone(value: object, otherwise: str | None) -> str:
    """The name of the row's own zone, else the one given for the file."""
    name = clean(value, most=60) or otherwise
    if name is None:
        raise Invalid("It names no time zone, and none was given for the file.")
    try:
        zone_named(name)
    except Invalid as error:
        raise Invalid(f"There is no time zone “{name}”.") from error
    return name


def codes(value: object) -> list[str]:
    """The type codes of a row: a list, or text with commas between."""
    values: Iterable[object] = value if isinstance(value, list) else str(value or "").split(",")
    return [code for code in (clean(item, most=12) for item in values) if code][:_MOST_TYPES]


def address(row: Mapping[str, object]) -> str:
    """One line. Lists give it whole (`formatted_address`) or in parts, or whole under the name of a part.

    A town alone is not an address: it stands in the region.
    """
    whole = clean(row.get("formatted_address"), most=250)
    if whole or not (row.get("address") or row.get("location")):
        return whole
    street, city = clean(row.get("address"), most=150), clean(row.get("city"), most=80)
    area = " ".join(filter(None, (clean(row.get("state"), most=40), clean(row.get("postal_code"), most=20))))
    return ", ".join(filter(None, (street, city, area if city else "")))


def region(row: Mapping[str, object]) -> str:
    """The smallest area that the list names."""
    names = (clean(row.get(field), most=80) for field in ("sub_region", "region", "city"))
    return next(filter(None, names), "")


def _given(value: object) -> bool:
    return value not in (None, "", [])
