"""Lists of people: what a cell can say of a person, and by which headings it is known. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from scheduler.domain.imports.mapping import LOOKED_AT, Fields, ListKind, known_as
from scheduler.domain.imports.table import Table
from scheduler.domain.people.names import search_name


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

_PHONE: Final = re.compile(r"\+?[\d ()./x-]{7,25}")
_DATE: Final = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")


def _by_cells(cells: Sequence[str]) -> Iterator[StrEnum]:
    if 2 * sum("@" in cell for cell in cells) > len(cells):
        yield Field.EMAIL
    if cells and all(map(_is_phone, cells)):
        yield Field.PHONE


def _is_phone(cell: str) -> bool:
    enough = sum(map(str.isdigit, cell)) >= 7
    return enough and _PHONE.fullmatch(cell) is not None and _DATE.fullmatch(cell) is None


def _with_one_way_to_name(table: Table, found: list[StrEnum | None]) -> list[StrEnum | None]:
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


def _problems(fields: Fields) -> dict[StrEnum | None, str]:
    chosen = {field for field in fields if field is not None}
    wrong: dict[StrEnum | None, str] = {}
    if not chosen & {Field.NAME, Field.FIRST, Field.LAST}:
        wrong[None] = "Say which column holds the names."
    elif Field.NAME in chosen and chosen & {Field.FIRST, Field.LAST}:
        wrong[None] = "Choose the full name, or first and last name, and not both."
    if Field.FROM in chosen and Field.GROUP not in chosen:
        wrong[Field.FROM] = "This needs a column with the group."
    return wrong


PEOPLE: Final = ListKind(
    name="people",
    fields=Field,
    known_as=known_as(_KNOWN_AS),
    dated=frozenset({Field.BORN, Field.ADMITTED, Field.DISCHARGED, Field.FROM}),
    optional={Field.BORN: "year of birth", Field.EMAIL: "e-mail", Field.PHONE: "phone"},
    problems=_problems,
    by_cells=_by_cells,
    settled=_with_one_way_to_name,
)
"""What a row can be taken without does not hold its days: today would be taken in their place."""
