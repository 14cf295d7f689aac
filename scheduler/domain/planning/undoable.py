"""Which changes of many at once could still be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.changes import Change
from scheduler.domain.planning.undoing import KEPT, Touched, require_nothing_begun, require_reach
from scheduler.domain.schedule.models import Series
from scheduler.errors import NotFound, Refused
from scheduler.store.memory import Memory, is_untouched, steps_of

SHOWN: Final = 20
"""So many changes of many at once are told, the latest."""


@dataclass(frozen=True, slots=True)
class Together:
    """Sessions that were changed as one: how many, of what (titles), when and by whom (or an empty name)."""

    change_id: int
    sessions: int
    titles: tuple[str, ...]
    made_at: datetime
    made_by: str


def changed_together(session: Database, *, actor: Actor, now: datetime) -> tuple[Together, ...]:
    """Changes of many at once of the last 24 hours that the actor could still take back, the latest first.

    Whether rooms and who leads are still free `undo_change` tells. A handful of statements for each.
    """
    query = (
        select(Memory, Identity.short_name)
        .outerjoin(Identity, Identity.person_id == Memory.made_by)
        .where(Memory.person_id.is_(None), Memory.kind == Change.BULK.value)
        .where(Memory.undone_at.is_(None), Memory.made_at >= now - KEPT)
    )
    found = session.execute(query.order_by(Memory.id.desc()).limit(SHOWN)).all()
    return tuple(each for memory, name in found for each in _told(session, actor, memory, name or "", now))


def _told(session: Database, actor: Actor, memory: Memory, made_by: str, now: datetime) -> Iterator[Together]:
    with suppress(NotFound, Refused):
        touched = require_reach(session, actor, memory, now=now)
        require_nothing_begun(session, steps_of(memory), touched.occurrences, now)
        if is_untouched(session, memory):
            yield _together(session, memory, touched, made_by)


def _together(session: Database, memory: Memory, touched: Touched, made_by: str) -> Together:
    titles = session.scalars(select(Series.title).where(Series.id.in_(touched.series)).order_by(Series.id))
    named = tuple(dict.fromkeys(titles))
    return Together(memory.id, len(touched.occurrences), named, memory.made_at, made_by)
