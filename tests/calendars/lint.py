"""The profile of a feed, byte by byte: every "always" and every "never" of the design's calendar chapter.

It reads the text with its own few lines and no library, so that it shares no mistake with what wrote it.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC as AS_UTC
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo, available_timezones

ONCE = ("VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL")
NEVER_ON_TOP = {"UID", "METHOD", "SOURCE", "X-WR-TIMEZONE", "LAST-MODIFIED", "URL"}
EVENT_PROPERTIES = {
    *("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "RRULE", "EXDATE", "RECURRENCE-ID"),
    *("SUMMARY", "LOCATION", "DESCRIPTION", "URL", "STATUS", "TRANSP"),
}
ALWAYS_IN_EVENTS = ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY")
FIXED = {
    "VERSION": "2.0",
    "PRODID": "-//Calendar//Calendar 1.0//EN",
    "CALSCALE": "GREGORIAN",
    "REFRESH-INTERVAL": "PT1H",
    "X-PUBLISHED-TTL": "PT1H",
}
UTC = re.compile(r"\d{8}T\d{6}Z")
LOCAL = re.compile(r"\d{8}T\d{6}")
OPAQUE = re.compile(r"[0-9a-f]{32}")
CANCELLED = (
    *("Cancelled: ", "Cancelado: ", "已取消：", "Đã hủy: ", "Отменено: ", "취소됨: ", "ملغى: "),
    *("Annulé : ", "Anile: "),
)
"""In each language that a feed may have."""
RULE_PARTS = {"FREQ", "INTERVAL", "BYDAY", "WKST", "UNTIL"}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BEYOND = timedelta(days=800)
"""Past the last date that a rule's exceptions name: as far as its next instances are looked for."""


@dataclass
class Line:
    name: str
    params: dict[str, str]
    value: str


@dataclass
class Component:
    name: str
    lines: list[Line] = field(default_factory=list)
    inner: list["Component"] = field(default_factory=list)

    def of(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def one(self, name: str) -> Line:
        found = self.of(name)
        assert len(found) == 1, f"{self.name} has {len(found)} {name}"
        return found[0]

    def parts(self, name: str) -> list["Component"]:
        return [part for part in self.inner if part.name == name]


def lint(body: bytes) -> Component:
    """Assert every rule of the profile, and hand out what was read."""
    calendar = parsed(unfolded(body))
    _check_top(calendar)
    zones = [_checked_zone(zone) for zone in calendar.parts("VTIMEZONE")]
    assert len(set(zones)) == len(zones), "a zone is told twice"
    used = {
        line.params["TZID"]
        for event in calendar.parts("VEVENT")
        for line in event.lines
        if "TZID" in line.params
    }
    assert used == set(zones), f"zones used {used}, told {zones}"
    _check_events(calendar.parts("VEVENT"))
    assert {part.name for part in calendar.inner} <= {"VTIMEZONE", "VEVENT"}
    return calendar


def unfolded(body: bytes) -> list[str]:
    """The lines of a body, each whole. Asserts what the profile says of bytes."""
    assert not body.startswith(b"\xef\xbb\xbf"), "a byte order mark"
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert body.count(b"\n") == body.count(b"\r\n") == body.count(b"\r"), "a line end that is not CRLF"
    lines = body[:-2].split(b"\r\n")
    for line in lines:
        assert 0 < len(line) <= 75, f"{len(line)} octets in a line"
        text = line.decode()  # raises where a fold stands inside a character
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", text), f"a control character in {text!r}"
    return body[:-2].decode().replace("\r\n ", "").split("\r\n")


def parsed(lines: list[str]) -> Component:
    """The tree of components of unfolded lines."""
    stack = [Component("")]
    for text in lines:
        head, _, value = text.partition(":")
        name, *params = head.split(";")
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].inner.append(done)
        else:
            pairs = (param.partition("=") for param in params)
            stack[-1].lines.append(Line(name, {key: to for key, _, to in pairs}, value))
    (calendar,) = stack[0].inner
    assert calendar.name == "VCALENDAR"
    return calendar


def _check_top(calendar: Component) -> None:
    assert Counter(line.name for line in calendar.lines) == Counter(ONCE)
    assert not NEVER_ON_TOP & {line.name for line in calendar.lines}
    for name, value in FIXED.items():
        assert calendar.one(name).value == value
    assert calendar.one("REFRESH-INTERVAL").params == {"VALUE": "DURATION"}
    assert calendar.one("NAME").value == calendar.one("X-WR-CALNAME").value
    assert _is_escaped(calendar.one("NAME").value)


