"""The calendar of holidays as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Cause, Holiday, HolidayException, HolidayKind
from scheduler.store.asking import rows


@dataclass(frozen=True, slots=True)
class HolidayView:
    """A day and what does not meet on it; how many sessions that stops so far, and how many meet anyway."""

    kinds: frozenset[Kind]
    id: int
    day: date
    name: str
    revision: int
    stopped: int
    excepted: int


def holiday_names(session: Database, first: date, days: int) -> dict[date, str]:
    """What the holidays among these days are called, by day. One statement."""
    query = select(Holiday.day, Holiday.name).where(
        Holiday.day >= first, Holiday.day < first + timedelta(days)
    )
    found: dict[date, str] = {}
    for day, name in session.execute(query.order_by(Holiday.day, Holiday.id)):
        found[day] = f"{found[day]}, {name}" if day in found else name
    return found


def holidays_from(session: Database, day: date) -> tuple[HolidayView, ...]:
    """The holidays on a local date and after it, in their order. Two statements."""
    stopped = select(func.count()).select_from(Cause).where(Cause.holiday_id == Holiday.id)
    excepted = (
        select(func.count()).select_from(HolidayException).where(HolidayException.holiday_id == Holiday.id)
    )
    query = (
        select(
            Holiday.id,
            Holiday.day,
            Holiday.name,
            Holiday.revision,
            stopped.scalar_subquery(),
            excepted.scalar_subquery(),
        )
        .where(Holiday.day >= day)
        .order_by(Holiday.day, Holiday.id)
    )
    kinds: dict[Any, set[Kind]] = {}
    for number, kind in session.execute(select(HolidayKind.holiday_id, HolidayKind.kind)):
        kinds.setdefault(number, set()).add(Kind(kind))
    return tuple(HolidayView(frozenset(kinds.get(row[0], ())), *row) for row in rows(session, query))
