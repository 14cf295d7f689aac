"""What is written anew holds its room and who leads as far as it takes place by what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.planning.looking import Look, require_free
from scheduler.domain.planning.standing import Stood, stand
from scheduler.domain.roster.service import duties_in
from scheduler.domain.schedule.models import Occurrence


def stand_and_hold(
    session: Database, found: Look, written: Mapping[int, int], *, lenient: bool = False, now: datetime
) -> tuple[Look, Stood]:
    """Give what was written the causes that stand there, then override what is taken of the rest.

    `found` was looked at for these numbers, whose occurrences are `written` (by number) and hold all for
    themselves. A closure or a holiday that stops one frees what it wanted, and it comes back only where that
    is free then. Raises Taken where something else is taken, unless there is a reason, or it is `lenient`.
    """
    stood = stand(session, list(written.values()), now=now)
    left = found.without(
        stopped=frozenset(number for number, each in written.items() if each in stood.stopped),
        moved=frozenset(number for number, each in written.items() if each in stood.moved),
    )
    if not lenient:
        require_free(left)
    _override(session, left, written)
    return left, stood


def _override(session: Database, found: Look, written: Mapping[int, int]) -> None:
    in_rooms = {each for number, each in written.items() if number in found.rooms_taken}
    led = {(written[number], who) for number, who in found.leaders_taken if number in written}
    if in_rooms:
        for row in session.scalars(select(Occurrence).where(Occurrence.id.in_(in_rooms))):
            row.exclusive, row.override_reason = False, found.reason
    if led:
        for duty in duties_in(session, [number for number, _ in led]):
            if (duty.occurrence_id, duty.person_id) in led:
                duty.exclusive, duty.override_reason = False, found.reason
    session.flush()
