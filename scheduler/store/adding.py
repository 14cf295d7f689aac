"""Adding a row that may be there already: of two who do so at once one adds it, and the other waits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as Database

from scheduler.store.base import Base


def add_once(session: Database, model: type[Base], values: Mapping[str, Any], *, key: str) -> None:
    """Add a row, unless there is one with the same value in the unique column ``key``."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(model).values(**values).on_conflict_do_nothing(index_elements=[key]))
