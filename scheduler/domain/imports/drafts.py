"""What the rows of a list say of persons, as values; what cannot be read is refused with its reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from scheduler.domain.access.channels import clean_phone
from scheduler.domain.imports.dates import ColumnDates, Order, is_open, order_of, read_date
from scheduler.domain.imports.mapping import Field
from scheduler.domain.imports.table import Row, Table
from scheduler.domain.people import names
from scheduler.domain.people.likeness import digits as digits  # noqa: PLC0414 -- told on to comparing
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

DATES: Final = (Field.BORN, Field.ADMITTED, Field.DISCHARGED, Field.FROM)
"""What may be a date."""
OPTIONAL: Final = {Field.BORN: "year of birth", Field.EMAIL: "e-mail", Field.PHONE: "phone"}
"""What a row can be taken without; a day cannot be left out, for today would be taken in its place."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A cell that cannot be taken, and why; ``without`` names it where a row can be taken without it."""

    reason: str
    without: str = ""

    @property
    def remark(self) -> str:
        """What is said of a row that is taken without it."""
        return f"Without the {self.without}: {self.reason[0].lower()}{self.reason[1:]}"


@dataclass(frozen=True, slots=True)
class Draft:
    """One row. Empty values say nothing, and change nothing.

    ``reasons`` say why it cannot be taken, ``slips`` what it could be taken without.

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
    slips: tuple[Slip, ...] = ()


def drafts(
    table: Table, fields: Sequence[Field | None], *, today: date, order: Order | None = None
) -> tuple[Draft, ...]:
    """What each row says, ``fields`` being what the columns hold and ``today`` the local date.

    ``order`` is how dates are read; without one each column is read as its dates show.
    """
    columns = {field: column for column, field in enumerate(fields) if field is not None}
    orders = {field: found.order for field, found in _orders(table, fields, order)}
    reader = _Reader(columns, len(table.headings), orders, today)
    return tuple(map(reader.draft, table.rows))


def orders_used(
    table: Table, fields: Sequence[Field | None], order: Order | None = None
) -> tuple[ColumnDates, ...]:
    """How the dates of each column are read, of those where the order matters."""
    return tuple(found for _, found in _orders(table, fields, order))


def has_open_dates(table: Table) -> bool:
    """Does any cell hold a date that could be read in two orders?"""
    return any(is_open(cell) for row in table.rows for cell in row.cells)


def _orders(
    table: Table, fields: Sequence[Field | None], chosen: Order | None
) -> Iterator[tuple[Field, ColumnDates]]:
    for column, (heading, field) in enumerate(zip(table.headings, fields, strict=True)):
        if field in DATES:
            found = order_of((row.cells[column] for row in table.rows), chosen)
            if found is not None:
                yield field, ColumnDates(heading, *found)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows of one list."""

    columns: Mapping[Field, int]
    width: int
    orders: Mapping[Field, Order]
    today: date

    def draft(self, row: Row) -> Draft:
        """What one row says."""
        reasons: list[str] = []
        slips: list[Slip] = []
        cell = self._cells(row)
        if len(row.cells) > self.width:
            reasons.append(WIDER)
        if any(row.cells[column].startswith("=") for column in self.columns.values()):
            reasons.append(FORMULA)

        def read(field: Field, reading: Callable[[str], object]) -> object:
            try:
                return reading(cell[field]) if cell.get(field) else None
            except Invalid as error:
                if field in OPTIONAL:
                    slips.append(Slip(f"{error} ({cell[field]})", OPTIONAL[field]))
                else:
                    reasons.append(f"{error} ({cell[field]})")
                return None

        def day(field: Field) -> object:
            return read(field, lambda text: self._day(text, field))

        name = cell.get(Field.NAME) or f"{cell.get(Field.FIRST, '')} {cell.get(Field.LAST, '')}".strip()
        values = {
            "birth_year": read(Field.BORN, self._birth_year),
            "email": read(Field.EMAIL, _email),
            "phone": read(Field.PHONE, clean_phone),
            "admitted_on": day(Field.ADMITTED),
            "discharged_on": day(Field.DISCHARGED),
            "from_date": day(Field.FROM),
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
        return replace(draft, reasons=(*reasons, *_wrong_with(draft, self.today)), slips=tuple(slips))

    def _cells(self, row: Row) -> dict[Field, str]:
        return {field: row.cells[column] for field, column in self.columns.items()}

    def _birth_year(self, text: str) -> int:
        year = int(text) if re.fullmatch(r"\d{4}", text) else self._date(text, Field.BORN).year
        if not self.today.year - OLDEST <= year <= self.today.year:
            raise Invalid("This is no year of birth.")
        return year

    def _date(self, text: str, field: Field) -> date:
        return read_date(text, self.orders.get(field, Order.MONTH))

    def _day(self, text: str, field: Field) -> date:
        found = self._date(text, field)
        if not EARLIEST <= found <= LATEST:
            raise Invalid("This date is too far away.")
        return found


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
