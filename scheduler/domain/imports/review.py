"""What applying a list would do, before it is done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.comparing import compare
from scheduler.domain.imports.drafts import drafts
from scheduler.domain.imports.judging import Choice, Judged, Outcome
from scheduler.domain.imports.kinds import KINDS
from scheduler.domain.imports.mapping import LENIENT, Fields, as_read, order_in
from scheduler.domain.imports.models import ImportBatch
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.reading import orders_used
from scheduler.domain.imports.reviewed import AnyRow, Held, Prepared, Reviewed
from scheduler.domain.imports.series_comparing import compare_series
from scheduler.domain.imports.series_conflicts import with_conflicts
from scheduler.domain.imports.series_drafts import series_drafts
from scheduler.domain.imports.series_judging import JudgedSeries
from scheduler.domain.imports.series_limit import within_limit
from scheduler.domain.imports.series_surroundings import load_series_around
from scheduler.domain.imports.stage import OVER, REASON
from scheduler.domain.imports.surroundings import load_around
from scheduler.domain.imports.table import Table, unpacked
from scheduler.domain.planning.reach import Reach
from scheduler.errors import Refused


def table_and_fields(session: Database, batch_id: int) -> tuple[Table, Fields]:
    """A list that waits, and what its columns hold so far. Raises Refused."""
    query = select(ImportBatch.kind, ImportBatch.source, ImportBatch.mapping)
    row = session.execute(query.where(ImportBatch.id == batch_id)).first()
    if row is None or row.source is None:
        raise Refused(OVER)
    table = unpacked(row.source)
    return table, as_read(KINDS[row.kind], row.mapping, len(table.headings))


def prepare(session: Database, *, batch_id: int, today: date, now: datetime, zone: str) -> Prepared:
    """Read the rows of a list that waits; no transaction that writes needs to wait for it. Raises Refused.

    ``zone`` is that of a row that names no place.
    """
    row = session.get(ImportBatch, batch_id, populate_existing=True)
    if row is None or row.source is None:
        raise Refused(OVER)
    kind, table = KINDS[row.kind], unpacked(row.source)
    fields, order = as_read(kind, row.mapping, len(table.headings)), order_in(row.mapping)
    read = drafts if kind is PEOPLE else series_drafts
    of_rows = {key: value for key, value in row.choices.items() if not key.startswith(REASON)}
    return Prepared(
        kind=kind.name,
        drafts=read(table, fields, today=today, order=order),
        choices={int(number): Choice(choice) for number, choice in of_rows.items()},
        overrides={
            int(key.removeprefix(REASON)): value for key, value in row.choices.items() if key not in of_rows
        },
        note=table.note,
        revision=row.revision,
        zone=zone,
        now=now,
        dates=orders_used(kind, table, fields, order),
        is_lenient=LENIENT in row.mapping,
    )


def reviewed(
    session: Database, prepared: Prepared, *, reach: Reach, today: date
) -> Reviewed[Judged] | Reviewed[JudgedSeries]:
    """What applying these rows would do now, by somebody of this ``reach``."""
    if prepared.kind == PEOPLE.name:
        return people_reviewed(session, prepared, reach=reach, today=today)
    return series_reviewed(session, prepared, reach=reach, today=today)


def people_reviewed(session: Database, prepared: Prepared, *, reach: Reach, today: date) -> Reviewed[Judged]:
    """The same of a list of people."""
    around = load_around(session, prepared.drafts, reach=reach, today=today)
    rows = compare(prepared.drafts, around, prepared.choices, is_lenient=prepared.is_lenient)
    meant = {row.person_id for row in rows if row.person_id is not None}
    changed = {row.person_id for row in rows if row.does is Outcome.CHANGED and row.person_id is not None}
    places = (place for row in rows if row.does is not Outcome.SAME for place in row.effect.places)
    return _found(
        prepared,
        rows,
        {each: around.people.by_id[each].name for each in meant},
        Held(persons=frozenset(changed), series=frozenset(place.series_id for place in places)),
    )


def series_reviewed(
    session: Database, prepared: Prepared, *, reach: Reach, today: date
) -> Reviewed[JudgedSeries]:
    """The same of a list of series."""
    around = load_series_around(session, reach=reach, zone=prepared.zone, today=today, now=prepared.now)
    compared = compare_series(prepared.drafts, around, prepared.choices, is_lenient=prepared.is_lenient)
    rows = with_conflicts(
        session,
        within_limit(compared, now=prepared.now),
        shared=frozenset(room.id for room in around.rooms if room.shared),
        overrides=prepared.overrides,
        viewer=reach.viewer,
        now=prepared.now,
    )
    meant = {row.series_id for row in rows if row.series_id is not None}
    # What is in the way now may be gone when it is applied: it is locked as well.
    making = [row.effect.making for row in rows if row.effect.making is not None]
    return _found(
        prepared,
        rows,
        {each.id: each.plan.title for each in around.standing if each.id in meant},
        Held(
            rooms=frozenset(each.plan.room_id for each in making if each.plan.room_id is not None),
            persons=frozenset(lead for each in making for lead in each.leads),
        ),
    )


def _found(
    prepared: Prepared, rows: tuple[AnyRow, ...], known: dict[int, str], held: Held
) -> Reviewed[AnyRow]:
    return Reviewed(rows, known, prepared.note, prepared.revision, held, prepared.dates, prepared.is_lenient)
