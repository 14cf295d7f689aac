"""Dates and times as people read them: the filters of the templates.

An instant is aware; a filter shows it on the clock of ``zone``, the session's own, and names that zone
when the reader's clock says something else (DOMAIN, Time). A naive date-time is a wall time of ``zone``
already. Without a zone the reader's clock is shown, which is Flask-Babel's time zone.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal
from flask import Flask

from scheduler import clock as the_clock
from scheduler.web.language import gettext, language, locale, ngettext, reader_zone

A_LITTLE: Final = 15
"""Minutes that a number of hours may lack: 1:50 is "in 2 hours", 1:40 is still "in 1 hour"."""
EVENING: Final = 17
"""From this hour on, today is "tonight"."""


def clock(at: datetime | time, zone: str | None = None) -> str:
    """``7:00 PM``, or ``7:00 PM (New York)`` for a reader whose clock differs."""
    if isinstance(at, time):
        return _clock_face(at)
    return _named(_clock_face(_local(at, zone).time()), at, zone)


def other_zone(at: datetime, zone: str) -> str:
    """``New York`` where the reader's clock says something else than that of ``zone``, else nothing."""
    aware = at if at.tzinfo else at.replace(tzinfo=_zone(zone))
    same = aware.astimezone(_zone(zone)).utcoffset() == aware.astimezone(_zone(None)).utcoffset()
    return "" if same else zone_name(zone)


def clock_range(start: datetime, end: datetime, zone: str | None = None) -> str:
    """``7:00 to 8:30 PM``; ``11:30 AM to 1:00 PM`` where the half of the day changes."""
    first, last = (_clock_face(_local(at, zone).time()) for at in (start, end))
    half = last.rpartition(" ")[2]
    if not half[:1].isdigit() and first.endswith(f" {half}"):
        first = first.removesuffix(f" {half}")
    return _named(gettext("%(start)s to %(end)s", start=first, end=last), start, zone)


def day(on: date, zone: str | None = None) -> str:
    """``Tuesday, July 14``, with the year when that is not the reader's present one."""
    return gettext(
        "%(weekday)s, %(date)s", weekday=_weekday(_date(on, zone), "wide"), date=month_day(on, zone)
    )


def day_short(on: date, zone: str | None = None) -> str:
    """``Tue, July 14``."""
    weekday = _weekday(_date(on, zone), "abbreviated")
    return gettext("%(weekday)s, %(date)s", weekday=weekday, date=month_day(on, zone))


def month_day(on: date, zone: str | None = None) -> str:
    """``July 14``, with the year when that is not the reader's present one."""
    local = _date(on, zone)
    text = _month_day(local.month, local.day, language())
    same_year = local.year == _local(the_clock.now(), None).year
    return text if same_year else gettext("%(date)s, %(year)d", date=text, year=local.year)


def full_date(on: date, zone: str | None = None) -> str:
    """``July 14, 2026``, always with the year: where a date may have been misread."""
    local = _date(on, zone)
    text = _month_day(local.month, local.day, language())
    return gettext("%(date)s, %(year)d", date=text, year=local.year)


def month_and_year(on: date) -> str:
    """``July 2026``."""
    return format_skeleton("yMMMM", on, locale=locale())


def weekday(on: date, zone: str | None = None) -> str:
    """``Tuesday``."""
    return _weekday(_date(on, zone), "wide")


def weekday_short(on: date, zone: str | None = None) -> str:
    """``Tue``."""
    return _weekday(_date(on, zone), "abbreviated")


def day_and_clock(at: datetime, zone: str | None = None) -> str:
    """``Tuesday, July 14, 7:00 PM``."""
    return f"{day(at, zone)}, {clock(at, zone)}"


def week_span(first: date) -> str:
    """The seven days from ``first`` on: ``July 13 to 19``, ``July 27 to August 2``."""
    last = first + timedelta(days=6)
    start = month_day(first) if first.year != last.year else format_skeleton("MMMMd", first, locale=locale())
    end = month_day(last)
    if first.month == last.month:
        end = end.replace(format_skeleton("MMMMd", last, locale=locale()), str(last.day), 1)
    return gettext("%(start)s to %(end)s", start=start, end=end)


