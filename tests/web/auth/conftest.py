"""The member, with a password."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.domain.access.linking import set_password
from scheduler.domain.people import passwords
from scheduler.domain.people.roles import SYSTEM
from scheduler.extensions import limiter
from scheduler.store.transaction import transaction
from tests.support.filling import send
from tests.support.people import Everybody, Someone

PASSWORD = "seven brown boats at noon"


@dataclass(frozen=True, slots=True)
class Doors:
    """Gives people a password, and tries it."""

    sessions: sessionmaker[Database]

    def give_password(self, person: Someone) -> None:
        with self.sessions() as session, transaction(session):
            set_password(
                session,
                actor=SYSTEM,
                person_id=person.id,
                password_hash=passwords.hashed(PASSWORD),
                now=clock.now(),
            )

    def sign_in(
        self, client: FlaskClient, person: Someone, password: str = PASSWORD, **more: str
    ) -> TestResponse:
        return send(client, "/sign-in", email=person.email, password=password, **more)


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with the least that it does, for tests of many tries that are not about time."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody's"))


@pytest.fixture
def doors(sessions: sessionmaker[Database], people: Everybody) -> Doors:
    """Members and coordinators can sign in by password."""
    doors = Doors(sessions)
    for person in (people.member, people.coordinator):
        doors.give_password(person)
    return doors


@pytest.fixture
def no_limit_by_address() -> Iterator[None]:
    """Without the limit of requests from one machine, which is another test's."""
    limiter.enabled = False
    yield
    limiter.enabled = True