def _is_escaped(value: str) -> bool:
    return re.fullmatch(r"(?:[^\\,;]|\\[\\,;nN])*", value) is not None


def _checked_zone(zone: Component) -> str:
    kinds = Counter(block.name for block in zone.inner)
    assert set(kinds) <= {"STANDARD", "DAYLIGHT"}
    yearly = [block for block in zone.inner if block.of("RRULE")]
    if yearly:
        assert kinds == {"STANDARD": 1, "DAYLIGHT": 1}
        assert len(yearly) == 2
    for block in zone.inner:
        assert LOCAL.fullmatch(block.one("DTSTART").value)
        assert re.fullmatch(r"[+-]\d{4}", block.one("TZOFFSETFROM").value)
        assert re.fullmatch(r"[+-]\d{4}", block.one("TZOFFSETTO").value)
    for block in yearly:
        assert re.fullmatch(
            r"FREQ=YEARLY;BYDAY=-?[1-4](SU|MO|TU|WE|TH|FR|SA);BYMONTH=\d\d?", block.one("RRULE").value
        )
    name = zone.one("TZID").value
    assert name in available_timezones(), f"{name} is no IANA name"
    return name


def _check_events(events: list[Component]) -> None:
    masters: dict[str, Component] = {}
    overridden: set[tuple[str, str]] = set()
    stamps = {event.one("LAST-MODIFIED").value for event in events}
    assert len(stamps) <= 1
    for event in events:
        _check_event(event)
        uid = event.one("UID").value
        if not event.of("RECURRENCE-ID"):
            assert uid not in masters, "a UID is used twice"
            masters[uid] = event
            continue
        named = event.one("RECURRENCE-ID")
        master = masters[uid]  # KeyError: an override before its master, or without one
        assert named.params == master.one("DTSTART").params
        assert (uid, named.value) not in overridden
        assert named.value not in _excluded(master), "overridden and excluded at once"
        assert int(event.one("SEQUENCE").value) >= int(master.one("SEQUENCE").value)
        overridden.add((uid, named.value))
    for uid, master in masters.items():
        if master.of("RRULE"):
            _check_master(master, [e for e in events if e.of("RECURRENCE-ID") and e.one("UID").value == uid])


def _excluded(master: Component) -> list[str]:
    return [value for line in master.of("EXDATE") for value in line.value.split(",")]


def _check_master(master: Component, overrides: list[Component]) -> None:
    """It begins and ends with instances; what differs names one, and stays between its neighbors."""
    start, rule = _wall(master.one("DTSTART").value), _rule(master)
    excluded = {_wall(value) for value in _excluded(master)}
    now = {_wall(e.one("RECURRENCE-ID").value): _wall(e.one("DTSTART").value) for e in overrides}
    until = _until(rule, ZoneInfo(master.one("DTSTART").params.get("TZID", "UTC")))
    furthest = until or max([start, *excluded, *now]) + BEYOND
    ruled = list(takewhile(lambda at: at <= furthest, _instances(start, rule)))
    assert ruled[0] == start, "DTSTART is no date of its own rule"
    assert excluded | now.keys() <= set(ruled), "an exception names no instance"
    shown = [at for at in ruled if at not in excluded]
    assert shown[0] == start, "the first instance is excluded"
    assert until in {None, shown[-1]}, "UNTIL is not the start of the last instance"
    days = [{at.date(), now.get(at, at).date()} for at in shown]
    for place, at in enumerate(shown):
        stands = now.get(at, at).date()
        follows = place == 0 or max(days[place - 1]) < stands
        precedes = place + 1 == len(shown) or stands < min(days[place + 1])
        assert stands == at.date() or (follows and precedes), (
            f"moved onto the day of another, or past it: {at}"
        )


def _rule(event: Component) -> dict[str, str]:
    return dict(part.split("=") for part in event.one("RRULE").value.split(";"))


def _until(rule: dict[str, str], zone: ZoneInfo) -> datetime | None:
    if "UNTIL" not in rule:
        return None
    at = datetime.strptime(rule["UNTIL"], "%Y%m%dT%H%M%SZ").replace(tzinfo=AS_UTC)
    return at.astimezone(zone).replace(tzinfo=None)


def _wall(value: str) -> datetime:
    return datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- a wall time


