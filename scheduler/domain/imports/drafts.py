"""What the rows of a list say of persons, as values; what cannot be read is refused with its reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from scheduler.domain.access.channels import clean_phone
from scheduler.domain.imports.mapping import Field
from scheduler.domain.imports.table import Row, Table
from scheduler.domain.people import names
from scheduler.errors import Invalid

EARLIEST: Final = date(1990, 1, 1)
"""Stays and enrollments begin later: an earlier date is a slip."""
LATEST: Final = date(2100, 12, 31)
OLDEST: Final = 110
"""Years of a life."""
MOST_GROUPS: Final = 10

FORMULA = "A cell holds a formula. Put its value there."
WIDER = "The row has more cells than the heading."
NO_NAME = "There is no name."

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00.*)?")
_OTHER: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")


@dataclass(frozen=True, slots=True)
class Draft:
    """One row. Empty values say nothing, and change nothing. ``reasons`` say why it cannot be taken.

    ``search`` is the folded name. Dates are local.
    """

    number: int
    name: str
    search: str
    birth_year: int | None = None
    email: str | None = None
    phone: str | None = None
    program: str = ""
    site: str = ""
    admitted_on: date | None = None
    discharged_on: date | None = None
    groups: tuple[str, ...] = ()
    from_date: date | None = None
    reasons: tuple[str, ...] = ()


def drafts(table: Table, fields: Sequence[Field | None], *, today: date) -> tuple[Draft, ...]:
    """What each row says, ``fields`` being what the columns hold and ``today`` the local date."""
    columns = {field: column for column, field in enumerate(fields) if field is not None}
    reader = _Reader(columns, len(table.headings), _is_day_first(table, columns.values()), today)
    return tuple(map(reader.draft, table.rows))


def digits(phone: str) -> str:
    """What of a number is compared: its last ten digits, whatever stands between and before them."""
    return re.sub(r"\D", "", re.split(r"[xXeE]", phone)[0])[-10:]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows of one list."""

    columns: Mapping[Field, int]
    width: int
    day_first: bool
    today: date

    def draft(self, row: Row) -> Draft:
        """What one row says."""
        reasons: list[str] = []
        cell = self._cells(row)
        if len(row.cells) > self.width:
            reasons.append(WIDER)
        if any(row.cells[column].startswith("=") for column in self.columns.values()):
            reasons.append(FORMULA)

        def read(field: Field, reading: Callable[[str], object]) -> object:
            try:
                return reading(cell[field]) if cell.get(field) else None
            except Invalid as error:
                reasons.append(f"{error} ({cell[field]})")
                return None

        name = cell.get(Field.NAME) or f"{cell.get(Field.FIRST, '')} {cell.get(Field.LAST, '')}".strip()
        values = {
            "birth_year": read(Field.BORN, self._birth_year),
            "email": read(Field.EMAIL, _email),
            "phone": read(Field.PHONE, clean_phone),
            "admitted_on": read(Field.ADMITTED, self._day),
            "discharged_on": read(Field.DISCHARGED, self._day),
            "from_date": read(Field.FROM, self._day),
        }
        groups = tuple(dict.fromkeys(filter(None, map(str.strip, cell.get(Field.GROUP, "").split(";")))))
        draft = Draft(
            number=row.number,
            name=name,
            search=names.search_name(name),
            program=cell.get(Field.PROGRAM, ""),
            site=cell.get(Field.SITE, ""),
            groups=groups,
            **values,  # type: ignore[arg-type]  # each reading answers what its field takes
        )
        return _with_reasons(draft, (*reasons, *_wrong_with(draft, self.today)))

    def _cells(self, row: Row) -> dict[Field, str]:
        return {field: row.cells[column] for field, column in self.columns.items()}

    def _birth_year(self, text: str) -> int:
        year = int(text) if re.fullmatch(r"\d{4}", text) else _date(text, day_first=self.day_first).year
        if not self.today.year - OLDEST <= year <= self.today.year:
            raise Invalid("This is no year of birth.")
        return year

    def _day(self, text: str) -> date:
        found = _date(text, day_first=self.day_first)
        if not EARLIEST <= found <= LATEST:
            raise Invalid("This date is too far away.")
        return found


def _with_reasons(draft: Draft, reasons: tuple[str, ...]) -> Draft:
    return replace(draft, reasons=reasons) if reasons else draft


def _wrong_with(draft: Draft, today: date) -> Iterator[str]:
    """What is wrong with the values together."""
    if not draft.name:
        yield NO_NAME
    if len(draft.name) > names.LONGEST:
        yield "Give a name of at most 200 characters."
    if len(draft.groups) > MOST_GROUPS:
        yield f"There are more than {MOST_GROUPS} groups."
    if draft.discharged_on is not None:
        if draft.admitted_on is None:
            yield "There is a day of discharge, and none of admission."
        elif draft.discharged_on < draft.admitted_on:
            yield "The day of discharge is before the day of admission."
        if draft.discharged_on > today:
            yield "The day of discharge is still to come."


def _email(text: str) -> str:
    if not names.is_email(text):
        raise Invalid("This is not an e-mail address.")
    return names.clean_email(text)


def _date(text: str, *, day_first: bool) -> date:
    iso, other = _ISO.fullmatch(text), _OTHER.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if other:
            one, two = int(other[1]), int(other[3])
            return date(int(other[4]), *((two, one) if day_first or other[2] == "." else (one, two)))
    except ValueError:
        pass
    raise Invalid("This is not a date. Write it like 2026-07-14.")


def _is_day_first(table: Table, columns: Iterable[int]) -> bool:
    """Are the dates of this list written day first? Only where one of them can be read no other way."""
    looked_at = tuple(columns)
    for row in table.rows:
        for column in looked_at:
            found = _OTHER.fullmatch(row.cells[column])
            if found and int(found[1]) > 12:
                return True
    return False
