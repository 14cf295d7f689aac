"""A zone as VTIMEZONE: one STANDARD and one DAYLIGHT with yearly rules, or one block for each change.

icalendar's own `add_missing_timezones()` put 34 of 52 meetings an hour off in one reader, so the blocks are
made here, and the yearly form is used only where it says exactly what the zone does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from scheduler.domain.calendars.clock_changes import Change, changes, offset_at
from scheduler.formats.posix_zone import Turn, yearly_turns

YEARS_TOLD = 5
_EDGE = timedelta(days=2)
_BEGINNING = datetime(1970, 1, 1)


@lru_cache(maxsize=64)
def vtimezone(name: str, begins: date) -> Timezone:
    """The zone of that name, right from `begins` on; for five years where it has no yearly rule."""
    zone = ZoneInfo(name)
    ends = begins.replace(year=begins.year + YEARS_TOLD, day=1)
    changed = changes(zone, begins, ends)
    turns = yearly_turns(name)
    timezone = Timezone()
    timezone.add("TZID", name)
    if turns and _is_yearly(turns, changed, begins, ends):
        for turn in turns:
            timezone.add_component(_yearly_block(zone, turn, changed))
    else:
        _add_blocks(timezone, zone, changed, begins)
    return timezone


def _is_yearly(turns: tuple[Turn, Turn], changed: Sequence[Change], begins: date, ends: date) -> bool:
    """Does the zone, from `begins` to `ends`, do exactly what its yearly rule says?"""
    ruled = {turn.in_year(year) for turn in turns for year in range(begins.year, ends.year + 1)}
    done = {_wall_before(change) for change in changed}
    # What falls on the very edge is in one list and not in the other by the hours between the zone and UTC.
    return all(wall.date() - begins < _EDGE or ends - wall.date() < _EDGE for wall in ruled ^ done)


def _wall_before(change: Change) -> datetime:
    return (change.at + change.before).replace(tzinfo=None)


def _yearly_block(
    zone: ZoneInfo, turn: Turn, changed: Sequence[Change]
) -> TimezoneStandard | TimezoneDaylight:
    change = next(c for c in changed if _wall_before(c) == turn.in_year(_wall_before(c).year))
    block = _block(zone, change.at, change.before, change.after, turn.in_year(_BEGINNING.year))
    block.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": turn.month, "BYDAY": turn.ordinal_day})
    return block


def _add_blocks(timezone: Timezone, zone: ZoneInfo, changed: Sequence[Change], begins: date) -> None:
    opening = datetime.combine(begins, time.min, UTC)
    offset = offset_at(zone, opening)
    daylight = bool(changed) and changed[0].after < offset
    timezone.add_component(_block(zone, opening, offset, offset, _BEGINNING, daylight=daylight))
    for change in changed:
        timezone.add_component(_block(zone, change.at, change.before, change.after, _wall_before(change)))


def _block(
    zone: ZoneInfo,
    at: datetime,
    before: timedelta,
    after: timedelta,
    onset: datetime,
    *,
    daylight: bool | None = None,
) -> TimezoneStandard | TimezoneDaylight:
    """Summer is where clocks stand further ahead, also in Ireland, whose own law says it the other way."""
    ahead = after > before if daylight is None else daylight
    block = TimezoneDaylight() if ahead else TimezoneStandard()
    block.add("DTSTART", onset)
    block.add("TZOFFSETFROM", before)
    block.add("TZOFFSETTO", after)
    block.add("TZNAME", at.astimezone(zone).tzname() or "UTC")
    return block
