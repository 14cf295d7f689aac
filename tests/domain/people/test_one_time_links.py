"""Links that work once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people import queries, service
from scheduler.domain.people.links import Purpose, id_of, token_of
from scheduler.domain.people.models import Account
from scheduler.errors import NotFound
from scheduler.store.transaction import transaction
from tests.support.people import Everybody

HOUR = timedelta(hours=1)
Sessions = sessionmaker[Database]


def test_a_token_is_a_signed_id() -> None:
    token = token_of("key", 7)
    assert id_of("key", token) == 7
    for forged in ("", "7", token[:-1], token + "x", token_of("another key", 7), "é", "." * 50):
        assert id_of("key", forged) is None


def test_it_tells_whom_it_belongs_to_while_it_lives(
    people: Everybody, session: Database, now: datetime
) -> None:
    link = service.make_link(
        session, person_id=people.member.id, purpose=Purpose.INVITATION, lasts=HOUR, now=now
    )
    owner = queries.LinkOwner(people.member.id, Purpose.INVITATION, "Renee Tamm", people.member.email)
    assert queries.link_owner(session, link_id=link, now=now + HOUR - timedelta(seconds=1)) == owner
    assert queries.link_owner(session, link_id=link, now=now + HOUR) is None
    assert queries.link_owner(session, link_id=link + 1, now=now) is None


def test_a_new_one_ends_the_one_before(people: Everybody, session: Database, now: datetime) -> None:
    links = [
        service.make_link(session, person_id=people.member.id, purpose=purpose, lasts=HOUR, now=now)
        for purpose in (Purpose.INVITATION, Purpose.RESET, Purpose.RESET)
    ]
    live = [queries.link_owner(session, link_id=link, now=now) is not None for link in links]
    assert live == [False, False, True]


def test_of_many_uses_at_once_one_counts(people: Everybody, sessions: Sessions, now: datetime) -> None:
    with sessions() as session, transaction(session):
        link = service.make_link(
            session, person_id=people.member.id, purpose=Purpose.RESET, lasts=HOUR, now=now
        )

    def use(number: int) -> str:
        try:
            with sessions() as session, transaction(session):
                service.use_link(session, link_id=link, password_hash=f"hash {number}", key="k", now=now)
        except NotFound:
            return ""
        return f"hash {number}"

    with ThreadPoolExecutor(8) as threads:
        used = [each for each in threads.map(use, range(8)) if each]
    assert len(used) == 1
    with sessions() as session:
        assert session.scalars(select(Account.password_hash)).all() == used


def test_a_link_of_nobody_is_not_made(session: Database, now: datetime) -> None:
    with pytest.raises(NotFound):
        service.make_link(session, person_id=10_000, purpose=Purpose.RESET, lasts=HOUR, now=now)
