"""Asking for plain columns, past what the ORM does for entities: that is half the time of a small query."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import CursorResult, Executable, text
from sqlalchemy.orm import Session as Database

Asked = Mapping[str, Any] | None
"""The values of a statement's parameters."""
_FOR_VALUES: Final = text("SET LOCAL plan_cache_mode = force_custom_plan")
_AT_ONCE: Final = 10_000
"""So many ids go with one statement; more than 65,535 no driver sends."""


def rows(session: Database, query: Executable, asked: Any = None) -> Sequence[tuple[Any, ...]]:
    """The rows of a query as tuples, to be unpacked into a value whose fields stand in the same order.

    The same of a statement that returns what it wrote. Only for columns: an entity would come out as its
    columns. What waits to be written is written first, as the ORM does it. All are fetched at once.
    """
    return executed(session, query, asked).all()


def scalars(session: Database, query: Executable, asked: Asked = None) -> Sequence[Any]:
    """The first column of each row."""
    return executed(session, query, asked).scalars().all()


def executed(session: Database, statement: Executable, asked: Any = None) -> CursorResult[Any]:
    """The statement's own answer, in the session's transaction."""
    session.flush()
    return session.connection().execute(statement, asked)


def plan_for_values(session: Database) -> None:
    """Have PostgreSQL plan what follows in this transaction for its values.

    What is asked often gets one plan for all values; for a span of half a year that takes ten times as long.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_FOR_VALUES)


def some_at_once(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in ascending order, each once, as many at a time as one statement takes."""
    ordered = sorted(set(ids))
    for first in range(0, len(ordered), _AT_ONCE):
        yield ordered[first : first + _AT_ONCE]
