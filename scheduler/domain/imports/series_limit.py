"""How many sessions one list may make: as long as it is written, nobody else can save anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.series_judging import JudgedSeries
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.dates import horizon_of, starts_until
from scheduler.domain.schedule.plans import Plan

MOST_SESSIONS: Final = 5_000
"""Up to the horizon: about 190 weekly series, or 27 daily ones; some seconds of writing."""

TOO_MANY_SESSIONS: Final = (
    f"The rows before it make {MOST_SESSIONS:,} sessions in 26 weeks, as many as one list may make. "
    "Bring this row as a list of its own."
)


def within_limit(rows: Iterable[JudgedSeries], *, now: datetime) -> tuple[JudgedSeries, ...]:
    """The same rows; from the one on that makes too many sessions, those that make any are refused."""
    return tuple(_limited(rows, now))


def starts_ahead(plan: Plan, now: datetime) -> Sequence[datetime]:
    """The local starts of the occurrences up to the horizon."""
    until = horizon_of(now, zone_named(plan.timezone))
    return starts_until(plan.rule, plan.first_start, after=None, until=until, ends_on=None)


def _limited(rows: Iterable[JudgedSeries], now: datetime) -> Iterator[JudgedSeries]:
    left = MOST_SESSIONS
    for row in rows:
        making = row.effect.making
        if row.does is not Outcome.NEW or making is None:
            yield row
            continue
        if left >= 0:
            left -= len(starts_ahead(making.plan, now))
        yield row if left >= 0 else _refused(row)


def _refused(row: JudgedSeries) -> JudgedSeries:
    effect = replace(row.effect, reasons=(*row.effect.reasons, TOO_MANY_SESSIONS))
    return replace(row, outcome=Outcome.REFUSED, does=Outcome.SAME, effect=effect)
