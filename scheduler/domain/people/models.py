"""Persons, the one table of what identifies them, and how they sign in."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Person(Base):
    """A human the service knows. Everything that identifies them stands in :class:`Identity`."""

    __tablename__ = "person"

    id: Mapped[Key]
    created_at: Mapped[Instant]
    disabled_at: Mapped[Instant | None]
    revision: Mapped[int] = mapped_column(default=1)


class Identity(Base):
    """The identifying values of a person: here, and nowhere else in the database.

    ``short_name`` is what colleagues and sheets see ("First L."); ``search_name`` is the name in
    lower case without accents.
    """

    __tablename__ = "identity"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True)
    email: Mapped[str | None] = mapped_column(unique=True)


class PersonRole(Base):
    """One role of one person."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True, index=True)
    given_at: Mapped[Instant]


class Account(Base):
    """A person who can sign in by password. No row: nothing to sign in with."""

    __tablename__ = "account"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[Instant]


class Lockout(Base):
    """Wrong passwords by address, known or not, so that being locked out tells nothing.

    ``key`` is a keyed hash of the address that was typed.
    """

    __tablename__ = "lockout"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_failure_at: Mapped[Instant] = mapped_column(index=True)
    locked_until: Mapped[Instant | None]


class SignIn(Base):
    """One device signed in. The cookie names this row by a secret; deleting it ends the sign-in."""

    __tablename__ = "sign_in"
    __table_args__ = ({"sqlite_autoincrement": True},)  # the audit names sign-ins that are gone

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)


class OneTimeLink(Base):
    """An invitation or a reset, sent by mail as a signed id; this row holds use and expiry."""

    __tablename__ = "one_time_link"
    __table_args__ = (Index(None, "person_id", "purpose"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