def when(at: datetime, zone: str | None = None) -> str:
    """``Tonight, 7:00 PM``, ``Tomorrow, 9:00 AM``, ``Tuesday, 7:00 PM``; a week ahead the date."""
    return gettext("%(day)s, %(time)s", day=_near_day(_local(at, zone), zone), time=clock(at, zone))


def away(at: datetime) -> str:
    """How far ahead: ``in 20 minutes``, ``in 2 hours``, ``in 3 days``; ``now`` once it began."""
    minutes = int((at - the_clock.now()).total_seconds() // 60)
    if minutes < 1:
        return gettext("now")
    if minutes < 60:
        return ngettext("in %(num)d minute", "in %(num)d minutes", minutes)
    if minutes < 24 * 60:
        return ngettext("in %(num)d hour", "in %(num)d hours", (minutes + A_LITTLE) // 60)
    return ngettext("in %(num)d day", "in %(num)d days", minutes // (24 * 60))


def ago(at: datetime) -> str:
    """How long since: ``4 minutes ago``, ``today at 6:12 AM``, ``yesterday at 6:12 AM``, ``on May 2``."""
    now = the_clock.now()
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", minutes)
    days = (_local(now, None).date() - _local(at, None).date()).days
    if days == 0:
        return gettext("today at %(time)s", time=clock(at))
    return (
        gettext("yesterday at %(time)s", time=clock(at))
        if days == 1
        else gettext("on %(date)s", date=month_day(at))
    )


def in_last_hour(at: datetime) -> str:
    """The same for what is noted at most once an hour: below an hour only ``in the last hour`` is true."""
    return gettext("in the last hour") if the_clock.now() - at < timedelta(hours=1) else ago(at)


def minutes(count: int) -> str:
    """``90 min``."""
    return gettext("%(count)d min", count=count)


def number(count: int) -> str:
    """``9,926``."""
    return format_decimal(count, locale=locale())


def zone_name(zone: str) -> str:
    """``New York`` for ``America/New_York``."""
    return zone.rpartition("/")[2].replace("_", " ")


FILTERS: Final[tuple[Callable[..., str], ...]] = (
    *(clock, clock_range, other_zone, when, away, ago, in_last_hour, minutes, number, zone_name),
    *(day, day_short, day_and_clock, full_date, month_day, weekday, weekday_short, week_span),
)


def prepare(app: Flask) -> None:
    """Give the filters above to the templates of ``app``."""
    for one in FILTERS:
        app.add_template_filter(one)


def _clock_face(at: time) -> str:
    return _face(at.hour, at.minute, language())


@lru_cache(maxsize=24 * 60)
def _face(hour: int, minute: int, _language: str) -> str:
    # CLDR sets a narrow space before AM and PM, which many fonts lack and nobody types when searching.
    return format_time(time(hour, minute), "short", locale=locale()).replace("\u202f", " ")


@lru_cache(maxsize=366)
def _month_day(month: int, of_month: int, _language: str) -> str:
    return format_skeleton("MMMMd", date(2000, month, of_month), locale=locale())


def _weekday(on: date, width: str) -> str:
    name: str = locale().days["format"][width][on.weekday()]
    return name


def _near_day(local: datetime, zone: str | None) -> str:
    ahead = (local.date() - _local(the_clock.now(), zone).date()).days
    if ahead == 0:
        return gettext("Tonight") if local.hour >= EVENING else gettext("Today")
    if ahead == 1:
        return gettext("Tomorrow")
    return _weekday(local, "wide") if 1 < ahead < 7 else day(local)


def _date(on: date, zone: str | None) -> date:
    return _local(on, zone).date() if isinstance(on, datetime) else on


def _local(at: datetime, zone: str | None) -> datetime:
    """``at`` on the clock of ``zone``, naive."""
    return at if at.tzinfo is None else at.astimezone(_zone(zone)).replace(tzinfo=None)


def _zone(zone: str | None) -> tzinfo:
    return ZoneInfo(zone) if zone else reader_zone()


def _named(text: str, at: datetime, zone: str | None) -> str:
    other = other_zone(at, zone) if zone else ""
    return gettext("%(time)s (%(zone)s)", time=text, zone=other) if other else text
