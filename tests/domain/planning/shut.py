"""Closures of the small center, and what its plan says, row by row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduler.domain.planning.closing import Closed, Reopened, change_end, close_place, lift_closure
from scheduler.domain.planning.closing_plan import Choice, Does
from scheduler.domain.planning.closure_drafts import ClosureDraft, all_but_medication
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Cause, Closure, Occurrence
from tests.domain.planning.center import Center

WEEK_OF_FIRST = (datetime(2026, 7, 20), datetime(2026, 7, 25))
STOP, RELOCATE, ONLINE = Choice(Does.STOP), Choice(Does.RELOCATE), Choice(Does.ONLINE)


def close(
    center: Center,
    choice: Choice = STOP,
    span: tuple[datetime, datetime] = WEEK_OF_FIRST,
    *,
    site_id: int | None = None,
    choices: Mapping[Kind, Choice] | None = None,
    **more: Any,
) -> Closed:
    """Room 2 (or the whole site) is shut in the week of July 20."""
    room_id = None if site_id else more.pop("room_id", center.room)
    draft = ClosureDraft(
        "Water damage",
        *span,
        site_id=site_id,
        room_id=room_id,
        timezone="America/New_York",
        choices=all_but_medication(choice) if choices is None else choices,
    )
    return center.do(close_place, draft=draft, **more)


def closure(center: Center, closure_id: int) -> Closure:
    row: Closure = center.rows(Closure, id=closure_id)[0]
    return row


def lift(center: Center, closure_id: int) -> Reopened:
    revision = closure(center, closure_id).revision
    return center.do(lift_closure, closure_id=closure_id, revision=revision)


def until(center: Center, closure_id: int, local_end: datetime) -> Reopened:
    revision = closure(center, closure_id).revision
    return center.do(change_end, closure_id=closure_id, revision=revision, local_end=local_end)


COUNTERS = {"revision", "sequence", "changed_at"}


def state(center: Center) -> dict[str, list[dict[str, Any]]]:
    """Every column of occurrences, causes and duties, but for those that only ever rise."""
    return {
        model.__tablename__: [
            {
                column.name: getattr(row, column.name)
                for column in model.__table__.columns
                if column.name not in COUNTERS
            }
            for row in center.rows(model)
        ]
        for model in (Occurrence, Cause, Duty)
    }
