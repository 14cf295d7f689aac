"""Links that work once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access import linking, queries
from scheduler.domain.people.links import Purpose, id_of, token_of
from scheduler.domain.people.models import Account
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.people.service import disable
from scheduler.errors import NotFound, Refused
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
    link = linking.make_link(
        session, person_id=people.member.id, purpose=Purpose.INVITATION, lasts=HOUR, now=now
    )
    owner = queries.LinkOwner(people.member.id, Purpose.INVITATION, "Renee Tamm", people.member.email)
    assert queries.link_owner(session, link_id=link, now=now + HOUR - timedelta(seconds=1)) == owner
    assert queries.link_owner(session, link_id=link, now=now + HOUR) is None
    assert queries.link_owner(session, link_id=link + 1, now=now) is None


def make(session: Database, people: Everybody, now: datetime, *purposes: Purpose) -> list[int]:
    return [
        linking.make_link(session, person_id=people.member.id, purpose=purpose, lasts=HOUR, now=now)
        for purpose in purposes
    ]


def live(session: Database, links: list[int], now: datetime) -> list[bool]:
    return [queries.link_owner(session, link_id=link, now=now) is not None for link in links]


def test_a_new_one_ends_those_before_it_that_were_for_the_same(
    people: Everybody, session: Database, now: datetime
) -> None:
    """Anybody may ask for a reset; an invitation that waits must not die of it."""
    links = make(session, people, now, Purpose.INVITATION, Purpose.RESET, Purpose.RESET)
    assert live(session, links, now) == [True, False, True]
    links += make(session, people, now, Purpose.INVITATION)
    assert live(session, links, now) == [False, False, True, True]


@pytest.mark.parametrize("used", [0, 1])
def test_a_used_one_ends_the_others_whatever_they_were_for(
    people: Everybody, session: Database, now: datetime, used: int
) -> None:
    links = make(session, people, now, Purpose.INVITATION, Purpose.RESET)
    linking.use_link(session, link_id=links[used], password_hash="hash", key="k", now=now)
    assert live(session, links, now) == [False, False]


def test_one_s_own_new_password_ends_them(people: Everybody, session: Database, now: datetime) -> None:
    links = make(session, people, now, Purpose.INVITATION, Purpose.RESET)
    me = people.member
    linking.set_password(session, actor=me.actor, person_id=me.id, password_hash="hash", now=now)
    assert live(session, links, now) == [False, False]


def test_somebody_disabled_is_not_invited(people: Everybody, session: Database, now: datetime) -> None:
    disable(session, actor=SYSTEM, person_id=people.member.id, now=now)
    for invite in (
        lambda: linking.invite(session, actor=SYSTEM, person_id=people.member.id, now=now),
        lambda: make(session, people, now, Purpose.INVITATION),
    ):
        with pytest.raises(Refused) as refusal:
            invite()
        assert str(refusal.value) == "This person is disabled. Let them sign in again first."


def test_of_many_uses_at_once_one_counts(people: Everybody, sessions: Sessions, now: datetime) -> None:
    with sessions() as session, transaction(session):
        link = linking.make_link(
            session, person_id=people.member.id, purpose=Purpose.RESET, lasts=HOUR, now=now
        )

    def use(number: int) -> str:
        try:
            with sessions() as session, transaction(session):
                linking.use_link(session, link_id=link, password_hash=f"hash {number}", key="k", now=now)
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
        linking.make_link(session, person_id=10_000, purpose=Purpose.RESET, lasts=HOUR, now=now)
