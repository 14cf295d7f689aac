"""Doing something to see what it would do."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import scoped_session

from scheduler.store.transaction import transaction

AnySession = TypeVar("AnySession", bound=Database)


class _Over(Exception):
    """Ends a rehearsal."""


@contextmanager
def rehearsal(database: scoped_session[AnySession]) -> Iterator[Database]:
    """As ``transaction``, but nothing of it stays."""
    with suppress(_Over), transaction(database) as session:
        yield session
        raise _Over
