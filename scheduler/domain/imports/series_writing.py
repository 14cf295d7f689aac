"""Making the series of a list, one by one, in the order of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.models import ImportedSeries
from scheduler.domain.imports.series_judging import JudgedSeries
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.making import NewPost, make_series
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.models import Series


def write_series(
    session: Database, rows: Sequence[JudgedSeries], *, actor: Actor, batch_id: int, now: datetime
) -> tuple[int, ...]:
    """Make the series of these rows, and remember them; answers who leads them.

    Their rooms and facilitators are locked, so that what each of them locks anew is held already. Raises
    Taken where something is taken that was free when they were compared.
    """
    made = [_make(session, row, actor, now) for row in rows]
    revisions = dict(session.execute(select(Series.id, Series.revision).where(Series.id.in_(made))).all())
    remembered = [
        {
            "batch_id": batch_id,
            "number": row.draft.number,
            "series_id": series_id,
            "revision_after": revisions[series_id],
        }
        for row, series_id in zip(rows, made, strict=True)
    ]
    session.execute(insert(ImportedSeries), remembered)
    return tuple({lead for row in rows if row.effect.making for lead in row.effect.making.leads})


def _make(session: Database, row: JudgedSeries, actor: Actor, now: datetime) -> int:
    making = row.effect.making
    if making is None:
        raise AssertionError("a row that makes something says what")
    posts = [
        NewPost(lead, Position.CO_FACILITATOR if place else Position.LEAD)
        for place, lead in enumerate(making.leads)
    ]
    made = make_series(session, actor=actor, plan=making.plan, posts=posts, override=row.override, now=now)
    return made.series_id
