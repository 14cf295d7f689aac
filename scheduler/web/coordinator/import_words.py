"""The words for what a list may hold and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.people_columns import PEOPLE, Field
from scheduler.domain.imports.queries import State
from scheduler.domain.imports.series_columns import SERIES, SeriesField
from scheduler.domain.schedule.written_dates import Order
from scheduler.web.language import lazy_gettext

PEOPLE_FIELDS: Final[Mapping[StrEnum, str]] = {
    Field.NAME: lazy_gettext("Full name"),
    Field.FIRST: lazy_gettext("First name"),
    Field.LAST: lazy_gettext("Last name"),
    Field.BORN: lazy_gettext("Year or date of birth"),
    Field.EMAIL: lazy_gettext("E-mail"),
    Field.PHONE: lazy_gettext("Phone"),
    Field.PROGRAM: lazy_gettext("Program"),
    Field.SITE: lazy_gettext("Site"),
    Field.ADMITTED: lazy_gettext("Admitted on"),
    Field.DISCHARGED: lazy_gettext("Discharged on"),
    Field.GROUP: lazy_gettext("Group, by its title"),
    Field.FROM: lazy_gettext("In the group from"),
}
SERIES_FIELDS: Final[Mapping[StrEnum, str]] = {
    SeriesField.TITLE: lazy_gettext("Title"),
    SeriesField.DISCREET: lazy_gettext("Discreet title"),
    SeriesField.KIND: lazy_gettext("Kind"),
    SeriesField.FELLOWSHIP: lazy_gettext("Fellowship"),
    SeriesField.DAY: lazy_gettext("Days, or the rule in words"),
    SeriesField.TIME: lazy_gettext("Time"),
    SeriesField.LENGTH: lazy_gettext("Length"),
    SeriesField.END: lazy_gettext("End, by the clock"),
    SeriesField.SITE: lazy_gettext("Site"),
    SeriesField.ROOM: lazy_gettext("Room"),
    SeriesField.LEAD: lazy_gettext("Lead"),
    SeriesField.PLACES: lazy_gettext("Places"),
    SeriesField.FROM: lazy_gettext("First date, or from when until when"),
    SeriesField.UNTIL: lazy_gettext("Last date"),
    SeriesField.CLOSED: lazy_gettext("Closed group"),
    SeriesField.COUNTING: lazy_gettext("Attendance is kept in"),
    SeriesField.LEAST_PEOPLE: lazy_gettext("Least people"),
    SeriesField.MOST_PEOPLE: lazy_gettext("Most people"),
    SeriesField.LEAST_MINUTES: lazy_gettext("Least minutes"),
    SeriesField.MOST_MINUTES: lazy_gettext("Most minutes"),
    SeriesField.CHECK_IN: lazy_gettext("Members put themselves on the sheet"),
}
FIELDS: Final[Mapping[str, Mapping[StrEnum, str]]] = {
    PEOPLE.name: PEOPLE_FIELDS,
    SERIES.name: SERIES_FIELDS,
}


@dataclass(frozen=True, slots=True)
class KindWords:
    """What the pages of one kind of list say, and where they lead back to.

    ``endpoint`` is the page on which such a list is brought, ``whole`` that of all that is here.
    """

    endpoint: str
    title: str
    whole: str
    whole_title: str
    lede: str
    columns: str
    about_columns: str
    likely: str
    nameless: str


WORDS: Final[Mapping[str, KindWords]] = {
    PEOPLE.name: KindWords(
        endpoint="coordinator.import_people",
        title=lazy_gettext("People from a list"),
        whole="coordinator.people",
        whole_title=lazy_gettext("People"),
        lede=lazy_gettext(
            "Bring a spreadsheet as CSV or XLSX: one person in a row, and a heading above. "
            "You see what it does before anything is saved."
        ),
        columns=lazy_gettext(
            "The columns may be: name, year of birth, e-mail, phone, program, site, day of admission "
            "and of discharge, group. No notes."
        ),
        about_columns=lazy_gettext(
            "We guessed by the headings, and remember what you choose for the next list. "
            "Of a date of birth only the year is kept."
        ),
        likely=lazy_gettext("Likely duplicates"),
        nameless=lazy_gettext("Without a name"),
    ),
    SERIES.name: KindWords(
        endpoint="coordinator.import_series",
        title=lazy_gettext("Series from a list"),
        whole="coordinator.series",
        whole_title=lazy_gettext("Series"),
        lede=lazy_gettext(
            "Bring a spreadsheet as CSV or XLSX: one series in a row, and a heading above. "
            "You see what it does, and what would collide, before anything is saved."
        ),
        columns=lazy_gettext(
            "The columns may be: title, kind, day, time, length or end, site, room, lead, places, "
            "first and last date."
        ),
        about_columns=lazy_gettext(
            "We guessed by the headings, and remember what you choose for the next list. "
            "Times are those of the site."
        ),
        likely=lazy_gettext("Likely the same"),
        nameless=lazy_gettext("Without a title"),
    ),
}
ORDERS: Final[dict[Order, str]] = {
    Order.MONTH: lazy_gettext("month/day/year"),
    Order.DAY: lazy_gettext("day/month/year"),
}
STATES: Final[dict[State, str]] = {
    State.STAGED: lazy_gettext("Not applied yet"),
    State.LEFT: lazy_gettext("Not used"),
    State.APPLIED: lazy_gettext("Applied"),
    State.UNDONE: lazy_gettext("Taken back"),
}
OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.NEW: lazy_gettext("New"),
    Outcome.CHANGED: lazy_gettext("Changed"),
    Outcome.REFUSED: lazy_gettext("Refused"),
    Outcome.SAME: lazy_gettext("Same as here"),
}

CHANGES: Final[Mapping[str, str]] = {
    **{field.value: word for field, word in SERIES_FIELDS.items()},
    "name": lazy_gettext("Name"),
    "birth_year": lazy_gettext("Year of birth"),
    "email": lazy_gettext("E-mail"),
    "phone": lazy_gettext("Phone"),
    "role": lazy_gettext("Role"),
}


def outcomes_of(kind: str) -> dict[Outcome, str]:
    """The words for what becomes of a row, in the order of the page; a list of series changes none."""
    found = {Outcome.DUPLICATE: WORDS[kind].likely, **OUTCOMES}
    if kind == SERIES.name:
        del found[Outcome.CHANGED]
    return found
