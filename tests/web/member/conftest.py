"""A group whose members put themselves on its sheet."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.door import code_at
from scheduler.domain.schedule.models import Series
from scheduler.store.transaction import transaction
from tests.support.evenings import AT_SEVEN, Group, evening_group
from tests.support.people import Everybody


@pytest.fixture
def group(sessions: sessionmaker[Database], people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        made = evening_group(session, people)
        session.get_one(Series, made.series).check_in = True
    return made


@pytest.fixture
def door(app: Flask, group: Group) -> str:
    """The path of the code that the screen shows at 7:05 PM."""
    return f"/in/{code_at(app.config['SECRET_KEY'], group.occurrence, AT_SEVEN + timedelta(minutes=5))}"
