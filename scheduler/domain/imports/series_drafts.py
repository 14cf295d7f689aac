"""What the rows of a list say of series, as values; what cannot be read is refused with its reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final, TypeVar

from scheduler.domain.imports.mapping import Fields, folded
from scheduler.domain.imports.reading import Cells, Slip, reader_of
from scheduler.domain.imports.series_columns import SERIES, SeriesField
from scheduler.domain.imports.series_hours import (
    DISAGREE,
    NO_END,
    has_24_hours,
    minutes_of,
    read_end,
    read_hours,
    read_length,
)
from scheduler.domain.imports.table import Table
from scheduler.domain.mutual_help.fellowships import fellowship_named
from scheduler.domain.people.names import search_name
from scheduler.domain.schedule.counts import LONGEST_COUNTED, MOST_COUNTED, NO_LIMITS, Counts
from scheduler.domain.schedule.discretion import telling_word
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import LONGEST_TITLE
from scheduler.domain.schedule.recurrence import Rule, day_said
from scheduler.domain.schedule.spoken import Spoken, spoken
from scheduler.domain.schedule.spoken_dates import Hours
from scheduler.domain.schedule.written_dates import Order
from scheduler.errors import Invalid

Word = TypeVar("Word")

MOST_LEADS: Final = 10
NO_TITLE = "There is no title."
NO_DAY = "There is no day."
NO_START = "There is no time."
NO_DATE_OF_ONE = "It meets once: say on which date."
TWO_STARTS = "The day and the first date do not agree."
ENDS_EARLY = "The last date is before the first."
TWO_ENDS = "It ends twice: say in one place until when."

_CALLED: Final[Mapping[Kind, str]] = {
    Kind.GROUP: "group|groups|group counseling|process group|group therapy|grp|gr|grp counseling",
    Kind.INDIVIDUAL: "one-to-one|individual|individual session|individual counseling|1 1|1 on 1|1 to 1"
    "|one on one|ind|indiv|individ",
    Kind.MUTUAL_HELP: "12-step|12 step meeting|12step|12 st|twelve step|mutual help|mutual help meeting"
    "|meeting|mtg|aa|na",
    Kind.ASSESSMENT: "assessment|intake|evaluation|assess|assmt|eval",
    Kind.FAMILY: "family|family session|family group|family counseling|fam",
    Kind.SKILLS: "skills|skills group|skills training|life skills|training|class|education|skill|edu|ed",
    Kind.MEDICATION: "medication|medication visit|dosing|meds|med|rx",
    Kind.OTHER: "other|something else|oth",
}
"""By the first word each is named where a cell says none of them."""
KIND_WORDS: Final = {folded(word): kind for kind, words in _CALLED.items() for word in words.split("|")}
KINDS_TOLD: Final = ", ".join(words.split("|")[0] for words in _CALLED.values())
COUNTING_WORDS: Final[Mapping[str, Counting]] = {
    "minutes": Counting.MINUTES,
    "clinical minutes": Counting.MINUTES,
    "names": Counting.NAMES,
    "heads": Counting.HEADS,
    "headcount": Counting.HEADS,
}
YES_WORDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "y", "true", "x", "closed", "1"), True),
    **dict.fromkeys(("no", "n", "false", "open", "0"), False),
}
_SPAN: Final = re.compile(r"\s+(?:-|to|until|through)\s+|\s*[–—]\s*")


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """One row. Empty values say nothing.

    ``name`` is the title, ``search`` its folded form. ``start`` is a wall time, ``minutes`` the length; the
    dates are local. ``reasons`` say why it cannot be taken, ``slips`` what it could be taken without.
    """

    number: int
    name: str
    search: str
    discreet_title: str = ""
    kind: Kind | None = None
    fellowship: str | None = None
    rule: Rule | None = None
    start: time | None = None
    minutes: int | None = None
    site: str = ""
    room: str = ""
    leads: tuple[str, ...] = ()
    places: int | None = None
    from_date: date | None = None
    closed: bool | None = None
    counting: Counting | None = None
    counts: Counts = NO_LIMITS
    check_in: bool | None = None
    reasons: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()

    def first(self, today: date) -> datetime:
        """The first date that is typed, else today, at its time."""
        return datetime.combine(self.from_date or today, self.start or time())


def series_drafts(
    table: Table, fields: Fields, *, today: date, order: Order | None = None
) -> tuple[SeriesDraft, ...]:
    """What each row says, ``fields`` being what the columns hold and ``today`` the local date."""
    reader = reader_of(SERIES, table, fields, order, near=today)
    timed = [reader.columns[each] for each in (SeriesField.TIME, SeriesField.END) if each in reader.columns]
    of_24 = has_24_hours(row.cells[column] for row in table.rows for column in timed)
    return tuple(_draft(row.number, reader.cells_of(row), today, of_24) for row in table.rows)


def _draft(number: int, cells: Cells, today: date, of_24: bool) -> SeriesDraft:  # noqa: FBT001 -- of a column
    """What one row says."""
    title, (typed, until) = cells.text(SeriesField.TITLE), _dates(cells)
    hours = cells.read(SeriesField.TIME, lambda text: read_hours(text, of_24=of_24))
    first = datetime.combine(typed or today, hours.start if hours else time())
    said = cells.read(SeriesField.DAY, lambda text: spoken(text, first))
    hours = hours or (said.hours if said and not cells.text(SeriesField.TIME) else None)
    draft = SeriesDraft(
        number=number,
        name=title,
        search=search_name(title),
        discreet_title=cells.read(SeriesField.DISCREET, _discreet) or "",
        kind=cells.read(SeriesField.KIND, lambda text: _of(KIND_WORDS, text, "kind", KINDS_TOLD)),
        fellowship=cells.read(SeriesField.FELLOWSHIP, lambda text: fellowship_named(text).code),
        rule=_rule(cells, said, until),
        start=hours.start if hours else None,
        minutes=_minutes(cells, hours, of_24),
        site=cells.text(SeriesField.SITE),
        room=cells.text(SeriesField.ROOM),
        leads=cells.several(SeriesField.LEAD),
        places=cells.read(SeriesField.PLACES, _places),
        from_date=typed or (said.first_day if said else None),
        closed=_yes(cells, SeriesField.CLOSED),
        counting=cells.read(
            SeriesField.COUNTING,
            lambda text: _of(COUNTING_WORDS, text, "way of counting", "minutes, names, heads"),
        ),
        counts=Counts(
            least_people=cells.read(SeriesField.LEAST_PEOPLE, _people),
            most_people=cells.read(SeriesField.MOST_PEOPLE, _people),
            least_minutes=cells.read(SeriesField.LEAST_MINUTES, _counted_minutes),
            most_minutes=cells.read(SeriesField.MOST_MINUTES, _counted_minutes),
        ),
        check_in=_yes(cells, SeriesField.CHECK_IN),
    )
    wrong = (*cells.reasons, *_wrong_with(draft, cells, said, typed), *_ends_early(draft, today))
    return replace(draft, reasons=wrong, slips=tuple(cells.slips))


def _dates(cells: Cells) -> tuple[date | None, date | None]:
    """From when until when; both may stand in one cell."""
    parts = _SPAN.split(cells.text(SeriesField.FROM), maxsplit=1)
    if len(parts) == 1:
        first = cells.day(SeriesField.FROM)
        return first, cells.day(SeriesField.UNTIL, near=first)
    first = cells.read(SeriesField.FROM, _day_of(cells, parts[0].strip(), None))
    last = cells.read(SeriesField.FROM, _day_of(cells, parts[1].strip(), first))
    if cells.text(SeriesField.UNTIL):
        cells.blame(SeriesField.UNTIL, TWO_ENDS)
    return first, last


def _day_of(cells: Cells, part: str, near: date | None) -> Callable[[str], date]:
    return lambda _text: cells.reader.day(part, SeriesField.FROM, near)


def _rule(cells: Cells, said: Spoken | None, until: date | None) -> Rule | None:
    """With the last date of its own column."""
    if said is None or until is None or said.rule.is_single:
        return said.rule if said else None
    if said.rule.count is not None or said.rule.until not in (None, until):
        cells.blame(SeriesField.UNTIL, TWO_ENDS)
        return said.rule
    return replace(said.rule, until=until)


def _minutes(cells: Cells, hours: Hours | None, of_24: bool) -> int | None:  # noqa: FBT001 -- of a column
    """By the length, by the end in a cell of its own or beside the start; all that there are agree."""
    found = [cells.read(SeriesField.LENGTH, read_length)]
    if hours is not None:
        start, end = hours.start, hours.end
        if end is not None:
            where = SeriesField.TIME if cells.text(SeriesField.TIME) else SeriesField.DAY
            found.append(cells.read(where, lambda _text: minutes_of(start, end)))
        found.append(
            cells.read(SeriesField.END, lambda text: minutes_of(start, read_end(text, start, of_24=of_24)))
        )
    told = {each for each in found if each is not None}
    if len(told) > 1:
        cells.reasons.append(DISAGREE)
    if not told and not cells.reasons and hours is not None:
        cells.reasons.append(NO_END)
    return min(told, default=None)


def _wrong_with(draft: SeriesDraft, cells: Cells, said: Spoken | None, typed: date | None) -> Iterator[str]:
    """What is missing, and what is wrong with the values together."""
    if not draft.name:
        yield NO_TITLE
    if len(draft.name) > LONGEST_TITLE:
        yield f"A title has at most {LONGEST_TITLE} letters."
    if not cells.text(SeriesField.DAY):
        yield NO_DAY
    if draft.start is None and not cells.text(SeriesField.TIME):
        yield NO_START
    if draft.rule is not None and draft.rule.is_single and draft.from_date is None:
        yield NO_DATE_OF_ONE
    if said is not None and said.first_day is not None and typed not in (None, said.first_day):
        yield TWO_STARTS
    if len(draft.leads) > MOST_LEADS:
        yield f"There are more than {MOST_LEADS} leads."
    if draft.fellowship and draft.kind not in (None, Kind.MUTUAL_HELP):
        yield "Only mutual help has a fellowship."


def _ends_early(draft: SeriesDraft, today: date) -> Iterator[str]:
    """It would end before it begins: on the date that is said, or today."""
    until = draft.rule.until if draft.rule else None
    if until is None or until >= (draft.from_date or today):
        return
    yield (
        ENDS_EARLY
        if draft.from_date
        else f"{day_said(until)} is over: say from when it met, or a later last date."
    )


def _of(words: Mapping[str, Word], text: str, what: str, known: str) -> Word:
    """What a word stands for. Raises Invalid with those that are ``known``."""
    found = words.get(folded(text))
    if found is None:
        raise Invalid(f"There is no such {what}. There are: {known}.")
    return found


def _discreet(text: str) -> str:
    if len(text) > LONGEST_TITLE:
        raise Invalid(f"A title has at most {LONGEST_TITLE} letters.")
    word = telling_word(text)
    if word:
        raise Invalid(f"“{word}” gives away what this is.")
    return text


def _yes(cells: Cells, field: SeriesField) -> bool | None:
    return cells.read(field, lambda text: _of(YES_WORDS, text, "answer", "yes, no"))


def _places(text: str) -> int:
    return _number(text, MOST_COUNTED, "The number of places")


def _people(text: str) -> int:
    return _number(text, MOST_COUNTED, "The number of people that counts")


def _counted_minutes(text: str) -> int:
    return _number(text, LONGEST_COUNTED, "The number of minutes that counts")


def _number(text: str, most: int, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most):
        raise Invalid(f"{what} is from 1 to {most}.")
    return int(text)
