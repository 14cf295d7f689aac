"""What is done once a day, in the night. Doing it twice is harmless."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access import linking
from scheduler.domain.attendance.walk_ins import NAMES_STAY, forget_names
from scheduler.domain.calendars import service as calendars
from scheduler.domain.imports import forget
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning import undoing
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.store import outbox
from scheduler.store.transaction import transaction

KIND: Final = "daily"
AT: Final = timedelta(hours=3)
"""Local time of day: few look at their week then, and both clock changes are over in most zones."""

MOST: Final = 1000
"""Transactions of one extension: a series that cannot be extended must not keep the worker for ever."""


@dataclass(frozen=True, slots=True)
class Extended:
    """How many occurrences were made, and how many of them collide with others and wait in the conflicts."""

    occurrences: int
    clashes: int


def name_of(now: datetime, timezone: str) -> str:
    """The name of the task of the day that began last, at three in the night of ``timezone``."""
    return f"{KIND} {(now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) - AT).date()}"


def work(sessions: sessionmaker[Database], now: datetime, *, names_stay: timedelta = NAMES_STAY) -> None:
    """Plan further ahead, and clear away what is over, each in transactions of its own.

    ``names_stay``: for so long a walk-in whom nobody matched has a name.
    """
    extend(sessions, now)
    move_spans(sessions, now)
    forget_walk_ins = partial(forget_names, after=names_stay)
    for job in (forget_walk_ins, forget.clean_up, linking.clean_up, undoing.clean_up, outbox.clean_up):
        with sessions() as session, transaction(session):
            job(session, now=now)


def move_spans(sessions: sessionmaker[Database], now: datetime) -> None:
    """Let calendars begin later, some in each transaction: others wait for none of them long."""
    for _ in range(MOST):
        with sessions() as session, transaction(session):
            if calendars.move_spans(session, now=now) < calendars.SPANS_AT_ONCE:
                break


def extend(sessions: sessionmaker[Database], now: datetime) -> Extended:
    """Make the occurrences of all series up to the horizon, some series in each transaction."""
    occurrences = clashes = 0
    for _ in range(MOST):
        with sessions() as session, transaction(session):
            done = extend_horizon(session, actor=SYSTEM, now=now)
        occurrences += done.occurrences
        clashes += len(done.clashes)
        if not done.more:
            break
    return Extended(occurrences, clashes)
