"""What a change did, row by row, so that it can be taken back as long as nothing was built on it.

The rows that a change may touch are read before and after it, in its transaction, so that it does not
matter how they were written. What differs are the steps; taking them back puts each row as it was.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Index,
    Select,
    Table,
    TypeDecorator,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.orm import Session as Database

from scheduler.errors import NotFound, Refused
from scheduler.store.asking import executed, rows
from scheduler.store.audit import Acting
from scheduler.store.base import Base, Instant, Key
from scheduler.store.rising import risen

Values = dict[str, Any]
"""Columns by name, as they stand in JSON: dates and instants in ISO 8601."""
Kept = dict[tuple[str, int], Values]
"""Rows by table and id."""

COUNTED: Final = frozenset({"revision", "sequence"})
"""Columns that calendars and stale forms compare: taking a change back raises them once more."""
CHANGED_AT: Final = "changed_at"
CLOSED: Final = "closed"
"""The kind of a memory that holds no steps: nothing that was done before it can be taken back."""
ENDED: Final = "ended"
"""The kind of a memory of the plan that is kept: the last dates of those whom the end of a series cut. It is
nobody's to take back, and holds ids and dates alone; its subject is the series."""
RISING: Final = COUNTED | {CHANGED_AT}
"""What says nothing of the row itself: it rises also where something later was taken back."""
_ASIDE: Final = timedelta(days=400 * 365)


class Memory(Base):
    """One change of one person's life here, or (without a person) of the plan.

    ``steps`` hold ids and plain values, nothing that identifies. ``subject_id`` is the occurrence that a
    change of the plan began with, where there is one (of :data:`ENDED`, the series).

    ``undone_at``: it was taken back.
    """

    __tablename__ = "memory"
    __table_args__ = (Index(None, "person_id", "made_at"), Index(None, "subject_id"))

    id: Mapped[Key]
    person_id: Mapped[int | None]
    subject_id: Mapped[int | None]
    kind: Mapped[str]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None]
    undone_at: Mapped[Instant | None]
    steps: Mapped[list[dict[str, object]]] = mapped_column(JSON)


