"""Remembering a change of the plan, so that `undoing` can take it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.standing import anything_stands
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.models import (
    Cause,
    ClosureEffect,
    KeptBoth,
    KeptTogether,
    Occurrence,
    Series,
)
from scheduler.store.memory import Remembered, Scope, remembering


class Change(StrEnum):
    """What was done to the plan; of one occurrence, of many, or (EDIT, END, MADE) of a series.

    KEEP decides what only warns, and changes no session.
    """

    MOVE = "move"
    CANCEL = "cancel"
    RESTORE = "restore"
    LEAD = "lead"
    EDIT = "edit"
    BULK = "bulk"
    KEEP = "keep"
    END = "end"
    MADE = "made"

    @property
    def is_of_series(self) -> bool:
        """Whether it may have touched all of a series, and not only the occurrences that it names."""
        return self in {Change.EDIT, Change.END, Change.MADE}


def remember(
    session: Database,
    change: Change,
    *,
    occurrences: Collection[int] = (),
    series: Collection[int] = (),
    subject: int | None = None,
    actor: Actor,
    now: datetime,
) -> AbstractContextManager[Remembered]:
    """Remember what the block does to these occurrences, or to all that is to come of these lineages.

    All of it is locked already. `subject` is the occurrence that it began with; of one alone, that one.
    What is past never changes, so that it is not read.
    """
    if len(occurrences) == 1:
        [subject] = occurrences
    scopes, asked = (
        _of_occurrences(session, change, list(occurrences), now)
        if occurrences
        else (_of_series(session, series, now), {})
    )
    return remembering(
        session,
        scopes,
        person_id=None,
        kind=change.value,
        subject_id=subject,
        actor=actor,
        now=now,
        asked=asked,
    )


def remember_kept(
    session: Database, occurrences: Collection[int], *, actor: Actor, now: datetime
) -> AbstractContextManager[Remembered]:
    """Remember what the block decides of these occurrences and what they are beside."""
    scopes = [
        Scope(KeptBoth, KeptBoth.occurrence_id.in_(occurrences) | KeptBoth.beside_id.in_(occurrences)),
        Scope(KeptTogether, KeptTogether.occurrence_id.in_(occurrences)),
    ]
    return remembering(session, scopes, person_id=None, kind=Change.KEEP.value, actor=actor, now=now)


def remember_made(session: Database, series_id: int, *, actor: Actor, now: datetime) -> int:
    """Remember that a series was just made, with all that it has; answers what undoes that."""
    scopes = _of_series(session, [series_id], now)
    with remembering(
        session, scopes, person_id=None, kind=Change.MADE.value, actor=actor, now=now, anew=True
    ) as remembered:
        session.flush()
    return remembered.id


_Condition = Callable[[InstrumentedAttribute[int]], ColumnElement[bool]]


def _scopes(is_of: _Condition) -> tuple[Sequence[Scope], Sequence[Scope]]:
    """What belongs to the occurrences of which this holds: by themselves, and with their causes."""
    themselves = (Scope(Occurrence, is_of(Occurrence.id)), Scope(Duty, is_of(Duty.occurrence_id)))
    causes = (
        Scope(Cause, is_of(Cause.occurrence_id)),
        Scope(ClosureEffect, is_of(ClosureEffect.occurrence_id)),
    )
    return themselves, themselves + causes


_OF_ONE: Final = _scopes(lambda column: column == bindparam("occurrence"))
_OF_MANY: Final = _scopes(lambda column: column.in_(bindparam("occurrences", expanding=True)))


def _of_occurrences(
    session: Database, change: Change, occurrences: Sequence[int], now: datetime
) -> tuple[Sequence[Scope], dict[str, object]]:
    """Scopes, and what is asked of them.

    One that is moved or led by another keeps its causes, unless it comes to where something stands.
    """
    themselves, with_causes = _OF_ONE if len(occurrences) == 1 else _OF_MANY
    keeps_causes = change in {Change.MOVE, Change.LEAD} and not anything_stands(session, now=now)
    asked: dict[str, object] = (
        {"occurrence": occurrences[0]} if len(occurrences) == 1 else {"occurrences": list(occurrences)}
    )
    return themselves if keeps_causes else with_causes, asked


def _of_series(session: Database, series: Collection[int], now: datetime) -> Sequence[Scope]:
    """Whatever series of these lineages there are before and after: a split makes one."""
    lineages = set(session.scalars(select(Series.lineage_id).where(Series.id.in_(series))))
    own = select(Series.id).where(Series.lineage_id.in_(lineages))
    to_come = select(Occurrence.id).where(Occurrence.series_id.in_(own), Occurrence.ends_at > now)
    return (
        Scope(Series, Series.lineage_id.in_(lineages)),
        Scope(Occurrence, Occurrence.id.in_(to_come)),
        Scope(Enrollment, Enrollment.series_id.in_(own)),
        Scope(Post, Post.series_id.in_(own)),
        Scope(Duty, Duty.occurrence_id.in_(to_come)),
        Scope(Cause, Cause.occurrence_id.in_(to_come)),
        Scope(ClosureEffect, ClosureEffect.occurrence_id.in_(to_come)),
    )
