"""Reading the cells of a row: what cannot be read is refused with its reason, or could be left out. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from scheduler.domain.imports.mapping import Fields, ListKind
from scheduler.domain.imports.table import Row, Table
from scheduler.domain.schedule.written_dates import ColumnDates, Order, is_open, order_of, read_date
from scheduler.errors import Invalid

Value = TypeVar("Value")

EARLIEST: Final = date(1990, 1, 1)
"""All that lists tell of begins later: an earlier date is a slip."""
LATEST: Final = date(2100, 12, 31)

FORMULA = "A cell holds a formula. Put its value there."
WIDER = "The row has more cells than the heading."


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
class Reader:
    """Reads the rows of one list, its dates in the ``orders`` of their columns.

    ``near`` is the local date from which on one without a year is looked for; none: each must say its year.
    """

    kind: ListKind
    columns: Mapping[StrEnum, int]
    width: int
    orders: Mapping[StrEnum, Order]
    near: date | None = None

    def cells_of(self, row: Row) -> Cells:
        """The cells of one row, by what they hold."""
        cells = Cells(self, {field: row.cells[column] for field, column in self.columns.items()})
        if len(row.cells) > self.width:
            cells.reasons.append(WIDER)
        if not row.formulas.isdisjoint(self.columns.values()):
            cells.reasons.append(FORMULA)
        return cells

    def any_date(self, text: str, field: StrEnum, near: date | None = None) -> date:
        """The date that a cell of this column says. Raises Invalid."""
        return read_date(text, self.orders.get(field, Order.MONTH), near)

    def day(self, text: str, field: StrEnum, near: date | None = None) -> date:
        """The same, if it is near enough to be meant; without a year from ``near`` on. Raises Invalid."""
        found = self.any_date(text, field, near or self.near)
        if not EARLIEST <= found <= LATEST:
            raise Invalid("This date is too far away.")
        return found


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a row; what is wrong with those that were read is kept beside them."""

    reader: Reader
    texts: Mapping[StrEnum, str]
    reasons: list[str] = dataclasses.field(default_factory=list)
    slips: list[Slip] = dataclasses.field(default_factory=list)

    def text(self, field: StrEnum) -> str:
        """The cell as it stands; empty where there is no such column."""
        return self.texts.get(field, "")

    def several(self, field: StrEnum) -> tuple[str, ...]:
        """What stands in the cell between semicolons, each once."""
        return tuple(dict.fromkeys(filter(None, map(str.strip, self.text(field).split(";")))))

    def read(self, field: StrEnum, reading: Callable[[str], Value]) -> Value | None:
        """What ``reading`` makes of the cell; none for an empty one, and for one that it cannot read."""
        text = self.text(field)
        try:
            return reading(text) if text else None
        except Invalid as error:
            self.blame(field, f"{error} ({text})")
            return None

    def day(self, field: StrEnum, near: date | None = None) -> date | None:
        """The date in the cell; without a year the first from ``near`` on."""
        return self.read(field, lambda text: self.reader.day(text, field, near))

    def blame(self, field: StrEnum, reason: str) -> None:
        """The cell cannot be taken; nor can the row, where it cannot be taken without it."""
        without = self.reader.kind.optional.get(field, "")
        if without:
            self.slips.append(Slip(reason, without))
        else:
            self.reasons.append(reason)


def reader_of(
    kind: ListKind, table: Table, fields: Fields, order: Order | None = None, near: date | None = None
) -> Reader:
    """A reader of this table, ``fields`` being what its columns hold.

    ``order`` is how dates are read; without one each column is read as its dates show. ``near``: from when
    on dates without a year are looked for, if there may be any.
    """
    columns = {field: column for column, field in enumerate(fields) if field is not None}
    orders = {field: found.order for field, found in _orders(kind, table, fields, order)}
    return Reader(kind, columns, len(table.headings), orders, near)


def orders_used(
    kind: ListKind, table: Table, fields: Fields, order: Order | None = None
) -> tuple[ColumnDates, ...]:
    """How the dates of each column are read, of those where the order matters."""
    return tuple(found for _, found in _orders(kind, table, fields, order))


def has_open_dates(table: Table) -> bool:
    """Does any cell hold a date that could be read in two orders?"""
    return any(is_open(cell) for row in table.rows for cell in row.cells)


def _orders(
    kind: ListKind, table: Table, fields: Fields, chosen: Order | None
) -> Iterator[tuple[StrEnum, ColumnDates]]:
    for column, (heading, field) in enumerate(zip(table.headings, fields, strict=True)):
        if field is not None and field in kind.dated:
            found = order_of((row.cells[column] for row in table.rows), chosen)
            if found is not None:
                yield field, ColumnDates(heading, *found)
