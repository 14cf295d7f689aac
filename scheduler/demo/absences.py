"""Somebody says beforehand that they can't make it to what Dana leads next."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.demo.setting import Setting
from scheduler.domain.attendance.absences import say_absent
from scheduler.domain.attendance.statuses import Excuse
from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series


def say_one_absent(session: Database, setting: Setting) -> None:
    """The second of those expected at her next session of several: the first may be who tries this out."""
    query = (
        select(Occurrence.id)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Duty.person_id == setting.cast.facilitators[0], Occurrence.booked)
        .where(Occurrence.starts_at > setting.now, Series.kind != Kind.INDIVIDUAL)
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(1)
    )
    occurrence_id = session.scalars(query).one()
    member = sorted(members_by_occurrence(session, [occurrence_id])[occurrence_id])[1]
    say_absent(
        session,
        actor=Actor(member, None, frozenset({Role.MEMBER})),
        occurrence_id=occurrence_id,
        person_id=member,
        reason=Excuse.WORK,
        now=setting.now,
    )
