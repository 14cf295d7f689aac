"""An evening group of two members, a meeting counted by heads, and who leads them."""

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.store.transaction import transaction
from tests.support.evenings import Group, evening_group, late_meeting
from tests.support.people import Everybody


@pytest.fixture
def group(sessions: sessionmaker[Database], people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        return evening_group(session, people)


@pytest.fixture
def meeting(sessions: sessionmaker[Database], people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        return late_meeting(session, people)
