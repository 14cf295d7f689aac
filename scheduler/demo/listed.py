"""Forty meetings that fellowships around Lindenfield might list. All of them are made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from scheduler.domain.mutual_help.rows import MeetingRow

SOURCE = "demonstration"
SATURDAY_MEETING = "saturday-meeting"

_PLACES = {
    "ansgar": ("St. Ansgar Hall", "14 Church Lane, Lindenfield", "Old Town", "Side door"),
    "methodist": ("First Methodist", "31 High Street, Lindenfield", "Old Town", "Room 5"),
    "quaker": ("Quaker House", "8 Orchard Road, Lindenfield", "Orchard", "Upstairs"),
    "library": (
        "Branch library",
        "90 Canal Street, Lindenfield",
        "Canal",
        "Ask at the desk for the back room",
    ),
    "hall": ("Grange Hall", "2 Mill Road, Stony Ford", "Stony Ford", ""),
    "club": ("Noon Club", "17 Depot Street, Lindenfield", "Depot", "Ring twice"),
}

# Day (0 Monday), time, minutes or 0 where the list gives no end, fellowship, place or "online", types, name.
_TABLE = """
0|06:30|60|AA|ansgar|O D X|Sunrise
0|12:00|60|NA|club|O LIT|Noon break
0|19:00|0|AL-ANON|methodist|C ST|Monday steps
0|20:00|90|NA|online|O ONL LIT|Basic text
0|18:00|60|AA|library|O BE X|First things
1|06:30|60|AA|ansgar|O D|Sunrise
1|12:00|60|NA|club|O X|Noon break
1|17:30|60|RD|quaker|O MI|Sit and share
1|19:00|60|AA|methodist|C W|Tuesday women
1|20:00|90|NA|online|O ONL LIT|Basic text
1|19:30|0|SMART|library|O|Tools and checking in
2|06:30|60|AA|ansgar|O D|Sunrise
2|07:00|60|AA|ansgar|O DR|Daily reflection
2|12:00|60|NA|club|O|Noon break
2|18:00|60|NA|hall|O BEG X|New here
2|19:30|60|AA|hall|C M|Wednesday men
2|20:00|60|AL-ANON|online|O ONL BE|Newcomers online
3|06:30|60|AA|ansgar|O D|Sunrise
3|12:00|60|NA|club|O|Noon break
3|17:30|60|RD|quaker|O MI|Sit and share
3|19:00|75|AA|methodist|O ST 12x12|Twelve and twelve
3|20:00|90|NA|online|O ONL JFT|Just tonight
3|18:30|0|CMA|club|O|Clear evening
4|06:30|60|AA|ansgar|O D|Sunrise
4|12:00|60|NA|club|O|Noon break
4|19:00|90|NA|methodist|O SPK|Friday speakers
4|20:00|60|AA|library|O Y|Young and early
4|22:30|90|NA|hall|O CAN|Candlelight
4|18:00|60|NAR-ANON|quaker|O|Family and friends
5|07:30|60|AA|ansgar|O BRK|Breakfast meeting
5|09:00|60|AA|ansgar|O X D|Saturday meeting
5|10:30|60|AL-ANON|methodist|O BE|Saturday beginners
5|12:00|60|NA|club|O|Noon break
5|17:00|60|HA|library|O|One more day
5|23:00|120|NA|online|O ONL|Night owls
6|08:00|60|AA|ansgar|O MED 11|Quiet Sunday
6|10:00|90|NA|hall|O X|Sunday circle
6|17:00|60|RD|online|O ONL MI|Sunday practice
6|19:00|60|AA|methodist|O SP|Sunday speaker
6|20:30|60|MA|online|O|Evening online
"""


def listed_meetings(timezone: str) -> tuple[MeetingRow, ...]:
    """The rows, as a list would give them."""
    return tuple(_rows(timezone))


def _rows(timezone: str) -> Iterator[MeetingRow]:
    for number, line in enumerate(_TABLE.split("\n")[1:-1], start=1):
        day, starts, minutes, fellowship, where, types, name = line.split("|")
        place, address, region, notes = _PLACES.get(where, ("", "", "", ""))
        key = name.lower().replace(" ", "-")
        yield MeetingRow(
            number=number,
            key=key if key == SATURDAY_MEETING else f"{key}-{day}",
            name=name,
            fellowship=fellowship,
            weekday=int(day),
            starts=time.fromisoformat(starts),
            minutes=int(minutes) or 60,
            end_assumed=minutes == "0",
            timezone=timezone,
            types=tuple(types.split()),
            place=place,
            address=address,
            region=region,
            place_notes=notes,
            online_link="" if place else f"https://meet.example/{key}",
        )
