"""How long the members of the demonstration have been here, in which program, and who pauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.demo.setting import Setting
from scheduler.demo.stays import RENEE, Stay
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.places.models import Site
from scheduler.domain.stays.models import Stay as StayRow
from scheduler.domain.stays.queries import programs
from scheduler.domain.stays.reasons import DischargeReason, Places
from scheduler.domain.stays.service import add_hold, begin_stay, end_stay, make_default_programs

COUNSELORS = 6
"""The first so many facilitators look after members."""

REASONS = (
    *[DischargeReason.COMPLETED] * 4,
    DischargeReason.MOVED,
    DischargeReason.LOST_TOUCH,
    DischargeReason.TRANSFERRED,
)
PAUSES = (
    (-12, None, Places.KEPT),
    (-45, -31, Places.KEPT),
    (-3, 18, Places.FREED),
    (9, 23, Places.KEPT),
)
"""First and last day from this Monday, of members who have been here for long; empty: until they are back."""


def admit_all(session: Database, setting: Setting, stays: Sequence[Stay]) -> None:
    """A stay for each member, in the order of their numbers; those who left are discharged."""
    make_default_programs(session, actor=SYSTEM, now=setting.planned_at)
    templates = [program.id for program in programs(session)]
    sites = list(session.scalars(select(Site.id).order_by(Site.id)))
    made = [
        begin_stay(
            session,
            person_id=setting.cast.members[number],
            admitted_on=_date(setting, stay.begins),
            program_id=templates[number % len(templates)],
            site_id=sites[number % len(sites)],
            counselor_id=setting.cast.facilitators[number % COUNSELORS],
            kept_by=setting.cast.coordinator,
            now=setting.planned_at,
        )
        for number, stay in enumerate(stays)
    ]
    for number, (stay, row) in enumerate(zip(stays, made, strict=True)):
        if stay.ends is not None and stay.ends < 0:
            left, reason = _date(setting, stay.ends), REASONS[number % len(REASONS)]
            end_stay(session, stay=row, discharged_on=left, reason=reason, now=setting.planned_at)
    _pause(session, setting, list(_long_here(stays, made)))


def _pause(session: Database, setting: Setting, rows: Sequence[StayRow]) -> None:
    for row, (first, last, places) in zip(rows, PAUSES, strict=False):
        add_hold(
            session,
            actor=setting.coordinator,
            stay=row,
            from_date=_date(setting, first),
            until_date=None if last is None else _date(setting, last),
            places=places,
            now=setting.planned_at,
        )


def _long_here(stays: Sequence[Stay], rows: Sequence[StayRow]) -> Iterator[StayRow]:
    """Stays that began two months ago or more and go on, but for the one of the member who signs in."""
    for number, (stay, row) in enumerate(zip(stays, rows, strict=True)):
        if number != RENEE and stay.begins < -60 and stay.ends is None:
            yield row


def _date(setting: Setting, day: int) -> date:
    return setting.monday + timedelta(days=day)
