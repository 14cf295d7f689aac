"""What the rows of a list say of persons, as values; what cannot be read is refused with its reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from scheduler.domain.access.channels import clean_phone
from scheduler.domain.imports.mapping import Fields
from scheduler.domain.imports.people_columns import PEOPLE, Field
from scheduler.domain.imports.reading import Cells, Reader, Slip, reader_of
from scheduler.domain.imports.table import Table
from scheduler.domain.people import names
from scheduler.domain.schedule.written_dates import Order
from scheduler.errors import Invalid

OLDEST: Final = 110
"""Years of a life."""
MOST_GROUPS: Final = 10

NO_NAME = "There is no name."


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


def drafts(table: Table, fields: Fields, *, today: date, order: Order | None = None) -> tuple[Draft, ...]:
    """What each row says, ``fields`` being what the columns hold and ``today`` the local date.

    ``order`` is how dates are read; without one each column is read as its dates show.
    """
    reader = reader_of(PEOPLE, table, fields, order)
    return tuple(_draft(row.number, reader.cells_of(row), today) for row in table.rows)


def _draft(number: int, cells: Cells, today: date) -> Draft:
    """What one row says."""
    parts = f"{cells.text(Field.FIRST)} {cells.text(Field.LAST)}".strip()
    name = cells.text(Field.NAME) or parts
    draft = Draft(
        number=number,
        name=name,
        search=names.search_name(name),
        birth_year=cells.read(Field.BORN, lambda text: _birth_year(text, cells.reader, today)),
        email=cells.read(Field.EMAIL, _email),
        phone=cells.read(Field.PHONE, clean_phone),
        program=cells.text(Field.PROGRAM),
        site=cells.text(Field.SITE),
        admitted_on=cells.day(Field.ADMITTED),
        discharged_on=cells.day(Field.DISCHARGED),
        groups=cells.several(Field.GROUP),
        from_date=cells.day(Field.FROM),
    )
    return replace(draft, reasons=(*cells.reasons, *_wrong_with(draft, today)), slips=tuple(cells.slips))


def _birth_year(text: str, reader: Reader, today: date) -> int:
    year = int(text) if re.fullmatch(r"\d{4}", text) else reader.any_date(text, Field.BORN).year
    if not today.year - OLDEST <= year <= today.year:
        raise Invalid("This is no year of birth.")
    return year


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
