"""The second step after a password: an authenticator app (RFC 6238), and printed codes without it."""

from datetime import datetime
from typing import Final

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access import digits, sealing, slip_codes
from scheduler.domain.access.models import Passkey, RecoveryCode, SecondFactor
from scheduler.domain.access.passkeys import forget
from scheduler.domain.people.models import SignIn
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.service import end_sign_ins, locked, locked_active, note
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.ledger import Ended, remember

CODES: Final = 10
"""Recovery codes on one sheet of paper."""
DRIFT: Final = 1
"""Steps of 30 seconds that a phone's clock may be wrong, either way."""
WRONG: Final = "This is not the code. Wait for the next one, and type it at once."


def set_up(session: Database, *, actor: Actor, secret_key: str, now: datetime) -> None:
    """Make a secret for one's authenticator app; it counts once this same sign-in confirms it.

    Raises :class:`Refused` where there is an app already.
    """
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    factor = session.get(SecondFactor, person_id, populate_existing=True)
    if factor and factor.confirmed_at:
        raise Refused("There is an app already. Remove it first.")
    if factor is None:
        factor = SecondFactor(person_id=person_id)
        session.add(factor)
    factor.sealed_secret, factor.made_at = sealing.seal(secret_key, pyotp.random_base32()), now
    factor.begun_by = actor.sign_in_id


def confirm(
    session: Database, *, actor: Actor, typed: str, secret_key: str, now: datetime
) -> tuple[str, ...]:
    """Confirm the app by one of its codes, and answer recovery codes, which nobody can look up again.

    It is this sign-in's second step; the others end. Raises :class:`NotFound` where nothing of this sign-in
    waits, and :class:`Invalid` for a wrong code.
    """
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    factor = session.get(SecondFactor, person_id, populate_existing=True)
    if factor is None or factor.confirmed_at or factor.begun_by != actor.sign_in_id:
        raise NotFound
    step = _step_of(factor, typed, secret_key, now)
    if step is None:
        raise Invalid(WRONG, "code")
    factor.confirmed_at, factor.last_step = now, step
    mine = (SignIn.id == actor.sign_in_id, SignIn.person_id == person_id)
    session.execute(update(SignIn).where(*mine).values(second_step=True))
    end_sign_ins(session, person_id=person_id, but=actor.sign_in_id, now=now)
    note(session, actor, "second_step.confirmed", person_id, now)
    return _new_codes(session, person_id, secret_key, now)


def check(session: Database, *, person_id: int, typed: str, secret_key: str, now: datetime) -> bool:
    """Whether this is the app's code or a printed one; it is used up by it. Commit it whatever the answer."""
    factor = session.get(SecondFactor, person_id, populate_existing=True)
    if factor is None or factor.confirmed_at is None:
        return False
    step = _step_of(factor, typed, secret_key, now)
    if step is None:
        return _use_printed(session, person_id, typed, secret_key, now)
    unused = or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step)
    used = update(SecondFactor).where(SecondFactor.person_id == person_id, unused).values(last_step=step)
    return session.scalar(used.returning(SecondFactor.person_id)) is not None


def new_codes(session: Database, *, actor: Actor, secret_key: str, now: datetime) -> tuple[str, ...]:
    """Replace one's printed codes. Raises :class:`NotFound` without an app."""
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    factor = session.get(SecondFactor, person_id, populate_existing=True)
    if factor is None or factor.confirmed_at is None:
        raise NotFound
    note(session, actor, "second_step.new_codes", person_id, now)
    return _new_codes(session, person_id, secret_key, now)


def remove(session: Database, *, actor: Actor, now: datetime) -> None:
    """Remove one's own app and printed codes; a passkey stays. Raises :class:`NotFound` without an app.

    This sign-in has no second step any more, so that whoever needs one sets up another at once.
    """
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    if session.get(SecondFactor, person_id, populate_existing=True) is None:
        raise NotFound
    _remove_app(session, person_id, now)
    mine = (SignIn.id == actor.sign_in_id, SignIn.person_id == person_id)
    has_key = select(Passkey.id).where(Passkey.person_id == person_id).exists()
    session.execute(update(SignIn).where(*mine, ~has_key).values(second_step=False))
    note(session, actor, "second_step.removed", person_id, now)


def reset(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Take somebody's app, printed codes and passkeys, who lost them, and end their sign-ins.

    Raises :class:`NotFound`.
    """
    locked(session, person_id)
    _remove_app(session, person_id, now)
    keys = delete(Passkey).where(Passkey.person_id == person_id).returning(Passkey.credential_id)
    for credential_id in session.scalars(keys).all():
        forget(session, credential_id, now)
    end_sign_ins(session, person_id=person_id, now=now)
    note(session, actor, "second_step.reset", person_id, now)


def _remove_app(session: Database, person_id: int, now: datetime) -> None:
    _end_printed(session, person_id, now)
    gone = delete(SecondFactor).where(SecondFactor.person_id == person_id).returning(SecondFactor.person_id)
    if session.scalar(gone) is not None:
        remember(session, what=Ended.SECOND_STEP, person_id=person_id, now=now)


def _step_of(factor: SecondFactor, typed: str, secret_key: str, now: datetime) -> int | None:
    """The time step whose code this is."""
    code, secret = digits.read(typed), sealing.opened(secret_key, factor.sealed_secret)
    if code is None or secret is None:
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=DRIFT)
    except OTPVerificationError:
        return None


def _new_codes(session: Database, person_id: int, secret_key: str, now: datetime) -> tuple[str, ...]:
    _end_printed(session, person_id, now)
    codes = tuple(slip_codes.new_code() for _ in range(CODES))
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=_kept(secret_key, person_id, code)) for code in codes
    )
    session.flush()
    return tuple(slip_codes.grouped(code) for code in codes)


def _end_printed(session: Database, person_id: int, now: datetime) -> None:
    mine = delete(RecoveryCode).where(RecoveryCode.person_id == person_id)
    for row in session.execute(mine.returning(RecoveryCode.code_hash, RecoveryCode.used_at)).all():
        if row.used_at is None:
            remember(session, what=Ended.RECOVERY_CODE, key=row.code_hash, now=now)


def _use_printed(session: Database, person_id: int, typed: str, secret_key: str, now: datetime) -> bool:
    code = slip_codes.read(typed)
    if code is None:
        return False
    code_hash = _kept(secret_key, person_id, code)
    unused = (RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
    used = update(RecoveryCode).where(*unused).values(used_at=now).returning(RecoveryCode.id)
    if session.scalar(used) is None:
        return False
    remember(session, what=Ended.RECOVERY_CODE, key=code_hash, now=now)
    return True


def _kept(secret_key: str, person_id: int, code: str) -> str:
    return digits.keyed(secret_key, "recovery code", str(person_id), code)
