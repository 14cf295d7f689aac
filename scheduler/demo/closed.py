"""Weeks ahead: a holiday, and a kitchen that is painted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.demo.places import Place
from scheduler.demo.setting import Setting
from scheduler.domain.planning.closing import close_place
from scheduler.domain.planning.closing_plan import Choice, Does
from scheduler.domain.planning.closure_drafts import ClosureDraft, all_but_medication
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import keep_holidays
from scheduler.domain.schedule.kinds import Kind

PAINTED_IN = timedelta(weeks=9)
HOLIDAY_IN = timedelta(weeks=12, days=3)


def shut(session: Database, setting: Setting, rooms: Mapping[Place, int]) -> None:
    """The kitchen for a working week, and one Thursday on which groups and classes do not meet."""
    actor, now = setting.coordinator, setting.now
    monday = datetime.combine(setting.monday + PAINTED_IN, time(7))
    painting = ClosureDraft(
        reason="The kitchen is painted.",
        local_start=monday,
        local_end=monday + timedelta(days=4, hours=13),
        room_id=rooms[Place.KITCHEN],
        choices=all_but_medication(Choice(Does.RELOCATE)),
    )
    close_place(session, actor=actor, draft=painting, now=now)
    keep_holidays(
        session,
        actor=actor,
        drafts=[HolidayDraft(setting.monday + HOLIDAY_IN, "Founders' day")],
        kinds=[Kind.GROUP, Kind.SKILLS],
        today=setting.monday,
        now=now,
    )
