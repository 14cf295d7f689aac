"""Taking what a change concerns, always in the same order, before anything is looked at.

On PostgreSQL the rows stay locked until the transaction ends; on SQLite the immediate transaction
already excludes every other writer, and the statements are left out.
"""

from collections.abc import Collection

from sqlalchemy import Integer, column, select, table
from sqlalchemy.orm import Session as Database


def _lock(session: Database, name: str, ids: Collection[int]) -> None:
    if ids:
        key = column("id", Integer)
        session.execute(
            select(key)
            .select_from(table(name, key))
            .where(key.in_(ids))
            .order_by(key)
            .with_for_update(key_share=True)
        )


def locks_rows(session: Database) -> bool:
    """Does a change lock rows, and may so have waited for another? Not on SQLite: it writes alone."""
    return session.get_bind().dialect.name != "sqlite"


def lock(
    session: Database,
    *,
    rooms: Collection[int] = (),
    persons: Collection[int] = (),
    series: Collection[int] = (),
) -> None:
    """Lock rooms, then persons, then series, each by ascending id.

    The fixed order is what keeps two changes that cross each other from waiting for each other. A row that
    only refers to one that is locked (a cause, to who made it) does not wait: keys never change.
    """
    if not locks_rows(session):
        return
    _lock(session, "room", rooms)
    _lock(session, "person", persons)
    _lock(session, "series", series)
