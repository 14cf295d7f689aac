"""Writing series and occurrences; only `planning` calls these, with all locked and looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.schedule.dates import ALL_MADE, Meeting
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import ends_alike
from scheduler.domain.schedule.rule_text import rule_of, text_of
from scheduler.store.base import Base
from scheduler.store.rising import risen


@dataclass(frozen=True, slots=True)
class NewOccurrence:
    """An occurrence to be made; not `exclusive` where its room is shared or taken as well."""

    meeting: Meeting
    exclusive: bool
    override_reason: str = ""


def add_series(session: Database, *, plan: Plan, lineage_id: int | None, now: datetime) -> Series:
    """A series without occurrences. The plan is checked already; without `lineage_id` it begins a lineage."""
    series = Series(
        lineage_id=lineage_id,
        first_start=plan.first_start,
        duration=plan.minutes,
        timezone=plan.timezone,
        rule=text_of(plan.rule),
        ends_on=None,
        made_until=None,
        changed_at=now,
        **described(plan),
    )
    session.add(series)
    session.flush()
    series.lineage_id = series.lineage_id or series.id
    return series


def described(plan: Plan) -> dict[str, object]:
    """The columns of a series that change in place: all but those that say when it meets."""
    return {
        "kind": plan.kind.value,
        "fellowship": plan.fellowship,
        "title": plan.title,
        "discreet_title": plan.discreet_title,
        "room_id": plan.room_id,
        "capacity": plan.capacity,
        "counting": plan.counting.value,
        **asdict(plan.counts),
        "closed": plan.closed,
        "check_in": plan.check_in,
    }


def describe(series: Series, plan: Plan, *, now: datetime) -> None:
    """Change in place what does not say when it meets."""
    if series.title != plan.title:
        series.titled_at = now
    for column, value in described(plan).items():
        setattr(series, column, value)


def retime(series: Series, plan: Plan) -> None:
    """Change when it meets; another end of the rule also takes back that it was ended."""
    if not ends_alike(rule_of(series.rule), plan.rule):
        series.ends_on = None
    series.first_start, series.duration = plan.first_start, plan.minutes
    series.timezone, series.rule = plan.timezone, text_of(plan.rule)


def end_before(series: Series, first: date, *, now: datetime) -> None:
    """Another series goes on from the local date `first`, with the added and skipped dates from then on. One
    that had ended earlier stays so: its dates in between are not taken back by what was left standing after
    them.
    """
    last = first - timedelta(days=1)
    series.rule = text_of(rule_of(series.rule).excepting(last=last))
    series.ends_on = min(series.ends_on or last, last)
    series.made_until = ALL_MADE
    touch(series, now=now)


def add_occurrences(
    session: Database, *, series: Series, wanted: Sequence[NewOccurrence], now: datetime
) -> list[int]:
    """Make occurrences where the series meets; answers their ids in the same order."""
    if not wanted:
        return []
    rows = [
        {
            "series_id": series.id,
            "original_start": new.meeting.local_start,
            "local_start": new.meeting.local_start,
            "starts_at": new.meeting.starts_at,
            "ends_at": new.meeting.ends_at,
            "room_id": series.room_id,
            "exclusive": new.exclusive,
            "override_reason": new.override_reason,
            "changed_at": now,
        }
        for new in wanted
    ]
    query = insert(Occurrence).returning(Occurrence.id, sort_by_parameter_order=True)
    return list(session.scalars(query, rows))


def touch(row: Series | Occurrence, *, now: datetime) -> None:
    """Calendars see that this changed."""
    row.sequence += 1
    row.changed_at = risen(now, row.changed_at)


def stop(
    session: Database,
    *,
    occurrence: Occurrence,
    cause: CauseType,
    reason: str,
    made_by: int | None,
    closure_id: int | None = None,
    holiday_id: int | None = None,
    now: datetime,
) -> None:
    """One more cause why this does not take place; a closure or a holiday is named by its id."""
    stop_all(
        session,
        [occurrence],
        cause=cause,
        reason=reason,
        made_by=made_by,
        closure_id=closure_id,
        holiday_id=holiday_id,
        now=now,
    )


def stop_all(
    session: Database,
    occurrences: Collection[Occurrence],
    *,
    cause: CauseType,
    reason: str,
    made_by: int | None,
    closure_id: int | None = None,
    holiday_id: int | None = None,
    now: datetime,
) -> None:
    """The same for many: statements by the batch."""
    for occurrence in occurrences:
        occurrence.booked = False
        touch(occurrence, now=now)
    session.flush()
    rows = [
        {
            "occurrence_id": occurrence.id,
            "type": cause.value,
            "closure_id": closure_id,
            "holiday_id": holiday_id,
            "reason": reason,
            "made_by": made_by,
            "made_at": now,
        }
        for occurrence in occurrences
    ]
    if rows:
        session.execute(insert(Cause), rows)


def lift(
    session: Database,
    *,
    occurrence: Occurrence,
    cause: CauseType,
    closure_id: int | None = None,
    holiday_id: int | None = None,
    now: datetime,
) -> bool:
    """Take one cause away; true if the occurrence takes place again since there is no other."""
    this = (Cause.type == cause.value, Cause.closure_id == closure_id, Cause.holiday_id == holiday_id)
    session.execute(delete(Cause).where(Cause.occurrence_id == occurrence.id, *this))
    others = session.scalar(select(Cause.id).where(Cause.occurrence_id == occurrence.id).limit(1))
    occurrence.booked = others is None
    touch(occurrence, now=now)
    session.flush()
    return occurrence.booked


def hung_with(session: Database, occurrences: Collection[int], *, but: Collection[str]) -> set[int]:
    """Those of the occurrences that a row of any table refers to, whatever package it belongs to.

    `but` names the tables whose rows are made from the series, and may go with the occurrence.
    """
    hung: set[int] = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns if table.name not in but else ():
            if any(key.column is Occurrence.__table__.c.id for key in column.foreign_keys):
                hung |= set(session.scalars(select(column).where(column.in_(occurrences))))
    return hung


def remove(session: Database, occurrences: Collection[int]) -> None:
    """Delete occurrences that nothing hangs on."""
    session.execute(delete(Occurrence).where(Occurrence.id.in_(occurrences)))
