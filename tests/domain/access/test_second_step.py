"""The second step: an app's codes work once each, printed ones too, and a reset takes all of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access import sealing, second_step
from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.access.models import RecoveryCode, SecondFactor
from scheduler.domain.access.queries import SecondStep, credentials, second_step_of, sign_ins_of
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.people import Everybody, Someone

KEY = "a key of the tests"
STEP = timedelta(seconds=30)


def secret_of(session: Database, person: Someone) -> str:
    sealed = session.get_one(SecondFactor, person.id).sealed_secret
    found = sealing.opened(KEY, sealed)
    assert found
    return found


def set_up(session: Database, person: Someone, now: datetime) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """An app that was confirmed a while ago, and its printed codes."""
    before = now - timedelta(days=1)
    second_step.set_up(session, actor=person.actor, secret_key=KEY, now=before)
    app = pyotp.TOTP(secret_of(session, person))
    printed = second_step.confirm(
        session, actor=person.actor, typed=app.at(before), secret_key=KEY, now=before
    )
    session.flush()
    return app, printed


def passes(session: Database, person: Someone, typed: str, now: datetime) -> bool:
    return second_step.check(session, person_id=person.id, typed=typed, secret_key=KEY, now=now)


def test_it_counts_once_it_is_confirmed(people: Everybody, session: Database, now: datetime) -> None:
    who = people.coordinator
    second_step.set_up(session, actor=who.actor, secret_key=KEY, now=now)
    app = pyotp.TOTP(secret_of(session, who))
    assert not passes(session, who, app.at(now), now)
    with pytest.raises(Invalid, match="not the code"):
        second_step.confirm(session, actor=who.actor, typed="000000x", secret_key=KEY, now=now)
    found = credentials(session, email=who.email)
    assert found is not None
    assert not found.needs_second_step
    codes = second_step.confirm(session, actor=who.actor, typed=app.at(now), secret_key=KEY, now=now)
    assert len(set(codes)) == 10
    found = credentials(session, email=who.email)
    assert found is not None
    assert found.needs_second_step
    with pytest.raises(Refused, match="an app already"):
        second_step.set_up(session, actor=who.actor, secret_key=KEY, now=now)
    with pytest.raises(NotFound):
        second_step.confirm(session, actor=who.actor, typed=app.at(now), secret_key=KEY, now=now)


def test_only_the_sign_in_that_began_it_confirms_it(
    people: Everybody, session: Database, now: datetime
) -> None:
    """Whoever else has the password would otherwise leave a secret of theirs there, to be confirmed."""
    who = people.coordinator
    thief, owner = (replace(who.actor, sign_in_id=number) for number in (901, 902))
    second_step.set_up(session, actor=thief, secret_key=KEY, now=now)
    planted = pyotp.TOTP(secret_of(session, who))
    assert second_step_of(session, who.id).begun_by == 901
    with pytest.raises(NotFound):
        second_step.confirm(session, actor=owner, typed=planted.at(now), secret_key=KEY, now=now)
    second_step.set_up(session, actor=owner, secret_key=KEY, now=now)
    own = pyotp.TOTP(secret_of(session, who))
    assert own.secret != planted.secret
    with pytest.raises(NotFound):
        second_step.confirm(session, actor=thief, typed=own.at(now), secret_key=KEY, now=now)
    assert second_step.confirm(session, actor=owner, typed=own.at(now), secret_key=KEY, now=now)


def test_a_code_works_once_and_none_before_it_does(
    people: Everybody, session: Database, now: datetime
) -> None:
    app, _printed = set_up(session, people.coordinator, now)
    assert passes(session, people.coordinator, app.at(now), now)
    assert not passes(session, people.coordinator, app.at(now), now)
    assert not passes(session, people.coordinator, app.at(now - STEP), now)
    assert passes(session, people.coordinator, app.at(now + STEP), now)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_s_clock_may_be_half_a_minute_wrong(
    people: Everybody, session: Database, now: datetime, steps: int, right: bool
) -> None:
    app, _printed = set_up(session, people.coordinator, now)
    assert passes(session, people.coordinator, app.at(now + steps * STEP), now) is right


def test_another_s_code_is_none(people: Everybody, session: Database, now: datetime) -> None:
    app, printed = set_up(session, people.coordinator, now)
    set_up(session, people.facilitator, now)
    assert not passes(session, people.facilitator, app.at(now), now)
    assert not passes(session, people.facilitator, printed[0], now)


def test_a_printed_code_works_once_however_it_is_typed(
    people: Everybody, session: Database, now: datetime
) -> None:
    _app, printed = set_up(session, people.coordinator, now)
    assert passes(session, people.coordinator, printed[3].lower().replace("-", " "), now)
    assert not passes(session, people.coordinator, printed[3], now)
    assert second_step_of(session, people.coordinator.id).codes_left == 9
    assert all(passes(session, people.coordinator, code, now) for code in printed if code != printed[3])


def test_new_printed_codes_end_the_old_ones(people: Everybody, session: Database, now: datetime) -> None:
    _app, old = set_up(session, people.coordinator, now)
    new = second_step.new_codes(session, actor=people.coordinator.actor, secret_key=KEY, now=now)
    assert not passes(session, people.coordinator, old[0], now)
    assert passes(session, people.coordinator, new[0], now)


def test_rows_tell_neither_secret_nor_code(people: Everybody, session: Database, now: datetime) -> None:
    app, printed = set_up(session, people.coordinator, now)
    kept = session.scalars(select(SecondFactor.sealed_secret)).one()
    assert app.secret not in kept
    hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not any(code.replace("-", "") in each.upper() for code in printed for each in hashes)
    assert sealing.opened("another key", kept) is None


def test_confirming_ends_the_other_sign_ins(people: Everybody, session: Database, now: datetime) -> None:
    set_up(session, people.coordinator, now)
    assert sign_ins_of(session, people.coordinator.id, now=now, idle=timedelta.max) == ()


def test_a_reset_takes_app_codes_and_passkeys(people: Everybody, session: Database, now: datetime) -> None:
    who = people.coordinator
    app, printed = set_up(session, who, now)
    factories.passkey(session, who.id)
    begin_sign_in(session, person_id=who.id, lasts=timedelta(hours=1), now=now)
    second_step.reset(session, actor=people.administrator.actor, person_id=who.id, now=now)
    assert second_step_of(session, who.id) == SecondStep(None, None, None, 0, 0)
    assert not passes(session, who, app.at(now), now)
    assert not passes(session, who, printed[0], now)
    assert sign_ins_of(session, who.id, now=now, idle=timedelta.max) == ()
    with pytest.raises(NotFound):
        second_step.reset(session, actor=people.administrator.actor, person_id=10_000, now=now)


def test_of_many_tries_at_once_one_printed_code_lets_one_in(
    people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        app, printed = set_up(session, people.coordinator, now)

    def tries(typed: str) -> bool:
        with sessions() as session, transaction(session):
            return passes(session, people.coordinator, typed, now)

    for typed in (printed[0], app.at(now)):
        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(tries, [typed] * 8)) == 1
