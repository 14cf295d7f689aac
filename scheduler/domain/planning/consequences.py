"""What a change of the plan comes to, in numbers: told before it is saved, and after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import members_of
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.clashes import Clash


@dataclass(frozen=True, slots=True)
class Consequences:
    """How many occurrences a change touches, how many members are expected at them, and how many duties.

    `made`, `deleted` and `stopped` count dates that are new, gone, or left over with something hanging on
    them. `conflicts` are refused without a reason to override, `warnings` are those of members.
    """

    occurrences: int
    members: int
    duties: int
    conflicts: tuple[Clash, ...] = ()
    warnings: tuple[Clash, ...] = ()
    made: int = 0
    deleted: int = 0
    stopped: int = 0


def consequences_of(
    session: Database,
    occurrences: Collection[int],
    *,
    conflicts: tuple[Clash, ...] = (),
    warnings: tuple[Clash, ...] = (),
    made: int = 0,
    deleted: int = 0,
    stopped: int = 0,
) -> Consequences:
    """Counted as the occurrences stand now; two statements."""
    duties = select(func.count()).select_from(Duty).where(Duty.occurrence_id.in_(occurrences))
    return Consequences(
        occurrences=len(occurrences),
        members=len(members_of(session, occurrences)) if occurrences else 0,
        duties=(session.scalar(duties) or 0) if occurrences else 0,
        conflicts=conflicts,
        warnings=warnings,
        made=made,
        deleted=deleted,
        stopped=stopped,
    )
