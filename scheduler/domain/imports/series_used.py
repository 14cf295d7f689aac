"""Which series of an import are in use by now, joined, recorded or changed; and taking them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.imports.hindrance import ELSEWHERE, Hindrance
from scheduler.domain.imports.models import ImportedSeries
from scheduler.domain.planning.reach import Reach
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.kinds import BY_COORDINATORS, CauseType
from scheduler.domain.schedule.models import Cause, ClosureEffect, Occurrence, Series
from scheduler.store.base import Base
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars

GONE: Final = "It is gone."
CHANGED: Final = "It was changed."
GOES_ON: Final = "It goes on as another series."
JOINED: Final = "Somebody belongs to it."
MOVED: Final = "A session of it was changed."
LED: Final = "Who leads was changed."
RECORDED: Final = "Something was recorded of it."

OWN: Final = frozenset(
    {"occurrence", "post", "duty", "cause", "closure_effect", "imported_series", "enrollment"}
)
"""Tables that making a series writes itself, or that are looked at in a way of their own."""


def series_in_use(
    session: Database, batch_id: int, *, reach: Reach, since: datetime
) -> tuple[Hindrance, ...]:
    """Each series of an import that anything was built on after it, by title, with the first reason found.

    Of one that is out of reach by now only that.
    """
    rows = _rows(session, batch_id)
    ids = [row.series_id for row in rows]
    there = {each.id: each for each in session.scalars(_anew(select(Series).where(Series.id.in_(ids))))}
    why = dict.fromkeys(_out_of_reach(session, ids, reach), ELSEWHERE)
    for row in rows:
        series = there.get(row.series_id)
        if series is None:
            why.setdefault(row.series_id, GONE)
        elif series.revision != row.revision_after:
            why.setdefault(row.series_id, CHANGED)
    for reason, query in _uses(ids, since):
        for each in session.scalars(query):
            why.setdefault(each, reason)
    titles = {each: series.title for each, series in there.items() if why.get(each) != ELSEWHERE}
    named = [Hindrance(each, titles.get(each, ""), why[each]) for each in why]
    return tuple(sorted(named, key=lambda each: (each.name.casefold(), each.id)))


def _out_of_reach(session: Database, ids: Sequence[int], reach: Reach) -> Sequence[int]:
    within = reach.of_series()
    if within is None:
        return ()
    return session.scalars(select(Series.id).where(Series.id.in_(ids), ~within)).all()


def take_back_series(session: Database, batch_id: int, *, now: datetime) -> tuple[int, tuple[int, ...]]:
    """Remove the series of an import that nobody has used, with all that was made with them.

    Answers how many, and who led them; their calendars see it.
    """
    ids = [row.series_id for row in _rows(session, batch_id)]
    posts, occurrences = (select(table.id).where(table.series_id.in_(ids)) for table in (Post, Occurrence))
    led = tuple(session.scalars(select(Post.person_id).where(Post.series_id.in_(ids)).distinct()))
    for table, condition in (
        (ClosureEffect, ClosureEffect.occurrence_id.in_(occurrences)),
        (Cause, Cause.occurrence_id.in_(occurrences)),
        (Duty, Duty.post_id.in_(posts)),
        (Post, Post.series_id.in_(ids)),
        (Occurrence, Occurrence.series_id.in_(ids)),
        (Series, Series.id.in_(ids)),
    ):
        session.execute(delete(table).where(condition).execution_options(synchronize_session=False))
    raise_calendars(session, led, now=now)
    return len(ids), led


def hold_series_of(session: Database, batch_id: int) -> None:
    """Lock the series of an import, and who leads them."""
    ids = [row.series_id for row in _rows(session, batch_id)]
    led = session.scalars(select(Post.person_id).where(Post.series_id.in_(ids)).distinct()).all()
    lock(session, persons=led, series=ids)


def _rows(session: Database, batch_id: int) -> Sequence[ImportedSeries]:
    query = select(ImportedSeries).where(ImportedSeries.batch_id == batch_id)
    return session.scalars(_anew(query.order_by(ImportedSeries.number))).all()


def _anew(query: Select[Any]) -> Select[Any]:
    return query.execution_options(populate_existing=True)


def _uses(ids: Sequence[int], since: datetime) -> Iterator[tuple[str, Select[Any]]]:
    """By what a series is in use: the most telling first."""
    yield GOES_ON, select(Series.lineage_id).where(Series.lineage_id.in_(ids), Series.id.not_in(ids))
    yield JOINED, select(Enrollment.series_id).where(Enrollment.series_id.in_(ids))
    for column in _naming("series"):
        yield RECORDED, select(column).where(column.in_(ids))
    for table, model in (("occurrence", Occurrence), ("post", Post)):
        for column in _naming(table):
            yield (
                RECORDED,
                select(model.series_id)
                .join(column.table, column == model.id)
                .where(model.series_id.in_(ids)),
            )
    yield MOVED, select(Occurrence.series_id).where(_is_changed(), Occurrence.series_id.in_(ids))
    handed = or_(Post.revision > 1, Post.changed_at > since)
    yield LED, select(Post.series_id).where(Post.series_id.in_(ids), handed)
    covered = or_(Duty.revision > 1, Duty.sequence > 0, Duty.person_id != Post.person_id)
    duties = select(Post.series_id).join(Duty, Duty.post_id == Post.id).where(covered)
    yield LED, duties.where(Post.series_id.in_(ids))


def _is_changed() -> ColumnElement[bool]:
    """Did a coordinator move or stop an Occurrence? What a holiday or closure does is nobody's work."""
    by_hand = (*BY_COORDINATORS, CauseType.CHANGED)
    is_stopped = exists().where(Cause.occurrence_id == Occurrence.id, Cause.type.in_(by_hand))
    is_moved = Occurrence.own_room & Occurrence.closure_id.is_(None)
    return or_(Occurrence.own_start, Occurrence.own_minutes.is_not(None), is_moved, is_stopped)


def _naming(name: str) -> Iterator[Column[Any]]:
    """The columns that refer to such a row: also of a table that is yet to be thought of."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            refers = any(key.column.table.name == name for key in column.foreign_keys)
            is_named = (refers and column.table.name != name) or column.name == f"{name}_id"
            if is_named and table.name not in OWN:
                yield column
