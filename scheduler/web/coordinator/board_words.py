"""The words of a week: counts, heads of rows and columns, and what is wrong with a session."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.schedule.conflicts import Holder
from scheduler.web.coordinator.board import Board, Counts, Entry
from scheduler.web.display import day_short
from scheduler.web.language import gettext, ngettext


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
    if entry.twice:
        first = entry.twice[0]
        is_room = first.holder is Holder.ROOM
        word = gettext("Room taken twice") if is_room else gettext("%(name)s twice", name=first.name)
        return {"state": "conflict", "trouble": word}
    return {"state": "nolead", "trouble": gettext("No lead")} if planned.lacks_lead else {}
