"""What was last done to a session or a series and can be taken back, unless something was built on it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.changes import Change
from scheduler.domain.planning.undoing import KEPT, require_reach
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import NotFound
from scheduler.store.memory import Memory, steps_of
from scheduler.store.recalling import holding


@dataclass(frozen=True, slots=True)
class LastChange:
    """A change of the plan, and how many sessions it touched, as far as they were there before."""

    change_id: int
    change: Change
    made_at: datetime
    sessions: int


def last_change_of_session(
    session: Database, occurrence_id: int, *, viewer: Actor, now: datetime
) -> LastChange | None:
    """The last change of 24 hours that touched this occurrence, by itself or with others, and was not undone.

    None where that is not for the viewer to undo.
    """
    own = select(Duty.id).where(Duty.occurrence_id == occurrence_id)
    this = select(Occurrence.id).where(Occurrence.id == occurrence_id)
    return _last(session, {"occurrence": this, "duty": own}, viewer, now)


def last_change_of_series(
    session: Database, series_id: int, *, viewer: Actor, now: datetime
) -> LastChange | None:
    """The same for a series: the last one that touched it, its posts or one of its occurrences."""
    held = select(Occurrence.id).where(Occurrence.series_id == series_id)
    rows = {
        "series": select(Series.id).where(Series.id == series_id),
        "post": select(Post.id).where(Post.series_id == series_id),
        "occurrence": held,
        "duty": select(Duty.id).where(Duty.occurrence_id.in_(held)),
    }
    return _last(session, rows, viewer, now)


def _last(
    session: Database, rows: Mapping[str, Select[int]], viewer: Actor, now: datetime
) -> LastChange | None:
    possible = select(Memory).where(
        Memory.person_id.is_(None),
        Memory.made_at >= now - KEPT,
        Memory.kind.in_(list(Change)),
        Memory.undone_at.is_(None),
        holding(session, rows),
    )
    found = session.scalars(possible.order_by(Memory.id.desc()).limit(1)).first()
    with suppress(NotFound):
        if found is not None:
            require_reach(session, viewer, found, now=now)
            return LastChange(found.id, Change(found.kind), found.made_at, _sessions(found))
    return None


def _sessions(memory: Memory) -> int:
    """Who leads many was changed, or the sessions themselves: a memory has a step for each, and others."""
    steps = [step for step in steps_of(memory) if step.before is not None]
    return max(sum(step.table == table for step in steps) for table in ("occurrence", "duty"))
