"""Statements are put into SQL once for all databases of the tests, and not anew for each engine."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache


class _Alike:
    """Every dialect of one kind stands for the others: they serve the same tables and the same server."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)


class Sqlite(_Alike, SQLiteDialect_pysqlite):
    """As ``sqlite:`` in an address names it."""

    supports_statement_cache = True


class Postgres(_Alike, PGDialect_psycopg):
    """As ``postgresql+psycopg:`` names it."""

    supports_statement_cache = True


_COMPILED: LRUCache[Any, Any] = LRUCache(3000)


def share() -> None:
    """Have every engine that is made from now on be one of these."""
    registry.register("sqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.psycopg", __name__, Postgres.__name__)
