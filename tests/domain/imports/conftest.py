"""A desk at which lists are brought, and a center to bring them to."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.stays.service import make_default_programs
from scheduler.store.transaction import transaction
from tests.domain.imports.lists import Desk
from tests.support import factories
from tests.support.people import Everybody


@pytest.fixture
def desk(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> Desk:
    return Desk(sessions, now)


@pytest.fixture
def group(sessions: sessionmaker[Database], desk: Desk) -> int:
    """The Tuesday evening group at Elm Street, and the programs."""
    with sessions() as session, transaction(session):
        make_default_programs(session, actor=SYSTEM, now=desk.now)
        return factories.series(session, room_id=factories.room(session))
