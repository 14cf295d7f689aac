"""What can be done to many occurrences at once, and to which of them it cannot be done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduler.domain.planning.looking import reason_of
from scheduler.domain.planning.moving import length_of, meeting_to_come
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import Invalid

MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Chosen:
    """An occurrence with the revision that was seen."""

    occurrence_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Stop:
    """None of them takes place."""

    reason: str


@dataclass(frozen=True, slots=True)
class MoveDays:
    """Each takes place so many days later (below zero: earlier), at its hour and in its room."""

    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class ToRoom:
    """Each takes place in this room, or in none."""

    room_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ToLead:
    """This facilitator leads each of them instead of who leads it now."""

    person_id: int


Act = Stop | MoveDays | ToRoom | ToLead


@dataclass(frozen=True, slots=True)
class Left:
    """An occurrence that stays as it is, and why, as a sentence."""

    occurrence_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An occurrence with what decides: its series, who leads it, and whether a coordinator cancelled it."""

    row: Occurrence
    series: Series
    duties: tuple[Duty, ...]
    is_cancelled: bool


def checked(act: Act) -> Act:
    """With clean words. Raises Invalid on `reason` and `days`."""
    if isinstance(act, ToLead):
        return act
    reason = reason_of(act.reason, field="reason", needed=True)
    match act:
        case Stop():
            return Stop(reason)
        case ToRoom():
            return ToRoom(act.room_id, reason)
        case MoveDays():
            if not act.days or abs(act.days) > MOST_DAYS:
                raise Invalid(f"Say by how many days, up to {MOST_DAYS}.", field="days")
            return MoveDays(act.days, reason)


def hindrance(standing: Standing, act: Act, *, now: datetime) -> str:
    """Why it cannot be done to this one, as a sentence; empty where it can."""
    if standing.row.starts_at <= now:
        return "It has begun. What is past stays as it was."
    if isinstance(act, Stop):
        return "It is cancelled already." if standing.is_cancelled else ""
    if not standing.row.booked:
        return "It does not take place."
    if isinstance(act, ToLead):
        return _hindrance_of_lead(standing, act)
    if isinstance(act, ToRoom):
        return "It is there already." if standing.row.room_id == act.room_id else ""
    return _hindrance_of_move(standing, act, now)


def _hindrance_of_lead(standing: Standing, act: ToLead) -> str:
    if any(duty.person_id == act.person_id for duty in standing.duties):
        return "They lead it already."
    return "" if standing.duties else "Nobody leads it who could be replaced."


def _hindrance_of_move(standing: Standing, act: MoveDays, now: datetime) -> str:
    row, series = standing.row, standing.series
    try:
        meeting_to_come(series, row.local_start + timedelta(days=act.days), length_of(series, row), now)
    except Invalid as error:
        return next(iter(error.fields.values()))
    return ""
