"""Which column holds what: as it was taken the last time, guessed by heading and cells, and checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from scheduler.domain.imports.dates import Order
from scheduler.domain.imports.table import Table
from scheduler.domain.people.names import search_name
from scheduler.errors import Invalid

SAMPLES: Final = 5
"""Cells of a column that are shown."""
LOOKED_AT: Final = 50
"""Cells of a column by which it is guessed."""


class Field(StrEnum):
    """What a cell of a list can say of a person."""

    NAME = "name"
    FIRST = "first"
    LAST = "last"
    BORN = "born"
    EMAIL = "email"
    PHONE = "phone"
    PROGRAM = "program"
    SITE = "site"
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    GROUP = "group"
    FROM = "from"


HEADINGS: Final[dict[Field, str]] = {
    Field.NAME: "Name",
    Field.BORN: "Birth year",
    Field.EMAIL: "E-mail",
    Field.PHONE: "Phone",
    Field.PROGRAM: "Program",
    Field.SITE: "Site",
    Field.ADMITTED: "Admitted on",
    Field.DISCHARGED: "Discharged on",
    Field.GROUP: "Group",
    Field.FROM: "In the group from",
}
"""The columns of a list that is written, by the words that it is read by."""

_KNOWN_AS: Final[dict[Field, str]] = {
    Field.NAME: "name|full name|member|client|participant|resident|member name|client name|person",
    Field.FIRST: "first name|first|name first|given name|forename|firstname|vorname|nombre|prenom",
    Field.LAST: "last name|last|name last|family name|surname|lastname|nachname|apellido|apellidos|nom",
    Field.BORN: "birth year|born|year of birth|yob|date of birth|dob|birthdate|birth date|birthday|d o b",
    Field.EMAIL: "e mail|email|mail|email address|e mail address|correo",
    Field.PHONE: "phone|telephone|mobile|cell|cell phone|phone number|mobile number|tel|telefono",
    Field.PROGRAM: "program|programme|level of care|service|track",
    Field.SITE: "site|location|house|center|centre|facility|building",
    Field.ADMITTED: "admitted on|admitted|admission|admission date|admit date|intake|intake date|start date",
    Field.DISCHARGED: "discharged on|discharged|discharge|discharge date|end date|left",
    Field.GROUP: "group|groups|series|class|group name|session",
    Field.FROM: "in the group from|from|from date|group start|group since|joined|joined on|enrolled on",
}
_BY_HEADING: Final = {word: field for field, words in _KNOWN_AS.items() for word in words.split("|")}

_PHONE: Final = re.compile(r"\+?[\d ()./x-]{7,25}")
_DATE: Final = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")


def folded(heading: str) -> str:
    """A heading as it is remembered and compared: lower case, without accents and signs."""
    return " ".join(re.sub(r"[\W_]+", " ", search_name(heading)).split())


def samples(table: Table, column: int, most: int = SAMPLES) -> tuple[str, ...]:
    """The first cells of a column that say anything, each once."""
    found: dict[str, None] = {}
    for row in table.rows:
        if row.cells[column]:
            found[row.cells[column]] = None
        if len(found) == most:
            break
    return tuple(found)


def guess(table: Table, remembered: Mapping[str, str]) -> tuple[Field | None, ...]:
    """What each column seems to hold, no field twice; none: nothing that is asked for.

    First as it was taken the last time (``remembered``: folded heading to field, or empty), then by heading,
    then by what stands in it.
    """
    found: list[Field | None] = []
    for column, heading in enumerate(table.headings):
        likely = next(_likely(table, column, folded(heading), remembered), None)
        found.append(None if likely in found else likely)
    return tuple(_with_one_way_to_name(table, found))


def _with_one_way_to_name(table: Table, found: list[Field | None]) -> list[Field | None]:
    """The same without the parts of a name beside a full one; a name without its other part is one itself."""
    parts = [each for each in found if each in {Field.FIRST, Field.LAST}]
    if Field.NAME not in found or not parts:
        return found
    name, part = found.index(Field.NAME), found.index(parts[0])
    if len(parts) == 1 and not _is_within(table, part, name):
        missing = Field.FIRST if parts[0] is Field.LAST else Field.LAST
        return [missing if each is Field.NAME else each for each in found]
    return [None if each in parts else each for each in found]


def _is_within(table: Table, part: int, whole: int) -> bool:
    """Does the one cell mostly stand in the other?"""
    pairs = [(search_name(row.cells[part]), search_name(row.cells[whole])) for row in table.rows[:LOOKED_AT]]
    told = [(one, all_of_it) for one, all_of_it in pairs if one and all_of_it]
    return 2 * sum(one in all_of_it for one, all_of_it in told) > len(told)


def _likely(table: Table, column: int, heading: str, remembered: Mapping[str, str]) -> Iterator[Field | None]:
    if heading in remembered:
        yield Field(remembered[heading]) if remembered[heading] in set(Field) else None
    if heading in _BY_HEADING:
        yield _BY_HEADING[heading]
    seen = samples(table, column, LOOKED_AT)
    if 2 * sum("@" in cell for cell in seen) > len(seen):
        yield Field.EMAIL
    if seen and all(map(_is_phone, seen)):
        yield Field.PHONE


def _is_phone(cell: str) -> bool:
    enough = sum(map(str.isdigit, cell)) >= 7
    return enough and _PHONE.fullmatch(cell) is not None and _DATE.fullmatch(cell) is None


def checked(fields: Sequence[Field | None], headings: Sequence[str]) -> tuple[Field | None, ...]:
    """The same, if a list can be read by it.

    Raises Invalid on ``column<n>`` for a field that is chosen twice, and on the whole form without a name.
    """
    wrong: dict[str, str] = {}
    for column, field in enumerate(fields):
        if field is not None and field in fields[:column]:
            first = headings[fields.index(field)] or f"column {fields.index(field) + 1}"
            wrong[f"column{column}"] = f"This is chosen already, for {first}."
    chosen = {field for field in fields if field is not None}
    if not chosen & {Field.NAME, Field.FIRST, Field.LAST}:
        wrong[""] = "Say which column holds the names."
    elif Field.NAME in chosen and chosen & {Field.FIRST, Field.LAST}:
        wrong[""] = "Choose the full name, or first and last name, and not both."
    if Field.FROM in chosen and Field.GROUP not in chosen:
        wrong[f"column{fields.index(Field.FROM)}"] = "This needs a column with the group."
    if wrong:
        raise Invalid.many(wrong)
    return tuple(fields)


ORDER: Final = "order"
LENIENT: Final = "lenient"
"""What a batch keeps beside its columns: how dates are read, and whether rows are taken without bad cells."""


def as_stored(fields: Sequence[Field | None], order: Order | None = None) -> dict[str, str]:
    """As a batch keeps it: column to field, without those that are not read, and how dates are read."""
    columns = {str(column): field.value for column, field in enumerate(fields) if field is not None}
    return columns if order is None else {**columns, ORDER: order.value}


def order_in(stored: Mapping[str, str]) -> Order | None:
    """How dates are read, if somebody said it."""
    return Order(stored[ORDER]) if ORDER in stored else None


def as_read(stored: Mapping[str, str], width: int) -> tuple[Field | None, ...]:
    """The other way round."""
    return tuple(Field(stored[str(column)]) if str(column) in stored else None for column in range(width))
