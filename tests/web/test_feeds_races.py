"""Somebody joins while a place changes its name: their calendar never keeps the old one."""

import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.queries import StoredBody
from scheduler.domain.calendars.sources import Wording
from scheduler.domain.places.queries import room, site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning import venues
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.venues import edit_room, edit_site
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.store.transaction import transaction
from scheduler.web.feed_bodies import FeedBodies
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.racing import Act
from tests.support.feeds import FULL, subscribe
from tests.support.people import Everybody
from tests.support.rounds import rounds

pytestmark = [pytest.mark.stress, pytest.mark.databases("sqlite", "postgresql")]


@pytest.fixture
def center(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> Center:
    center = Center(sessions, people, now)
    center.open()
    return center


def joining(center: Center, series_id: int, person_id: int) -> None:
    """Somebody joins, and their phone looks at once."""
    with center.sessions() as session, transaction(session):
        enroll(
            session,
            actor=center.people.coordinator.actor,
            series_id=series_id,
            person_id=person_id,
            from_date=FIRST.date(),
            now=center.now,
        )
    served(center, person_id)


def served(center: Center, person_id: int) -> str:
    with center.sessions() as session:
        feed_id = session.query(Feed.id).filter_by(person_id=person_id).scalar()
    body: StoredBody = FeedBodies(center.sessions, Wording()).fresh(feed_id)
    return gzip.decompress(body.compressed or b"").decode().replace("\r\n ", "")


def newcomer(center: Center, number: int) -> int:
    """A member with a calendar that says the place."""
    person_id = center.member(f"Newcomer {number}")
    with center.sessions() as session, transaction(session):
        subscribe(session, replace(center.people.member, id=person_id), center.now, FULL)
    return person_id


def renaming_the_room(center: Center, name: str) -> Act[None]:
    view = center.ask(room, center.room)
    assert view is not None
    draft = RoomDraft(name, view.site_id, join_link=f"https://meet.example/{name}")
    actor, seen = center.people.coordinator.actor, view.revision
    return lambda session: edit_room(
        session, actor=actor, room_id=center.room, revision=seen, room=draft, now=center.now
    )


def renaming_the_site(center: Center, name: str) -> Act[None]:
    view = center.ask(site, 1)
    assert view is not None
    draft = SiteDraft("Elm Street", "America/New_York", address=name)
    actor, seen = center.people.coordinator.actor, view.revision
    return lambda session: edit_site(
        session, actor=actor, site_id=1, revision=seen, site=draft, now=center.now
    )


def together(center: Center, rename: Act[None], series_id: int, person_id: int) -> None:
    """Both begin at one moment; a transaction of the second must not be open while it waits."""
    at_once = Barrier(2)

    def first() -> None:
        at_once.wait()
        with center.sessions() as session, transaction(session):
            rename(session)

    def second() -> None:
        at_once.wait()
        joining(center, series_id, person_id)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result()


Renaming = Callable[[Center, str], Act[None]]


@pytest.mark.parametrize("renaming", [renaming_the_room, renaming_the_site])
def test_who_joins_while_a_place_is_renamed_never_keeps_its_old_name(
    center: Center, renaming: Renaming
) -> None:
    for number in rounds(60):
        series_id = center.make(rule=SINGLE, first_start=FIRST + timedelta(days=number)).series_id
        person_id, name = newcomer(center, number), f"Place{number}"
        together(center, renaming(center, name), series_id, person_id)
        assert name in served(center, person_id)


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("renaming", [renaming_the_room, renaming_the_site])
def test_the_twin_without_locks_keeps_the_old_name(
    center: Center, renaming: Renaming, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who renames does not see who joins before it is committed, and raises no calendar of theirs."""
    monkeypatch.setattr(venues, "hold_all", lambda *_ids, **_words: None)
    series_id, person_id = center.make().series_id, newcomer(center, 0)
    with center.sessions() as session, transaction(session):
        renaming(center, "Renamed")(session)
        joining(center, series_id, person_id)
    assert "Renamed" not in served(center, person_id)
