"""What every table has in common."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Protocol

from sqlalchemy import Column, DateTime, Dialect, MetaData, TypeDecorator, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeEngine

from scheduler.errors import Conflict

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Lite(sqlite.DATETIME):
    """The same text of a date and time as SQLAlchemy's own, made at once: a save has hundreds of them."""

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:
        return _as_text


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat(" ", "microseconds")


_LITE: Final = _Lite()  # type: ignore[no-untyped-call]  # SQLAlchemy's own


class _Moment(TypeDecorator[datetime]):
    impl: TypeEngine[Any] | type[TypeEngine[Any]] = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_LITE) if dialect.name == "sqlite" else self.impl_instance


class UtcInstant(_Moment):
    """An aware instant, in UTC on the way out; a naive one is a mistake and raises ``ValueError``."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallTime(_Moment):
    """A local date and time without a zone; an aware one is a mistake and raises ``ValueError``."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("a wall time has no zone of its own")
        return value


Instant = Annotated[datetime, mapped_column(UtcInstant())]
LocalTime = Annotated[datetime, mapped_column(WallTime())]
Key = Annotated[int, mapped_column(primary_key=True)]


class Base(DeclarativeBase):
    """The parent of all models; Flask-SQLAlchemy serves the same metadata."""

    metadata = MetaData(naming_convention=NAMES)


def never_twice(who: str, span: str, *, where: str, name: str) -> Any:
    """The net beneath the locks, on PostgreSQL: no two rows of one ``who`` whose ``span`` overlaps.

    Checked at the end of the transaction, so that rows may pass through each other on the way.
    """
    net = ExcludeConstraint(
        (Column(who), "="),
        (text(span), "&&"),
        name=name,
        using="gist",
        where=text(where),
        deferrable=True,
        initially="DEFERRED",
    )
    return net.ddl_if(dialect="postgresql")


class Revised(Protocol):
    """Anything that carries a revision."""

    revision: Any


def require_newest(row: Revised, seen: int) -> None:
    """Refuse a change made from a page that shows an older state: raises :class:`Conflict` when ``seen`` is
    not the row's revision.

    SQLAlchemy's own ``version_id_col`` compares load with flush, so that it would let a stale form through.
    """
    if row.revision != seen:
        raise Conflict("Somebody changed this in the meantime.")


def require_revision(row: Revised, seen: int) -> None:
    """The same, and count this change."""
    require_newest(row, seen)
    row.revision = row.revision + 1
