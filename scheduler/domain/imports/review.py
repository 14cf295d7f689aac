"""What applying a list would do, before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.comparing import compare
from scheduler.domain.imports.dates import ColumnDates
from scheduler.domain.imports.drafts import Draft, drafts, orders_used
from scheduler.domain.imports.judging import Choice, Judged, Outcome
from scheduler.domain.imports.mapping import LENIENT, Field, as_read, order_in
from scheduler.domain.imports.models import ImportBatch
from scheduler.domain.imports.stage import OVER
from scheduler.domain.imports.surroundings import load_around
from scheduler.domain.imports.table import Table, unpacked
from scheduler.domain.planning.reach import Reach
from scheduler.errors import Refused


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Each row and what it means, as things stand. ``known`` are the names of those who are meant, by id.

    ``dates`` say how they were read, ``is_lenient`` whether rows are taken without what cannot be read.
    """

    rows: tuple[Judged, ...]
    known: Mapping[int, str]
    note: str
    revision: int
    dates: tuple[ColumnDates, ...] = ()
    is_lenient: bool = False

    def of(self, outcome: Outcome) -> tuple[Judged, ...]:
        """The rows of one outcome."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each outcome."""
        found = Counter(row.outcome.value for row in self.rows)
        return {outcome.value: found[outcome.value] for outcome in Outcome}

    @property
    def could_do_without(self) -> int:
        """How many refused rows could be taken without the cells that are to blame."""
        return sum(row.could_do_without for row in self.rows)

    @property
    def persons(self) -> frozenset[int]:
        """Who would be changed."""
        return frozenset(
            row.person_id for row in self.rows if row.does is Outcome.CHANGED and row.person_id is not None
        )

    @property
    def series(self) -> frozenset[int]:
        """Which groups somebody would be enrolled in."""
        return frozenset(
            place.series_id
            for row in self.rows
            if row.does is not Outcome.SAME
            for place in row.effect.places
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of a list, read, and what was decided of them: for one ``revision`` of it."""

    drafts: tuple[Draft, ...]
    choices: Mapping[int, Choice]
    note: str
    revision: int
    dates: tuple[ColumnDates, ...] = ()
    is_lenient: bool = False


def table_and_fields(session: Database, batch_id: int) -> tuple[Table, tuple[Field | None, ...]]:
    """A list that waits, and what its columns hold so far. Raises Refused."""
    row = session.execute(
        select(ImportBatch.source, ImportBatch.mapping).where(ImportBatch.id == batch_id)
    ).first()
    if row is None or row.source is None:
        raise Refused(OVER)
    table = unpacked(row.source)
    return table, as_read(row.mapping, len(table.headings))


def prepare(session: Database, *, batch_id: int, today: date) -> Prepared:
    """Read the rows of a list that waits; no transaction that writes needs to wait for it. Raises Refused."""
    query = select(ImportBatch.source, ImportBatch.mapping, ImportBatch.choices, ImportBatch.revision)
    row = session.execute(query.where(ImportBatch.id == batch_id)).first()
    if row is None or row.source is None:
        raise Refused(OVER)
    table = unpacked(row.source)
    fields, order = as_read(row.mapping, len(table.headings)), order_in(row.mapping)
    read = drafts(table, fields, today=today, order=order)
    dates = orders_used(table, fields, order)
    choices = {int(number): Choice(choice) for number, choice in row.choices.items()}
    return Prepared(read, choices, table.note, row.revision, dates, LENIENT in row.mapping)


def reviewed(session: Database, prepared: Prepared, *, reach: Reach, today: date) -> Reviewed:
    """What applying these rows would do now, by somebody of this ``reach``."""
    around = load_around(session, prepared.drafts, reach=reach, today=today)
    rows = compare(prepared.drafts, around, prepared.choices, is_lenient=prepared.is_lenient)
    meant = {row.person_id for row in rows if row.person_id is not None}
    known = {each: around.people.by_id[each].name for each in meant}
    return Reviewed(
        rows, known, prepared.note, prepared.revision, dates=prepared.dates, is_lenient=prepared.is_lenient
    )
