"""What did not go as planned: sessions cancelled and moved, facilitators standing in, one deliberate
collision.

Weeks are counted from the present one. Each change is made three days before the session, as far as that
is past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.demo.setting import Setting
from scheduler.domain.planning.leading import substitute
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence, Series


@dataclass(frozen=True, slots=True)
class Cancelled:
    title: str
    week: int
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """``room_of`` names a series in whose room it takes place instead; ``override`` says why not to mind
    a collision.
    """

    title: str
    week: int
    minutes: int
    reason: str
    room_of: str = ""
    override: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """``by`` is the number of the facilitator who stands in."""

    title: str
    week: int
    by: int


CHANGES = (
    Cancelled("Saturday evening group", -18, "Town festival: no parking anywhere."),
    Cancelled("Second-year group", -14, "The facilitator was ill and nobody could stand in."),
    Cancelled("Morning group", -11, "Training day for all staff."),
    Cancelled("Wednesday evening group", -8, "Power cut."),
    Cancelled("Thursday evening group", -8, "Power cut."),
    Cancelled("Cooking for one", -3, "The kitchen has no water."),
    Cancelled("Family evening", 0, "Elm Street is closed for repairs."),
    Cancelled("Friday evening group", 2, "Inspection of the building."),
    Moved("Money and forms", -9, 60, "The room is in use until two."),
    Moved("Monday evening group", -5, -60, "The house closes early."),
    Moved("Family hour", -2, 60, "Some families come from far away."),
    Moved("Job skills", 0, 30, "The speaker cannot come earlier."),
    Moved("Tuesday evening group", 1, -30, "Everybody wanted to begin earlier."),
    Moved(
        "Parents’ circle",
        2,
        30,
        "Room 2 is being painted.",
        room_of="Monday evening group",
        override="Both groups share the room for a quarter of an hour.",
    ),
    Covered("Tuesday evening group", -6, 12),
    Covered("Job skills", -4, 18),
    Covered("Relapse prevention", 0, 23),
    Covered("Morning group", 1, 12),
)


def change_plans(session: Database, setting: Setting) -> None:
    """Make all of them."""
    for change in CHANGES:
        occurrence = _occurrence(session, setting, change.title, change.week)
        now = min(setting.now, occurrence.starts_at - timedelta(days=3))
        match change:
            case Cancelled():
                cancel_occurrence(
                    session,
                    actor=setting.coordinator,
                    occurrence_id=occurrence.id,
                    revision=occurrence.revision,
                    reason=change.reason,
                    now=now,
                )
            case Moved():
                _move(session, setting, change, occurrence, now)
            case Covered():
                _cover(session, setting, change, occurrence, now)


def _move(session: Database, setting: Setting, change: Moved, occurrence: Occurrence, now: datetime) -> None:
    room = _room_of(session, change.room_of) if change.room_of else occurrence.room_id
    move_occurrence(
        session,
        actor=setting.coordinator,
        occurrence_id=occurrence.id,
        revision=occurrence.revision,
        local_start=occurrence.local_start + timedelta(minutes=change.minutes),
        room_id=room,
        reason=change.reason,
        override=change.override,
        now=now,
    )


def _cover(
    session: Database, setting: Setting, change: Covered, occurrence: Occurrence, now: datetime
) -> None:
    duty = session.scalars(
        select(Duty).where(Duty.occurrence_id == occurrence.id).order_by(Duty.id).limit(1)
    ).one()
    substitute(
        session,
        actor=setting.coordinator,
        duty_id=duty.id,
        revision=duty.revision,
        person_id=setting.cast.facilitators[change.by],
        now=now,
    )


def _occurrence(session: Database, setting: Setting, title: str, week: int) -> Occurrence:
    monday = datetime.combine(setting.monday, time()) + timedelta(weeks=week)
    query = (
        select(Occurrence)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.title == title)
        .where(Occurrence.original_start >= monday, Occurrence.original_start < monday + timedelta(weeks=1))
        .order_by(Occurrence.original_start)
        .limit(1)
    )
    return session.scalars(query).one()


def _room_of(session: Database, title: str) -> int | None:
    return session.scalars(select(Series.room_id).where(Series.title == title)).one()
