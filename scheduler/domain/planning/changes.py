"""Remembering a change of the plan, so that `undoing` can take it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import Actor
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
    return remembering(
        session,
        _OF_OCCURRENCES if occurrences else _of_series(session, series, now),
        person_id=None,
        kind=change.value,
        subject_id=subject,
        actor=actor,
        now=now,
        asked={"occurrences": list(occurrences)} if occurrences else None,
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


_THESE: Final[BindParameter[int]] = bindparam("occurrences", expanding=True)
_OF_OCCURRENCES: Final = (
    Scope(Occurrence, Occurrence.id.in_(_THESE)),
    Scope(Duty, Duty.occurrence_id.in_(_THESE)),
    Scope(Cause, Cause.occurrence_id.in_(_THESE)),
    Scope(ClosureEffect, ClosureEffect.occurrence_id.in_(_THESE)),
)


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
