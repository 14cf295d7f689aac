"""Taking what a change concerns, always in the same order, before anything is looked at.

On PostgreSQL the rows stay locked until the transaction ends; on SQLite the immediate transaction
already excludes every other writer, and the statements are left out.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Integer, column, func, select, table
from sqlalchemy.orm import Session as Database

from scheduler.store.asking import some_at_once


def _lock(session: Database, name: str, ids: Collection[int]) -> None:
    key = column("id", Integer)
    for some in some_at_once(ids):
        session.execute(
            select(key)
            .select_from(table(name, key))
            .where(key.in_(some))
            .order_by(key)
            .with_for_update(key_share=True)
        )


_DAYS: Final = 7_246_001
"""Any number that nothing else of ours takes."""
_SHARED: Final = select(func.pg_advisory_xact_lock_shared(_DAYS))
_ALONE: Final = select(func.pg_advisory_xact_lock(_DAYS))


def hold_days(session: Database) -> None:
    """Wait until nobody changes the plan, and let nobody begin to: before all other locks.

    A holiday is for sessions that are only being made, which have no row yet that could be locked.
    """
    if locks_rows(session):
        session.execute(_ALONE)


def locks_rows(session: Database) -> bool:
    """Does a change lock rows, and may so have waited for another? Not on SQLite: it writes alone."""
    return session.get_bind().dialect.name != "sqlite"


def lock(
    session: Database,
    *,
    sites: Collection[int] = (),
    rooms: Collection[int] = (),
    persons: Collection[int] = (),
    series: Collection[int] = (),
) -> None:
    """Lock sites, then rooms, persons and series, each by ascending id; a change of holidays waits as well.

    The fixed order is what keeps two changes that cross each other from waiting for each other. A row that
    only refers to one that is locked (a cause, to who made it) does not wait: keys never change.
    """
    if not locks_rows(session):
        return
    session.execute(_SHARED)
    _lock(session, "site", sites)
    _lock(session, "room", rooms)
    _lock(session, "person", persons)
    _lock(session, "series", series)
