"""The words of the board: counts, heads of rows and columns, and what is wrong with a session."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.domain.people.finding import Found
from scheduler.domain.planning.board import Counts, Shown
from scheduler.domain.planning.planned import Twice
from scheduler.domain.schedule.conflicts import Holder
from scheduler.web.coordinator.board import Board, Entry
from scheduler.web.coordinator.board_address import HIDDEN, Asked, By, Span
from scheduler.web.display import day_short, month_and_year, week_span
from scheduler.web.language import gettext, ngettext
from scheduler.web.words import KINDS


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A row of the table: a room, what is to be known of it, and its entries by day."""

    name: str
    about: str
    cells: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class DayHead:
    """A column of the table; ``number`` is 0 for Monday."""

    number: int
    label: str
    today: bool


def in_words(counts: Counts) -> str:
    """ "25 sessions: 2 double-booked, 1 without a lead, 1 cancelled."."""
    sessions = ngettext("%(num)d session", "%(num)d sessions", counts.sessions)
    twice = ngettext("%(num)d double-booked", "%(num)d double-booked", counts.twice)
    lacking = ngettext("%(num)d without a lead", "%(num)d without a lead", counts.lacking)
    cancelled = ngettext("%(num)d cancelled", "%(num)d cancelled", counts.cancelled)
    troubles = ((counts.twice, twice), (counts.lacking, lacking), (counts.cancelled, cancelled))
    told = ", ".join(words for number, words in troubles if number)
    return f"{sessions}: {told}." if told else f"{sessions}."


def room_lines(board: Board) -> list[RoomLine]:
    """The rows of the table by room."""
    lines = []
    for row in board.rooms:
        name = row.room.full_name if row.room else gettext("No room")
        holds = row.room.capacity if row.room else None
        about = gettext("holds %(places)d", places=holds) if holds else ""
        lines.append(RoomLine(name, about, row.entries))
    return lines


def day_heads(board: Board, today: date) -> list[DayHead]:
    """The columns of the table."""
    return [DayHead(number, day_short(day.date), day.date == today) for number, day in enumerate(board.days)]


def trouble(entry: Entry) -> dict[str, str]:
    """What a small entry says in place of who leads: a state for the style sheet, and a word."""
    planned = entry.planned
    if not planned.takes_place:
        return {"state": "off", "trouble": gettext("Cancelled")}
    if planned.not_met:
        return {"state": "off", "trouble": gettext("Did not meet")}
    if entry.twice:
        return {"state": "conflict", "trouble": _taken(entry.twice[0])}
    return {"state": "nolead", "trouble": gettext("No lead")} if planned.lacks_lead else {}


def _taken(first: Twice) -> str:
    if first.holder is Holder.ROOM:
        return gettext("Room taken twice") if first.others else gettext("Room busy")
    if first.others:
        return gettext("%(name)s twice", name=first.name)
    return gettext("%(name)s busy elsewhere", name=first.name)


@dataclass(frozen=True, slots=True)
class Filter:
    """A select that narrows the board: its name in the address, and values with words; "" is all."""

    name: str
    label: str
    chosen: str
    offers: Mapping[str, str]


def heading(asked: Asked) -> str:
    """ "Tue, July 14", "July 13 to 19", "July 2026"."""
    if asked.span is Span.DAY:
        return day_short(asked.day)
    return week_span(asked.first) if asked.span is Span.WEEK else month_and_year(asked.day)


def filters(shown: Shown, sites: Mapping[int, str], people: Iterable[Found]) -> list[Filter]:
    """What it may be narrowed to."""
    site, who = ("" if chosen is None else str(chosen) for chosen in (shown.site_id, shown.person_id))
    return [
        Filter(
            "site",
            gettext("Site"),
            site,
            {"": gettext("All sites"), **{str(number): name for number, name in sites.items()}},
        ),
        Filter("kind", gettext("Kind"), shown.kind or "", {"": gettext("All kinds"), **KINDS}),
        Filter(
            "who",
            gettext("Led by"),
            who,
            {"": gettext("Everybody"), **{str(each.id): each.short_name for each in people}},
        ),
    ]


def in_use(asked: Asked) -> list[Filter]:
    """Whether columns or rows that hold nothing stay; not asked of a month, which has none."""
    if asked.span is Span.MONTH:
        return []
    all_used = {
        By.ROOMS: (gettext("All rooms"), gettext("Rooms in use")),
        By.PEOPLE: (gettext("All who lead"), gettext("Who leads then")),
        By.SITES: (gettext("All sites, used or not"), gettext("Sites in use")),
    }
    every, used = all_used[asked.by]
    return [Filter("empty", gettext("Columns"), HIDDEN if asked.in_use else "", {"": every, HIDDEN: used})]


def words() -> dict[str, str]:
    """What the drawing says itself; a name in a sentence stands as ``{name}``."""
    return {
        "board": gettext("Board. The same sessions are in the list."),
        "cancelled": gettext("Cancelled"),
        "count_sessions": gettext("Sessions: {number}."),
        "count_twice": gettext("Double-booked: {number}."),
        "count_lacking": gettext("Without a lead: {number}."),
        "count_cancelled": gettext("Cancelled: {number}."),
        "closed": gettext("Closed: {reason}"),
        "failed": gettext("The plan could not be loaded. Load the page again."),
        "more": gettext("{number} more"),
        "nolead": gettext("No lead"),
        "not_met": gettext("Did not meet"),
        "other_zone": gettext("{time} ({zone})"),
        "room_busy": gettext("Room busy"),
        "room_twice": gettext("Room taken twice"),
        "somebody_busy": gettext("{name} busy elsewhere"),
        "somebody_twice": gettext("{name} twice"),
        "unsaved": gettext("Not saved"),
        "was_here": gettext("was here"),
    }
