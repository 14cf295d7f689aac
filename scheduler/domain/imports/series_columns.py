"""Lists of series: what a cell can say of one, and by which headings it is known. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from scheduler.domain.imports.mapping import Fields, ListKind, known_as
from scheduler.domain.schedule.spoken import spoken
from scheduler.errors import Invalid


class SeriesField(StrEnum):
    """What a cell of a list can say of a series."""

    TITLE = "title"
    DISCREET = "discreet"
    KIND = "kind"
    FELLOWSHIP = "fellowship"
    DAY = "day"
    TIME = "time"
    LENGTH = "length"
    END = "end"
    SITE = "site"
    ROOM = "room"
    LEAD = "lead"
    PLACES = "places"
    FROM = "from"
    UNTIL = "until"
    CLOSED = "closed"
    COUNTING = "counting"
    LEAST_PEOPLE = "least_people"
    MOST_PEOPLE = "most_people"
    LEAST_MINUTES = "least_minutes"
    MOST_MINUTES = "most_minutes"
    CHECK_IN = "check_in"


HEADINGS: Final[dict[SeriesField, str]] = {
    SeriesField.TITLE: "Title",
    SeriesField.DISCREET: "Discreet title",
    SeriesField.KIND: "Kind",
    SeriesField.FELLOWSHIP: "Fellowship",
    SeriesField.DAY: "Day",
    SeriesField.TIME: "Time",
    SeriesField.LENGTH: "Length",
    SeriesField.SITE: "Site",
    SeriesField.ROOM: "Room",
    SeriesField.LEAD: "Lead",
    SeriesField.PLACES: "Places",
    SeriesField.FROM: "From",
    SeriesField.UNTIL: "Until",
    SeriesField.CLOSED: "Closed group",
    SeriesField.COUNTING: "Attendance",
    SeriesField.LEAST_PEOPLE: "Least people",
    SeriesField.MOST_PEOPLE: "Most people",
    SeriesField.LEAST_MINUTES: "Least minutes",
    SeriesField.MOST_MINUTES: "Most minutes",
    SeriesField.CHECK_IN: "Check-in at the door",
}
"""The columns of a list that is written, by the words that it is read by."""

_KNOWN_AS: Final[dict[SeriesField, str]] = {
    SeriesField.TITLE: "title|name|group|group name|session|class|series|topic|meeting|meeting name",
    SeriesField.DISCREET: "discreet title|discreet|neutral title|shown as|calendar title",
    SeriesField.KIND: "kind|type|category|session type|group type",
    SeriesField.FELLOWSHIP: "fellowship",
    SeriesField.DAY: "day|days|weekday|weekdays|day of week|day of the week|repeats|rule|recurrence",
    SeriesField.TIME: "time|start|starts|start time|begins|hour|hours|times|at",
    SeriesField.LENGTH: "length|duration|minutes|min|mins|how long",
    SeriesField.END: "end|ends|end time|finish|until time|stops",
    SeriesField.SITE: "site|location|house|center|centre|facility|building",
    SeriesField.ROOM: "room|place|space|where",
    SeriesField.LEAD: "lead|leads|leader|leaders|facilitator|facilitators|led by|counselor|staff|who",
    SeriesField.PLACES: "places|capacity|seats|size|max|maximum|limit",
    SeriesField.FROM: "from|first day|first date|start date|from date|starting|since|begin date|date|dates"
    "|starts on|start on|begins on|first session|first meeting|starting on|effective",
    SeriesField.UNTIL: "until|last day|last date|end date|until date|through|to"
    "|ends on|end on|ending|ending on|last session|last meeting|thru",
    SeriesField.CLOSED: "closed group|closed",
    SeriesField.COUNTING: "attendance|attendance is kept in|counting|counted",
    SeriesField.LEAST_PEOPLE: "least people|fewest people|min people|minimum people",
    SeriesField.MOST_PEOPLE: "most people|max people|maximum people",
    SeriesField.LEAST_MINUTES: "least minutes|min minutes|minimum minutes",
    SeriesField.MOST_MINUTES: "most minutes|max minutes|maximum minutes",
    SeriesField.CHECK_IN: "check in at the door|check in|self check in|members put themselves on the sheet",
}

_UNSURE: Final = {"when": (SeriesField.DAY, SeriesField.TIME)}

_TIME: Final = re.compile(
    r"\d{1,2}(:\d\d){0,2} ?([ap]\.?m\.?)?( ?(-|–|to) ?\d{1,2}(:\d\d)? ?([ap]\.?m\.?)?)?", re.IGNORECASE
)
_ANY_DAY: Final = datetime(2026, 1, 5, 9)
_DAY: Final = re.compile(r"(every )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b.*", re.IGNORECASE)


def _by_cells(cells: Sequence[str]) -> Iterator[StrEnum]:
    if cells and all(_DAY.fullmatch(cell) or _is_rule(cell) for cell in cells):
        yield SeriesField.DAY
    if cells and all(":" in cell or cell[-1:] in "mM" for cell in cells) and all(map(_TIME.fullmatch, cells)):
        yield SeriesField.TIME


def _is_rule(cell: str) -> bool:
    """Is this a rule in words: T/Th, 2nd Monday, everyday?"""
    try:
        return bool(spoken(cell, _ANY_DAY))
    except Invalid:
        return False


def _problems(fields: Fields) -> dict[StrEnum | None, str]:
    chosen = set(fields)
    missing = [
        word
        for field, word in (
            (SeriesField.TITLE, "the titles"),
            (SeriesField.DAY, "the days"),
        )
        if field not in chosen
    ]
    return {None: f"Say which column holds {' and '.join(missing)}."} if missing else {}


SERIES: Final = ListKind(
    name="series",
    fields=SeriesField,
    known_as=known_as(_KNOWN_AS),
    dated=frozenset({SeriesField.FROM, SeriesField.UNTIL}),
    optional={
        SeriesField.DISCREET: "discreet title",
        SeriesField.FELLOWSHIP: "fellowship",
        SeriesField.ROOM: "room",
        SeriesField.LEAD: "lead",
        SeriesField.PLACES: "number of places",
    },
    problems=_problems,
    unsure=_UNSURE,
    by_cells=_by_cells,
    most_rows=1_000,
)
