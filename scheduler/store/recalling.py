"""Which changes touched some rows: found by what their memories hold.

Memories of the plan are few, since they are kept for a day. So the database opens those, and nothing is kept
beside them that could say something else.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.store.locks import locks_rows
from scheduler.store.memory import Memory


def holding(session: Database, rows: Mapping[str, Select[int]]) -> ColumnElement[bool]:
    """The condition that a Memory holds a step of one of these rows: queries of ids, by table."""
    opened = func.json_array_elements(Memory.steps) if locks_rows(session) else func.json_each(Memory.steps)
    steps = opened.table_valued("value")
    table, key = (steps.c.value.op("->>")(name) for name in ("table", "key"))
    meant = (and_(table == name, cast(key, Integer).in_(ids)) for name, ids in rows.items())
    return exists(select(1).select_from(steps).where(or_(*meant)))
