"""Slips: whose they are, how long they work, and that they work once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access import slip_codes, slips
from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.access.linking import make_link
from scheduler.domain.access.queries import link_owner
from scheduler.domain.access.slips import Arrived, Slip, end_slips, make_slip, use_slip
from scheduler.domain.people import queries, service
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import OneTimeLink, Person, SignIn
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.sign_ins import hash_of
from scheduler.domain.stays.models import Stay
from scheduler.errors import NotFound, Refused
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.racing import race, winners
from tests.support.people import Everybody
from tests.support.rounds import rounds

KEY = "a key of the tests"
WEEK, QUARTER = timedelta(days=7), timedelta(days=90)


def made(session: Database, people: Everybody, now: datetime, person_id: int | None = None) -> Slip:
    return make_slip(
        session,
        actor=people.coordinator.actor,
        person_id=person_id or people.member.id,
        secret_key=KEY,
        lasts=WEEK,
        now=now,
    )


def used(session: Database, code: str, now: datetime, **more: Any) -> Arrived | None:
    return use_slip(session, code=code, secret_key=KEY, lasts=QUARTER, now=now, **more)


def test_it_signs_its_owner_in_for_as_long_as_a_phone_stays_signed_in(
    people: Everybody, session: Database, now: datetime
) -> None:
    slip = made(session, people, now)
    assert slip == Slip(slip.code, now + WEEK)
    arrived = used(session, slip.code, now)
    assert arrived == Arrived(people.member.id, arrived.secret if arrived else "")
    secret = hash_of(arrived.secret if arrived else "")
    found = queries.signed_in(session, secret_hash=secret, now=now + QUARTER - timedelta(seconds=1))
    assert found is not None
    assert found.actor.person_id == people.member.id
    assert queries.signed_in(session, secret_hash=secret, now=now + QUARTER) is None


def test_it_takes_the_place_of_the_sign_in_that_the_phone_had(
    people: Everybody, session: Database, now: datetime
) -> None:
    before = session.scalars(select(SignIn.id).where(SignIn.person_id == people.other_member.id)).one()
    assert used(session, made(session, people, now).code, now, instead_of=before)
    assert session.get(SignIn, before) is None


def test_only_a_keyed_hash_is_stored(people: Everybody, session: Database, now: datetime) -> None:
    slip = made(session, people, now)
    row = session.scalars(select(OneTimeLink)).one()
    assert (row.purpose, row.code_hash) == (Purpose.SLIP, slip_codes.kept(KEY, slip.code))
    other_key = use_slip(session, code=slip.code, secret_key="another", lasts=QUARTER, now=now)
    assert other_key is None


def test_it_works_once(people: Everybody, session: Database, now: datetime) -> None:
    slip = made(session, people, now)
    assert used(session, slip.code, now)
    assert used(session, slip.code, now) is None


def test_it_works_until_its_last_second(people: Everybody, session: Database, now: datetime) -> None:
    slip = made(session, people, now)
    assert used(session, slip.code, now + WEEK) is None
    assert used(session, slip.code, now + WEEK - timedelta(seconds=1))


def test_a_new_one_ends_the_ones_before_it_but_nobody_else_s_and_no_invitation(
    people: Everybody, session: Database, now: datetime
) -> None:
    invitation = make_link(
        session, person_id=people.member.id, purpose=Purpose.INVITATION, lasts=WEEK, now=now
    )
    first, another = made(session, people, now), made(session, people, now, people.other_member.id)
    second = made(session, people, now)
    assert [used(session, slip.code, now) is not None for slip in (first, second, another)] == [
        False,
        True,
        True,
    ]
    assert link_owner(session, link_id=invitation, now=now) is not None


def test_a_guessed_code_finds_nothing(people: Everybody, session: Database, now: datetime) -> None:
    slip = made(session, people, now)
    wrong = slip.code[:-1] + ("0" if slip.code[-1] != "0" else "1")
    assert used(session, wrong, now) is None
    assert used(session, "", now) is None
    assert used(session, slip.code, now)


def test_another_kind_of_link_is_no_slip(people: Everybody, session: Database, now: datetime) -> None:
    slip = made(session, people, now)
    session.execute(update(OneTimeLink).values(purpose=Purpose.RESET))
    assert used(session, slip.code, now) is None


def disabled(session: Database, person_id: int, now: datetime) -> None:
    service.disable(session, actor=SYSTEM, person_id=person_id, now=now)


def disabled_and_enabled(session: Database, person_id: int, now: datetime) -> None:
    disabled(session, person_id, now)
    service.enable(session, actor=SYSTEM, person_id=person_id, now=now)


def erased(session: Database, person_id: int, now: datetime) -> None:
    session.execute(update(Person).where(Person.id == person_id).values(erased_at=now))


def merged(session: Database, person_id: int, now: datetime) -> None:
    other = session.scalars(select(Person.id).where(Person.id != person_id)).first()
    session.execute(update(Person).where(Person.id == person_id).values(merged_into=other))


def made_staff(session: Database, person_id: int, now: datetime) -> None:
    service.give_role(session, actor=SYSTEM, person_id=person_id, role=Role.FACILITATOR, now=now)


def no_member_any_more(session: Database, person_id: int, now: datetime) -> None:
    service.take_role(session, actor=SYSTEM, person_id=person_id, role=Role.MEMBER, now=now)


def discharged(session: Database, person_id: int, now: datetime) -> None:
    begun, over = (now - timedelta(days=60)).date(), (now - timedelta(days=3)).date()
    session.add(Stay(person_id=person_id, admitted_on=begun, discharged_on=over, changed_at=now))


def ended(session: Database, person_id: int, now: datetime) -> None:
    end_slips(session, person_id=person_id, now=now)


@pytest.mark.parametrize(
    "happened",
    [
        disabled,
        disabled_and_enabled,
        erased,
        merged,
        made_staff,
        no_member_any_more,
        discharged,
        ended,
    ],
)
def test_it_does_not_outlive_what_happened_to_its_owner(
    people: Everybody,
    session: Database,
    now: datetime,
    happened: Callable[[Database, int, datetime], None],
) -> None:
    slip = made(session, people, now)
    happened(session, people.member.id, now)
    session.flush()
    assert used(session, slip.code, now) is None


def test_a_readmitted_member_has_another(people: Everybody, session: Database, now: datetime) -> None:
    discharged(session, people.member.id, now)
    session.flush()
    with pytest.raises(Refused) as refused:
        made(session, people, now)
    assert str(refused.value) == slips.OVER
    session.add(Stay(person_id=people.member.id, admitted_on=now.date(), changed_at=now))
    session.flush()
    assert used(session, made(session, people, now).code, now)


@pytest.mark.parametrize("who", ["facilitator", "coordinator", "administrator"])
def test_staff_get_none_and_a_member_who_is_staff_neither(
    people: Everybody, session: Database, now: datetime, who: str
) -> None:
    person_id = getattr(people, who).id
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            made(session, people, now, person_id)
        assert str(refused.value) == slips.NOT_FOR_STAFF
        service.give_role(session, actor=SYSTEM, person_id=person_id, role=Role.MEMBER, now=now)


def test_somebody_disabled_or_unknown_gets_none(people: Everybody, session: Database, now: datetime) -> None:
    service.disable(session, actor=SYSTEM, person_id=people.member.id, now=now)
    with pytest.raises(Refused):
        made(session, people, now)
    with pytest.raises(NotFound):
        made(session, people, now, 10_000)


def test_both_are_on_record_and_tell_no_code(people: Everybody, session: Database, now: datetime) -> None:
    assert used(session, made(session, people, now).code, now + WEEK / 2)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == "slip").order_by(AuditEntry.id))
    link = session.scalars(select(OneTimeLink.id)).one()
    member, coordinator = people.member.id, people.coordinator.id
    signed_in = session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in.begun")).one()
    assert (signed_in.person_id, signed_in.detail) == (member, {"method": "slip"})
    assert [(e.action, e.actor, e.subject_id, e.person_id, e.detail) for e in entries] == [
        ("slip.made", coordinator, link, member, {}),
        ("slip.used", member, link, member, {}),
    ]


Sessions = sessionmaker[Database]


def unguarded(session: Database, *, code: str, secret_key: str, lasts: timedelta, now: datetime) -> object:
    """A twin that looks first and writes then, without a lock: what two phones at once would do to it."""
    live = (OneTimeLink.code_hash == slip_codes.kept(secret_key, code), OneTimeLink.used_at.is_(None))
    found = session.execute(select(OneTimeLink.id, OneTimeLink.person_id).where(*live)).first()
    if found is None:
        return None
    session.execute(update(OneTimeLink).where(OneTimeLink.id == found[0]).values(used_at=now))
    return begin_sign_in(session, person_id=found[1], lasts=lasts, now=now)


def signed_in_by(sessions: Sessions, people: Everybody, now: datetime, use: Callable[..., object]) -> int:
    """How many of eight phones with one code are signed in."""
    with sessions() as session, transaction(session):
        code = made(session, people, now).code
    acts = [lambda session: use(session, code=code, secret_key=KEY, lasts=QUARTER, now=now)] * 8
    return sum(answer is not None for answer in winners(race(sessions, acts)))


@pytest.mark.stress
def test_of_many_phones_with_one_code_exactly_one_is_signed_in(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    for _ in rounds(50):
        assert signed_in_by(sessions, people, now, use_slip) == 1


@pytest.mark.stress
@pytest.mark.databases("postgresql")
def test_without_the_guard_several_are(sessions: Sessions, people: Everybody, now: datetime) -> None:
    """On SQLite one writer at a time is guard enough."""
    assert max(signed_in_by(sessions, people, now, unguarded) for _ in range(10)) > 1
