"""Rules to text and back: the value of an RRULE of RFC 5545, 3.3.10, by an allow-list.

The text is what the database keeps. It differs from a calendar's: UNTIL is a local date, included, and the
dates that are added and skipped stand in it as RDATE (local starts to the minute) and EXDATE (local dates).
What happens once is the empty text, or without FREQ.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from scheduler.domain.schedule.recurrence import SINGLE, Frequency, OrdinalWeekday, Rule
from scheduler.errors import Invalid

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT", "WKST", "RDATE", "EXDATE"})
_DATES = frozenset({"RDATE", "EXDATE"})
_LONGEST_PART, _LONGEST = 400, 3000
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_DATE = re.compile(r"[0-9]{8}")
_START = re.compile(r"[0-9]{8}T[0-9]{4}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")


def text_of(rule: Rule) -> str:
    """The rule as text, its parts always in the same order."""
    days = [_DAYS[day] for day in rule.weekdays]
    days += [f"{day.ordinal}{_DAYS[day.weekday]}" for day in rule.ordinal_weekdays]
    parts = {
        "FREQ": "" if rule.is_single else rule.frequency.value.upper(),
        "INTERVAL": str(rule.interval) if rule.interval > 1 else "",
        "BYDAY": ",".join(days),
        "BYMONTHDAY": ",".join(map(str, rule.month_days)),
        "UNTIL": f"{rule.until:%Y%m%d}" if rule.until else "",
        "COUNT": str(rule.count or ""),
        "RDATE": ",".join(f"{at:%Y%m%dT%H%M}" for at in rule.added),
        "EXDATE": ",".join(f"{day:%Y%m%d}" for day in rule.skipped),
    }
    return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def rule_of(text: str) -> Rule:
    """The rule that a text says. Raises Invalid for all that is not on the list, or says something twice."""
    if not text:
        return SINGLE
    parts = _parts(text.upper())
    days = [_day(day) for day in _listed(parts, "BYDAY")]
    return Rule(
        frequency=_frequency(parts),
        interval=_number(parts.get("INTERVAL", "1")),
        weekdays=tuple(weekday for ordinal, weekday in days if ordinal is None),
        ordinal_weekdays=tuple(
            OrdinalWeekday(ordinal, weekday) for ordinal, weekday in days if ordinal is not None
        ),
        month_days=tuple(_number(day) for day in _listed(parts, "BYMONTHDAY")),
        until=_date(parts["UNTIL"]) if "UNTIL" in parts else None,
        count=_number(parts["COUNT"]) if "COUNT" in parts else None,
        added=tuple(_start(at) for at in _listed(parts, "RDATE")),
        skipped=tuple(_date(day) for day in _listed(parts, "EXDATE")),
    )


def _parts(text: str) -> dict[str, str]:
    if len(text) > _LONGEST:
        raise _not_understood()
    pairs = [part.partition("=") for part in text.split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(parts) != len(pairs) or not _PARTS.issuperset(parts) or not all(parts.values()):
        raise _not_understood()
    if any(len(value) > _LONGEST_PART for name, value in parts.items() if name not in _DATES):
        raise _not_understood()
    if parts.get("WKST", "MO") != "MO":
        raise _not_understood()
    return parts


def _listed(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _frequency(parts: dict[str, str]) -> Frequency:
    if "FREQ" not in parts and "RDATE" in parts:
        return Frequency.SINGLE
    if parts.get("FREQ") not in {"DAILY", "WEEKLY", "MONTHLY"}:
        raise _not_understood()
    return Frequency(parts["FREQ"].lower())


def _day(text: str) -> tuple[int | None, int]:
    found = _DAY.fullmatch(text)
    if found is None:
        raise _not_understood()
    return (int(found[1]) if found[1] else None), _DAYS.index(found[2])


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise _not_understood()
    return int(text)


def _date(text: str) -> date:
    if _DATE.fullmatch(text) is None:
        raise _not_understood()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _not_understood() from None


def _start(text: str) -> datetime:
    if _START.fullmatch(text) is None:
        raise _not_understood()
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M")  # noqa: DTZ007 -- a wall time has no zone of its own
    except ValueError:
        raise _not_understood() from None


def _not_understood() -> Invalid:
    return Invalid("This is not a rule that the schedule knows.", field="rule")
