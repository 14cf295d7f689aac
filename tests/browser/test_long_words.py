"""A title that is one long word, a house with a long name: nothing is pushed out of the smallest window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.app import create_app
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room, Site
from scheduler.domain.schedule.models import Series
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.support import browsing
from tests.support.browsing import Served
from tests.support.evenings import AT_SEVEN, Group, evening_group
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
SMALLEST = {"width": 320, "height": 640}


@pytest.fixture(autouse=True)
def _tuesday_evening() -> Iterator[None]:
    with time_machine.travel(AT_SEVEN):
        yield


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Of an organization with a long name."""
    app = create_app(
        {"database_url": database_url, "instance_path": str(tmp_path), "organization": "Linden" * 12}
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def group(sessions: sessionmaker[Database], people: Everybody) -> Group:
    """Everything that has a name is called by one long word."""
    with sessions() as session, transaction(session):
        made = evening_group(session, people)
        for column in (Series.title, Room.name, Site.name, Identity.name, Identity.short_name):
            session.execute(update(column.class_).values({column.key: WORD}))
    return made


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("member", "/member/week"),
        ("member", "/member/calendar"),
        ("facilitator", "/facilitator/today"),
        ("facilitator", "/facilitator/duties"),
        ("facilitator", "/facilitator/sheets/{occurrence}"),
        ("coordinator", "/coordinator/week"),
        ("coordinator", "/coordinator/board"),
        ("coordinator", "/coordinator/week/print"),
        ("coordinator", "/coordinator/series"),
        ("coordinator", "/coordinator/series/{series}"),
        ("coordinator", "/coordinator/series/{series}/edit"),
        ("coordinator", "/coordinator/occurrences/{occurrence}"),
        ("coordinator", "/coordinator/places"),
        ("administrator", "/admin/people"),
        ("administrator", "/me"),
    ],
)
def test_a_long_word_breaks(
    page: Page, served: Served, people: Everybody, group: Group, who: str, address: str
) -> None:
    served.sign_in(page.context, getattr(people, who).secret)
    page.set_viewport_size(SMALLEST)
    answer = page.goto(served.address + address.format(occurrence=group.occurrence, series=group.series))
    assert answer is not None
    assert answer.status == 200
    assert browsing.sideways(page) == 0
