"""Codes and links by mail: whom a mailbox is enough for, and that each opens the door once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access import codes, digits
from scheduler.domain.access.linking import take_link
from scheduler.domain.access.models import SecondFactor
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import Identity, OneTimeLink
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import disable, give_role
from scheduler.domain.people.sign_ins import Method, Way
from scheduler.errors import NotFound
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.domain.planning.racing import race, winners
from tests.support.people import Everybody
from tests.support.rounds import rounds
from tests.support.statements import counted

KEY = "a key of the tests"
QUARTER = timedelta(minutes=15)
MINE = digits.scope_of_browser("mine")
Sessions = sessionmaker[Database]


def sent(session: Database, people: Everybody, now: datetime, *, scope: str = MINE) -> codes.Made:
    return codes.make_code(
        session,
        person_id=people.member.id,
        purpose=Purpose.SIGN_IN,
        scope=scope,
        secret_key=KEY,
        lasts=QUARTER,
        now=now,
    )


def guessed(session: Database, typed: str, now: datetime, *, scope: str = MINE) -> int | None:
    return codes.guess(session, purpose=Purpose.SIGN_IN, scope=scope, typed=typed, secret_key=KEY, now=now)


def opened(session: Database, link_id: int, now: datetime) -> str | None:
    way = Way(Method.LINK, "Chrome on Android")
    return codes.sign_in_by_link(session, link_id=link_id, way=way, lasts=timedelta(days=90), now=now)


def wrong(made: codes.Made) -> str:
    return f"{(int(made.digits) + 1) % 10**6:06d}"


def test_the_browser_that_asked_types_it_as_it_likes(
    people: Everybody, session: Database, now: datetime
) -> None:
    made = sent(session, people, now)
    spaced = f" {made.digits[:3]}-{made.digits[3:]} "
    assert guessed(session, spaced, now) == made.link_id
    assert opened(session, made.link_id, now)


def test_it_works_once(people: Everybody, session: Database, now: datetime) -> None:
    made = sent(session, people, now)
    assert opened(session, made.link_id, now)
    assert guessed(session, made.digits, now) is None
    assert opened(session, made.link_id, now) is None


def test_it_works_until_its_last_second(people: Everybody, session: Database, now: datetime) -> None:
    made = sent(session, people, now)
    assert guessed(session, made.digits, now + QUARTER) is None
    assert opened(session, made.link_id, now + QUARTER) is None
    assert guessed(session, made.digits, now + QUARTER - timedelta(seconds=1)) == made.link_id


def test_another_browser_types_it_in_vain_and_uses_no_try_up(
    people: Everybody, session: Database, now: datetime
) -> None:
    made = sent(session, people, now)
    for _ in range(10):
        assert guessed(session, made.digits, now, scope=digits.scope_of_browser("theirs")) is None
    assert guessed(session, made.digits, now) == made.link_id


def test_after_five_wrong_ones_the_right_one_is_over(
    people: Everybody, session: Database, now: datetime
) -> None:
    made = sent(session, people, now)
    for _ in range(4):
        assert guessed(session, wrong(made), now) is None
    assert guessed(session, made.digits, now) == made.link_id
    assert guessed(session, made.digits, now) is None


def test_a_new_one_ends_the_one_before(people: Everybody, session: Database, now: datetime) -> None:
    first, second = (sent(session, people, now) for _ in range(2))
    assert guessed(session, first.digits, now) in {None, second.link_id if first == second else None}
    assert opened(session, first.link_id, now) is None
    assert opened(session, second.link_id, now)


def test_a_link_for_something_else_signs_nobody_in(
    people: Everybody, session: Database, now: datetime
) -> None:
    made = sent(session, people, now)
    with pytest.raises(NotFound):
        take_link(session, link_id=made.link_id, purposes=frozenset({Purpose.RESET}), now=now)
    session.execute(update(OneTimeLink).values(purpose=Purpose.CONFIRM))
    assert guessed(session, made.digits, now) is None
    assert opened(session, made.link_id, now) is None


def test_a_row_tells_neither_the_code_nor_the_browser(
    people: Everybody, session: Database, now: datetime
) -> None:
    made = sent(session, people, now)
    kept = session.scalars(select(OneTimeLink.code_hash)).one() or ""
    assert len(kept) == 96
    assert made.digits not in kept
    assert MINE[:32] not in kept


def unconfirm(session: Database, person_id: int, _now: datetime) -> None:
    mine = update(Identity).where(Identity.person_id == person_id)
    session.execute(mine.values(email_confirmed_at=None))


def add_an_app(session: Database, person_id: int, now: datetime) -> None:
    session.add(SecondFactor(person_id=person_id, sealed_secret="-", made_at=now, confirmed_at=now))
    session.flush()


def become_staff(session: Database, person_id: int, now: datetime) -> None:
    give_role(session, actor=SYSTEM, person_id=person_id, role=Role.FACILITATOR, now=now)


def leave(session: Database, person_id: int, now: datetime) -> None:
    disable(session, actor=SYSTEM, person_id=person_id, now=now)


@pytest.mark.parametrize("change", [unconfirm, add_an_app, become_staff, leave])
def test_a_mailbox_is_not_enough_for_everybody(
    people: Everybody, session: Database, now: datetime, change: Callable[[Database, int, datetime], None]
) -> None:
    """Not where the message was on its way already, either."""
    made, person_id = sent(session, people, now), people.member.id
    assert codes.may_sign_in_by_code(session, person_id)
    change(session, person_id, now)
    assert not codes.may_sign_in_by_code(session, person_id)
    assert opened(session, made.link_id, now) is None


def test_asking_takes_the_same_statements_for_everybody(
    people: Everybody, session: Database, now: datetime
) -> None:
    taken = {}
    for email in (people.member.email, people.coordinator.email, "nobody@example.org"):
        with counted(session) as statements:
            codes.ask_code(session, email=email, scope=MINE, now=now)
            session.flush()
        taken[email] = list(statements)
    assert len({tuple(statements) for statements in taken.values()}) == 1
    asked = select(Outbox.payload).where(Outbox.kind == Purpose.SIGN_IN).order_by(Outbox.id)
    assert [payload["person_id"] for payload in session.scalars(asked)] == [people.member.id, 0, 0]


def test_a_wrong_code_takes_the_same_statements_where_there_is_none(
    people: Everybody, session: Database, now: datetime
) -> None:
    made, taken = sent(session, people, now), []
    session.flush()
    for scope in (MINE, digits.scope_of_browser("nobody asked")):
        with counted(session) as statements:
            assert guessed(session, wrong(made), now, scope=scope) is None
        taken.append(list(statements))
    assert taken[0] == taken[1]


def unguarded(session: Database, link_id: int, now: datetime) -> bool:
    """A twin that looks first and writes then: what two devices at once would do to it."""
    live = (OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None))
    if session.scalar(select(OneTimeLink.id).where(*live)) is None:
        return False
    session.execute(update(OneTimeLink).where(OneTimeLink.id == link_id).values(used_at=now))
    return True


def devices_let_in(
    sessions: Sessions, people: Everybody, now: datetime, use: Callable[[Database, int, datetime], object]
) -> int:
    """How many of eight devices with one link are signed in."""
    with sessions() as session, transaction(session):
        link_id = sent(session, people, now).link_id
    acts = [lambda session: use(session, link_id, now)] * 8
    return sum(bool(answer) for answer in winners(race(sessions, acts)))


@pytest.mark.stress
def test_of_many_devices_with_one_link_exactly_one_is_signed_in(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    for _ in rounds(30):
        assert devices_let_in(sessions, people, now, opened) == 1


@pytest.mark.stress
@pytest.mark.databases("postgresql")
def test_without_the_guard_several_are(sessions: Sessions, people: Everybody, now: datetime) -> None:
    assert max(devices_let_in(sessions, people, now, unguarded) for _ in range(10)) > 1
