"""Who else looks in: the secretary of the hosted meeting, and an auditor."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.demo.setting import Setting
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.leading import give_post
from scheduler.domain.privacy.reviews import accept, make_review
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Series

SPAN = timedelta(weeks=8)


def trust(session: Database, setting: Setting) -> None:
    """The trusted servant is the meeting's secretary; the reviewer may read the last two months."""
    hosted = select(Series.id).where(Series.kind == Kind.MUTUAL_HELP, Series.listed.is_(False))
    give_post(
        session,
        actor=setting.coordinator,
        series_id=session.scalars(hosted.order_by(Series.id)).first() or 0,
        person_id=setting.cast.servant,
        position=Position.SECRETARY,
        from_date=setting.monday,
        now=setting.planned_at,
    )
    review_id = make_review(
        session,
        actor=Actor(setting.cast.administrator, None, frozenset({Role.ADMINISTRATOR})),
        person_id=setting.cast.reviewer,
        span_from=setting.monday - SPAN,
        span_until=setting.monday - timedelta(days=1),
        access_until=setting.monday + timedelta(weeks=4),
        today=setting.monday,
        now=setting.planned_at,
    )
    reviewer = Actor(setting.cast.reviewer, None, frozenset({Role.REVIEWER}))
    accept(session, actor=reviewer, review_id=review_id, today=setting.monday, now=setting.planned_at)