def _instances(start: datetime, rule: dict[str, str]) -> Iterator[datetime]:
    """The local starts of a weekly or monthly rule from its first on, in order, without end."""
    days, interval = rule.get("BYDAY", "").split(","), int(rule["INTERVAL"])
    if rule["FREQ"] == "WEEKLY":
        week = start.date() - timedelta(days=start.weekday())
        while True:
            for day in sorted(DAYS.index(name) for name in days):
                if start.date() <= (at := week + timedelta(days=day)):
                    yield datetime.combine(at, start.time())
            week += timedelta(weeks=interval)
    month = start.year * 12 + start.month - 1
    while True:
        for at in sorted(_days_of_month(month // 12, month % 12 + 1, days, start.day)):
            if start.date() <= at:
                yield datetime.combine(at, start.time())
        month += interval


def _days_of_month(year: int, month: int, days: list[str], usual: int) -> set[date]:
    length = monthrange(year, month)[1]
    if days == [""]:
        return {date(year, month, usual)} if usual <= length else set()
    found = set()
    for name in days:
        alike = [d for d in range(1, length + 1) if DAYS[date(year, month, d).weekday()] == name[-2:]]
        nth = int(name[:-2])
        if abs(nth) <= len(alike):
            found.add(date(year, month, alike[nth - 1 if nth > 0 else nth]))
    return found


def _check_event(event: Component) -> None:
    names = Counter(line.name for line in event.lines)
    assert set(names) <= EVENT_PROPERTIES, f"never: {set(names) - EVENT_PROPERTIES}"
    assert all(names[name] == 1 for name in ALWAYS_IN_EVENTS)
    assert max(names.values()) == 1
    assert OPAQUE.fullmatch(event.one("UID").value)
    assert UTC.fullmatch(event.one("DTSTAMP").value)
    assert event.one("DTSTAMP").value == event.one("LAST-MODIFIED").value
    assert event.one("SEQUENCE").value.isdigit()
    _check_times(event)
    for name in ("SUMMARY", "LOCATION", "DESCRIPTION"):
        assert all(_is_escaped(line.value) and line.value for line in event.of(name))
    assert all(re.fullmatch(r"https?://[!-~]+", line.value) for line in event.of("URL"))
    cancelled = event.one("SUMMARY").value.startswith(CANCELLED)
    assert [line.value for line in event.of("STATUS")] == (["CANCELLED"] if cancelled else [])
    quiet = [line.value for line in event.of("TRANSP")]
    assert quiet == ["TRANSPARENT"] if cancelled else quiet in ([], ["TRANSPARENT"])
    assert not (quiet and event.inner), "an alarm for what takes nobody's time"
    _check_alarms(event)


def _check_times(event: Component) -> None:
    start, end = event.one("DTSTART"), event.one("DTEND")
    assert start.params == end.params
    form = LOCAL if start.params else UTC
    assert set(start.params) <= {"TZID"}
    for line in (start, end, *event.of("RECURRENCE-ID")):
        assert form.fullmatch(line.value)
    assert start.value < end.value
    for line in (start, end) if start.params else ():
        _check_is_plain(_wall(line.value), ZoneInfo(line.params["TZID"]))
    for line in event.of("EXDATE"):
        assert line.params == start.params
        assert all(form.fullmatch(value) for value in line.value.split(","))
    if event.of("RRULE"):
        parts = _rule(event)
        assert set(parts) <= RULE_PARTS
        assert re.fullmatch(r"[1-9]\d*", parts["INTERVAL"])
        assert parts["FREQ"] in {"WEEKLY", "MONTHLY"}
        assert parts["WKST"] == "MO"
        assert "BYDAY" in parts or parts["FREQ"] == "MONTHLY"
        assert "UNTIL" not in parts or UTC.fullmatch(parts["UNTIL"])


def _check_is_plain(wall: datetime, zone: ZoneInfo) -> None:
    """Told in its zone, a wall time must exist, and only once: readers disagree about all others."""
    offsets = {wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    assert len(offsets) == 1, f"{wall} in {zone} is skipped or there twice"


def _check_alarms(event: Component) -> None:
    assert {part.name for part in event.inner} <= {"VALARM"}
    for alarm in event.inner:
        assert {line.name for line in alarm.lines} == {"ACTION", "DESCRIPTION", "TRIGGER"}
        assert alarm.one("ACTION").value == "DISPLAY"
        assert alarm.one("DESCRIPTION").value == event.one("SUMMARY").value
        assert alarm.one("TRIGGER").value.startswith("-P") or alarm.one("TRIGGER").value == "PT0S"
