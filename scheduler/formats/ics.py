"""A calendar's content as bytes: iCalendar (RFC 5545), by the profile of docs/feeds.md.

What the profile leaves out is left out on purpose: each such property broke a reader.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vText

from scheduler.domain.calendars.values import (
    CalendarContent,
    Details,
    Entry,
    Master,
    Override,
    Repeats,
    Single,
    Stamp,
)
from scheduler.formats.vtimezone import vtimezone

# Raised when the same content is written differently, so that what is stored counts as stale.
WRITTEN_AS = 3
CONTENT_TYPE = "text/calendar; charset=utf-8"
# The same in every release, and silent about what this is: readers keep it, and people see it in files.
PRODID = "-//Calendar//Calendar 1.0//EN"
_END = b"END:VCALENDAR\r\n"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_ESCAPED = re.compile(r"[\\;,]")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A calendar as bytes. `missing` are the series of which something is not in it, one for each time."""

    body: bytes
    missing: tuple[int, ...]


def calendar_bytes(content: CalendarContent) -> bytes:
    """The whole calendar: UTF-8, CRLF, folded."""
    return written(content).body


def written(content: CalendarContent) -> Written:
    """The same, with what had to be left out. An entry that cannot be written is, and the log says so."""
    frame = Calendar()
    _add_head(frame, content)
    lines = [(entry, _lines(entry, content)) for entry in content.entries]
    for zone in sorted(
        {entry.zone for entry, written in lines if f";TZID={entry.zone}:".encode() in written}
    ):
        frame.add_component(vtimezone(zone, content.begins))
    head: bytes = frame.to_ical()
    body = b"".join((head.removesuffix(_END), *(written for _, written in lines), _END))
    return Written(body, (*content.missing, *(entry.series_id for entry, written in lines if not written)))


def _add_head(calendar: Calendar, content: CalendarContent) -> None:
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODID)
    calendar.add("CALSCALE", "GREGORIAN")
    name = _Text(_one_line(content.name))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vText("PT1H"))


def _lines(entry: Entry, content: CalendarContent) -> bytes:
    try:
        return b"".join(event.to_ical() for event in _events(entry, content))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one entry, the others are served
        _log.warning("left an entry out of a calendar: %s", type(error).__name__)
        return b""


def _events(entry: Entry, content: CalendarContent) -> Iterator[Event]:
    """A single entry is one event; a master is followed by its overrides."""
    if isinstance(entry, Single):
        yield _event(content, entry, uid=entry.uid, zone=entry.zone, stopped=entry.stopped)
        return
    master = _event(content, entry, uid=entry.uid, zone=entry.zone, stopped=False)
    master.add("RRULE", _rrule(entry.repeats, entry.until))
    if entry.exclusions:
        master.add("EXDATE", [_zoned(at, entry.zone) for at in entry.exclusions])
    yield master
    for override in entry.overrides:
        event = _event(content, override, uid=entry.uid, zone=entry.zone, stopped=override.stopped)
        event.add("RECURRENCE-ID", _zoned(override.original, entry.zone))
        yield event


def _event(
    content: CalendarContent, shown: Single | Master | Override, *, uid: str, zone: str, stopped: bool
) -> Event:
    event = Event()
    event.add("UID", uid)
    _add_stamp(event, content.stamp)
    event.add("DTSTART", _zoned(shown.start, zone))
    event.add("DTEND", _zoned(shown.end, zone))
    _add_details(event, shown.details, cancelled=content.cancelled if stopped else "")
    if shown.details.alarm_minutes is not None and not stopped:
        event.add_component(_alarm(shown.details.alarm_minutes, shown.details))
    return event


def _add_stamp(event: Event, stamp: Stamp) -> None:
    changed = stamp.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("DTSTAMP", changed)
    event.add("LAST-MODIFIED", changed)
    event.add("SEQUENCE", stamp.sequence)


def _add_details(event: Event, details: Details, *, cancelled: str) -> None:
    """`cancelled` is what is said before the title, where it does not take place."""
    event.add("SUMMARY", _Text(cancelled + _one_line(details.title)))
    if cancelled:
        event.add("STATUS", "CANCELLED")
    if cancelled or details.quiet:
        event.add("TRANSP", "TRANSPARENT")
    if details.place:
        event.add("LOCATION", _Text(_one_line(details.place)))
    if details.link:
        event.add("DESCRIPTION", _Text(_one_line(details.link)))
    if _is_web_address(details.link):
        event.add("URL", details.link)


def _is_web_address(link: str) -> bool:
    """May it stand as URL? That value is neither escaped nor cleaned, so it must be plain ASCII
    throughout.
    """
    if not re.fullmatch(r"[!-~]+", link):
        return False
    try:
        return urlsplit(link).scheme in ("http", "https") and bool(urlsplit(link).hostname)
    except ValueError:
        return False


def _alarm(minutes: int, details: Details) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", _Text(_one_line(details.title)))
    alarm.add("TRIGGER", -timedelta(minutes=minutes) if minutes else vText("PT0S"))
    return alarm


def _rrule(repeats: Repeats, until: datetime | None) -> dict[str, object]:
    rule: dict[str, object] = {"FREQ": repeats.frequency, "INTERVAL": repeats.interval}
    if repeats.days:
        rule["BYDAY"] = list(repeats.days)
    if until is not None:
        rule["UNTIL"] = until.astimezone(UTC)
    return {**rule, "WKST": "MO"}


def _zoned(at: datetime, zone: str) -> datetime:
    """As icalendar wants it: aware, in the entry's zone; what is aware already is in UTC."""
    return at.replace(tzinfo=ZoneInfo(zone)) if zone else at.astimezone(UTC)


class _Text(vText):
    """Text that is escaped here, as RFC 5545 (3.3.11) says: the library takes a backslash that somebody typed
    before an N for a line end.
    """

    def to_ical(self) -> bytes:
        return _ESCAPED.sub(r"\\\g<0>", self).encode()


def _one_line(text: str) -> str:
    """Spaces for line ends and tabs, and none of what no reader expects within text."""
    return _CONTROLS.sub("", " ".join(text.split()))
