"""What tests of feeds share: a made feed, a small evening group, and the addresses."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.recurrence import occurrences
from scheduler.domain.schedule.rule_text import rule_of
from tests.support import factories
from tests.support.people import Someone

PHONE = Choices("My phone", Titles.PLAIN)
FULL = Choices("Laptop", Titles.FULL, show_place=True, show_link=True)


def subscribe(session: Database, person: Someone, now: datetime, choices: Choices = PHONE) -> str:
    """A new feed of this person; answers its path."""
    token = make_feed(session, actor=person.actor, person_id=person.id, choices=choices, now=now)
    return path_of(token)


def path_of(token: str) -> str:
    return f"/feeds/{token}/calendar.ics"


def group(session: Database, now: datetime, **more: object) -> int:
    """A weekly group that began in June, its meetings made 26 weeks ahead; answers its id."""
    given: dict[str, object] = {"first_start": datetime(2026, 6, 2, 19), **more}
    series_id = factories.series(session, **given)  # type: ignore[arg-type]
    row = session.get_one(Series, series_id)
    until = now.astimezone(UTC).date() + timedelta(weeks=26)
    for original in occurrences(rule_of(row.rule), row.first_start, before=datetime.combine(until, time.max)):
        factories.occurrence(session, series_id, original)
    row.made_until = until
    session.flush()
    return series_id


def led(session: Database, series_id: int, person_id: int, position: str = "lead") -> int:
    """A post in a group whose meetings are made, with the duty of each; answers the post.

    Nothing is held alone, so that several of them may be at one time.
    """
    post = factories.post(session, series_id, person_id, position)
    for occurrence in session.scalars(select(Occurrence.id).where(Occurrence.series_id == series_id)).all():
        session.get_one(Duty, factories.duty(session, occurrence, post)).exclusive = False
    session.flush()
    return post


def lend(session: Database, occurrence_id: int, post_id: int, person_id: int) -> None:
    """Another one leads this one meeting in place of who holds the post."""
    duty = session.query(Duty).filter_by(occurrence_id=occurrence_id, post_id=post_id).one()
    duty.person_id = person_id
    session.flush()


def on(text: str) -> date:
    return date.fromisoformat(text)
