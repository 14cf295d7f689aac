"""Counting what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session as Database


@contextmanager
def counted(where: Database | Engine) -> Iterator[list[str]]:
    """The SQL statements that are sent inside, in order; beginnings and ends of transactions are none."""
    engine = where if isinstance(where, Engine) else where.get_bind().engine
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
