from datetime import datetime

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from tests.domain.admissions.life import Life
from tests.domain.planning.center import Center
from tests.support.people import Everybody


@pytest.fixture
def center(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> Center:
    center = Center(sessions, people, now)
    center.open()
    return center


@pytest.fixture
def life(center: Center) -> Life:
    return Life(center, center.people.member.id)
