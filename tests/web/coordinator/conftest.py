from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from tests.conftest import Clients
from tests.domain.planning.center import Center
from tests.support.people import Everybody
from tests.web.coordinator.desk import Desk


@pytest.fixture(autouse=True)
def _now(now: datetime) -> Iterator[None]:
    """It is Wednesday, July 15, 2026, and time stands still."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def center(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> Center:
    center = Center(sessions, people, now)
    center.open()
    return center


@pytest.fixture
def desk(clients: Clients, people: Everybody) -> Desk:
    return Desk(clients(people.coordinator))
