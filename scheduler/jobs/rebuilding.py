"""Setting the whole plan right after a change of time zone data, some series in each transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning import rebuilding
from scheduler.domain.planning.rebuilding import Drift, Hold
from scheduler.domain.schedule.clashes import Clash
from scheduler.errors import Conflict
from scheduler.store.transaction import transaction

AT_A_TIME: Final = 50
"""Series of one transaction."""
TRIES: Final = 5
"""How often a transaction is begun anew when somebody else changes the same series at that moment."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was set right, or would be; the `clashes` are new, and wait in the conflicts."""

    drifts: tuple[Drift, ...]
    closures: int
    clashes: tuple[Clash, ...] = ()


def foresee(sessions: sessionmaker[Database], now: datetime) -> Rebuilt:
    """What :func:`rebuild` would set right; nothing is changed, and what would collide is not looked for."""
    with sessions() as session:
        closures = rebuilding.drifted_closures(session, now=now)
        return Rebuilt(rebuilding.drifted(session, now=now), len(closures))


def rebuild(sessions: sessionmaker[Database], now: datetime) -> Rebuilt:
    """Give all that is to come its instants anew; doing it twice is harmless.

    Raises Conflict where others leave it no moment; what was done until then stays, and it may begin anew.
    """
    with sessions() as session:
        drifted = [drift.series_id for drift in rebuilding.drifted(session, now=now)]
    retimed = _do(sessions, lambda session: rebuilding.rebuild_closures(session, actor=SYSTEM, now=now))
    drifts: list[Drift] = []
    loosened: set[Hold] = set()
    for some in _parts(drifted):
        done = _do(sessions, _of_series(some, now))
        drifts += done.drifts
        loosened |= done.loosened
    if retimed:
        _do(sessions, lambda session: rebuilding.stand_at_edges(session, retimed=retimed, now=now))
    clashes: tuple[Clash, ...] = ()
    if loosened:
        clashes = _do(sessions, lambda session: rebuilding.settle(session, loosened=loosened, now=now))
    return Rebuilt(tuple(drifts), len(retimed), clashes)


def _of_series(series: Sequence[int], now: datetime) -> Callable[[Database], rebuilding.Rebuilt]:
    return lambda session: rebuilding.rebuild_series(session, actor=SYSTEM, series=series, now=now)


def _parts(series: Sequence[int]) -> list[Sequence[int]]:
    return [series[place : place + AT_A_TIME] for place in range(0, len(series), AT_A_TIME)]


def _do(sessions: sessionmaker[Database], act: Callable[[Database], T]) -> T:
    for _ in range(TRIES - 1):
        try:
            with sessions() as session, transaction(session):
                return act(session)
        except Conflict:
            continue
    with sessions() as session, transaction(session):
        return act(session)
