"""Meetings that no center runs, and the calendar of the demonstration's member."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.demo.listed import SATURDAY_MEETING, SOURCE, listed_meetings
from scheduler.demo.setting import Setting
from scheduler.demo.stays import RENEE
from scheduler.domain.calendars.keeping import note_fetches
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.mutual_help.queries import known_meetings
from scheduler.domain.mutual_help.service import import_meetings
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.choosing import choose_listed

GOOGLE = "google"
"""The key of a program that fetches calendars."""


def list_meetings(session: Database, setting: Setting) -> None:
    """The meetings that no center runs; Renee has one of them in her calendar."""
    import_meetings(session, source=SOURCE, rows=listed_meetings(setting.timezone), now=setting.planned_at)
    renee = setting.cast.members[RENEE]
    choose_listed(
        session,
        actor=Actor(renee, None, frozenset({Role.MEMBER})),
        series_id=known_meetings(session, source=SOURCE)[SATURDAY_MEETING].series_id,
        person_id=renee,
        now=setting.planned_at,
    )


def subscribe(session: Database, setting: Setting) -> None:
    """Renee's phone has had her calendar for three weeks, and looked a few hours ago."""
    renee = setting.cast.members[RENEE]
    make_feed(
        session,
        actor=Actor(renee, None, frozenset({Role.MEMBER})),
        person_id=renee,
        choices=Choices(name="My phone", titles=Titles.PLAIN),
        now=setting.planned_at - timedelta(weeks=3),
    )
    feed = session.scalars(select(Feed.id).where(Feed.person_id == renee)).one()
    note_fetches(session, {feed: (GOOGLE, setting.now - timedelta(hours=2, minutes=36))})