_ADDED: Final = insert(Memory)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Rows of a table with an ``id`` that a change may touch: those for which ``where`` holds.

    ``columns`` are those to remember, without names of persons; empty: the whole row. A change must not
    make or delete rows of which only some columns are remembered. What a scope asks is written once: one that
    is used again and again takes its numbers as parameters.
    """

    model: type[Base]
    where: ColumnElement[bool]
    columns: tuple[str, ...] = ()
    names: tuple[str, ...] = field(init=False)
    query: Select[Any] = field(init=False)

    def __post_init__(self) -> None:
        table = self.model.__table__
        names = self.columns or tuple(column.name for column in table.columns if column.name != "id")
        query = select(table.c.id, *(table.c[name] for name in names)).where(self.where)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "query", query)


@dataclass(frozen=True, slots=True)
class Step:
    """One row: made (no ``before``), deleted (no ``after``), or changed, with the columns that changed."""

    table: str
    key: int
    before: Values | None
    after: Values | None


@dataclass(slots=True)
class Remembered:
    """What :func:`remembering` hands out: the ``id`` of the memory, once its block is over."""

    id: int = 0
    steps: tuple[Step, ...] = field(default=())


class BuiltUpon(Refused):
    """A change cannot be taken back: rows of ``table`` are not as it left them, or others refer to them."""

    def __init__(self, table: str) -> None:
        super().__init__("Something was built on this in the meantime.")
        self.table = table


def difference(before: Kept, after: Kept) -> tuple[Step, ...]:
    """The steps from one state of some rows to another, by table and id. Pure."""
    steps = []
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        if old is not None and new is not None:
            changed = {name for name in new if old[name] != new[name]}
            old, new = _only(old, changed), _only(new, changed)
        if old != new:
            steps.append(Step(*place, old, new))
    return tuple(steps)


@contextmanager
def remembering(
    session: Database,
    scopes: Sequence[Scope],
    *,
    person_id: int | None,
    kind: str,
    subject_id: int | None = None,
    actor: Acting,
    now: datetime,
    asked: Mapping[str, Any] | None = None,
    anew: bool = False,
) -> Iterator[Remembered]:
    """Remember what the block does to the rows of ``scopes``, which it must have locked before.

    ``asked`` are the values of the parameters that the scopes have. ``anew``: all of these rows were made.
    """
    before = {} if anew else _look(session, scopes, asked or {})
    remembered = Remembered()
    yield remembered
    remembered.steps = difference(before, _look(session, scopes, asked or {}))
    memory = {
        "person_id": person_id,
        "subject_id": subject_id,
        "kind": kind,
        "made_at": now,
        "made_by": actor.person_id,
        "steps": [_plain(step) for step in remembered.steps],
    }
    (remembered.id,) = executed(session, _ADDED, memory).inserted_primary_key or (0,)


def latest(session: Database, person_id: int) -> Memory | None:
    """What was last done to a person and not taken back, or none: nothing else of theirs may be."""
    query = select(Memory).where(Memory.person_id == person_id, Memory.undone_at.is_(None))
    return session.scalars(query.order_by(Memory.id.desc()).limit(1)).first()


def close(session: Database, *, person_id: int, actor: Acting, now: datetime) -> None:
    """Have nothing taken back any more that was done to a person until now: it knows too little."""
    session.add(Memory(person_id=person_id, kind=CLOSED, made_at=now, made_by=actor.person_id, steps=[]))
    session.flush()


def load(session: Database, memory_id: int) -> Memory:
    """The memory, read anew. Raises :class:`NotFound`."""
    memory = session.get(Memory, memory_id, populate_existing=True)
    if memory is None:
        raise NotFound("There is nothing to undo.")
    return memory


def steps_of(memory: Memory) -> tuple[Step, ...]:
    """What it remembers."""
    return tuple(Step(**step) for step in memory.steps)  # type: ignore[arg-type]  # as `_plain` wrote it


def take_back(
    session: Database,
    memory: Memory,
    *,
    aside: Collection[InstrumentedAttribute[datetime]] = (),
    now: datetime,
) -> None:
    """Put every row as it was before; all that the change concerned is locked.

    ``aside`` are times that no two rows may share: rows that exchange theirs make room for each other first.
    Raises :class:`Refused` for what was taken back already or is not the person's latest,
    :class:`BuiltUpon` where a row does not say what the change left it saying, or something refers to one
    that it made.
    """
    if memory.undone_at is not None:
        raise Refused("This was undone already.")
    _require_latest(session, memory)
    session.flush()
    steps = steps_of(memory)
    standing = {(step.table, step.key): _row(session, step) for step in steps}
    order = [table.name for table in Base.metadata.sorted_tables]
    for step in sorted(steps, key=lambda step: order.index(step.table)):  # what others follow is told first
        _require_untouched(step, standing[step.table, step.key])
    _put_aside(session, steps, {(each.class_.__tablename__, each.key) for each in aside})
    for step in sorted(steps, key=lambda step: (order.index(step.table), step.key)):
        if step.before is not None:
            _restore(session, step, standing[step.table, step.key], now)
    _require_unused(session, [step for step in steps if step.before is None])
    for step in sorted(steps, key=lambda step: (-order.index(step.table), step.key)):
        if step.before is None:
            table = _table(step)
            session.execute(delete(table).where(table.c.id == step.key))
    session.expire_all()
    memory.undone_at = now
    session.flush()


def is_untouched(session: Database, memory: Memory) -> bool:
    """Does every row still say what the change left it saying? One statement for each table."""
    by_table: dict[str, list[Step]] = {}
    for step in steps_of(memory):
        by_table.setdefault(step.table, []).append(step)
    for name, steps in by_table.items():
        table = Base.metadata.tables[name]
        query = select(table).where(table.c.id.in_([step.key for step in steps]))
        found = {row["id"]: row for row in session.execute(query).mappings()}
        for step in steps:
            row, names = found.get(step.key), step.after or step.before or {}
            standing = None if row is None else {name: _written(row[name]) for name in names}
            if _lasting(standing) != _lasting(step.after):
                return False
    return True


def _put_aside(session: Database, steps: Sequence[Step], aside: Collection[tuple[str, str]]) -> None:
    for step in steps:
        for name in set(step.before or ()) & set(step.after or ()):
            if (step.table, name) in aside:
                table = _table(step)
                waits = datetime.fromisoformat((step.after or {})[name]) - _ASIDE
                session.execute(update(table).where(table.c.id == step.key).values({name: waits}))


def _require_latest(session: Database, memory: Memory) -> None:
    """Of what was done to a person only the last is taken back; changes of the plan stand each for itself."""
    newest = memory if memory.person_id is None else latest(session, memory.person_id)
    if newest is None or newest.id != memory.id:
        raise Refused("Something else was done since. Undo that first.")


def _look(session: Database, scopes: Sequence[Scope], asked: Mapping[str, Any]) -> Kept:
    found: Kept = {}
    for scope in scopes:
        name: str = scope.model.__tablename__
        for key, *values in rows(session, scope.query, asked):
            found[name, key] = {n: _written(v) for n, v in zip(scope.names, values, strict=True)}
    return found


def _row(session: Database, step: Step) -> Values | None:
    """The columns of a step as they stand now; none where the row is not there."""
    table = _table(step)
    names = list(step.after if step.after is not None else step.before or {})
    query = select(table.c.id, *(table.c[name] for name in names)).where(table.c.id == step.key)
    row = session.execute(query).first()
    return None if row is None else {n: _written(v) for n, v in zip(names, row[1:], strict=True)}


def _require_untouched(step: Step, standing: Values | None) -> None:
    if _lasting(standing) != _lasting(step.after):
        raise BuiltUpon(step.table)


def _lasting(values: Values | None) -> Values | None:
    return None if values is None else {name: values[name] for name in values if name not in RISING}


def _require_unused(session: Database, made: Sequence[Step]) -> None:
    """Raises :class:`BuiltUpon` where a row refers to one of these, and is not one of them."""
    for table in Base.metadata.sorted_tables:
        own = [step.key for step in made if step.table == table.name]
        for column in table.columns:
            for name in {key.column.table.name for key in column.foreign_keys if key.column.name == "id"}:
                keys = [step.key for step in made if step.table == name]
                if keys and _is_used(session, table, column, keys, but=own):
                    raise BuiltUpon(table.name)


def _is_used(
    session: Database, table: Table, column: Column[Any], keys: Collection[int], *, but: Collection[int]
) -> bool:
    query = select(column).where(column.in_(keys)).limit(1)
    if "id" in table.c:
        query = query.where(table.c.id.not_in(but))
    return session.execute(query).first() is not None


def _restore(session: Database, step: Step, standing: Values | None, now: datetime) -> None:
    table = _table(step)
    values = {name: _read(table.c[name], value) for name, value in (step.before or {}).items()}
    newest = values if standing is None else {n: _read(table.c[n], v) for n, v in standing.items()}
    for name in COUNTED & values.keys():
        values[name] = newest[name] + 1
    if CHANGED_AT in values:
        values[CHANGED_AT] = risen(now, newest[CHANGED_AT])
    if standing is None:
        session.execute(insert(table).values(id=step.key, **values))
    else:
        session.execute(update(table).where(table.c.id == step.key).values(**values))


def _table(step: Step) -> Table:
    return Base.metadata.tables[step.table]


def _only(values: Values, names: Collection[str]) -> Values:
    return {name: values[name] for name in values if name in names}


def _plain(step: Step) -> Values:
    return {"table": step.table, "key": step.key, "before": step.before, "after": step.after}


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _read(column: Column[Any], value: Any) -> Any:
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if value is None or not isinstance(kind, Date | DateTime):
        return value
    return date.fromisoformat(value) if isinstance(kind, Date) else datetime.fromisoformat(value)
