"""Passkeys, the second step of a password, and recovery codes."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Passkey(Base):
    """A credential that a device of this person keeps. ``user_handle`` is random, and what the device
    names at the door: that of their first passkey, unless that was not yet added when this one was asked for.
    """

    __tablename__ = "passkey"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    user_handle: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    made_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class Challenge(Base):
    """What a passkey must sign, once. ``person_id`` is who adds a passkey; none at the door."""

    __tablename__ = "challenge"

    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[Instant] = mapped_column(index=True)


class SecondFactor(Base):
    """The shared secret of an authenticator app, sealed with a key of the installation.

    It counts once it is confirmed, which only the sign-in can do that began it: whoever else is signed in
    with the same password must never see it. ``last_step`` is the last time step used: a code works once.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed_secret: Mapped[str]
    made_at: Mapped[Instant]
    begun_by: Mapped[int | None]
    confirmed_at: Mapped[Instant | None]
    last_step: Mapped[int | None]


class RecoveryCode(Base):
    """A printed code that takes the place of the second step, once."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    used_at: Mapped[Instant | None]
