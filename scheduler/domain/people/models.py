"""Persons, the one table of what identifies them, and how they sign in."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Person(Base):
    """A human the service knows. Everything that identifies them stands in :class:`Identity`.

    ``erased_at``: their identity was emptied for good. ``merged_into``: the record that goes on in place of
    this one, which turned out to be of the same human.
    """

    __tablename__ = "person"
    __table_args__ = ({"sqlite_autoincrement": True},)  # the audit names persons who are gone

    id: Mapped[Key]
    created_at: Mapped[Instant]
    disabled_at: Mapped[Instant | None]
    erased_at: Mapped[Instant | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    revision: Mapped[int] = mapped_column(default=1)


class Identity(Base):
    """The identifying values of a person: here, and nowhere else in the database.

    Who came to a session and is not known yet has a name in ``walk_in_name`` for some days.

    ``short_name`` is what colleagues and sheets see ("First L."); ``search_name`` is the name in
    lower case without accents, ``distinction`` what tells them on sheets from others of one short name.
    ``email`` and ``phone`` are the person's channels; one counts only once its
    owner confirmed it. ``pending_email`` is one that the person typed and has not confirmed.
    """

    __tablename__ = "identity"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    email_confirmed_at: Mapped[Instant | None]
    pending_email: Mapped[str | None]
    phone: Mapped[str | None]
    birth_year: Mapped[int | None]
    distinction: Mapped[str | None]


class PersonRole(Base):
    """One role of one person."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True, index=True)
    given_at: Mapped[Instant]


class RoleSite(Base):
    """A role that opens only what belongs to these sites; a role without a row here is for all of them."""

    __tablename__ = "role_site"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "role"], ["person_role.person_id", "person_role.role"]),
    )

    person_id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)


class KeptApart(Base):
    """Two people who must not meet here, once from each side. Why is nobody's to read, and is not stored."""

    __tablename__ = "kept_apart"
    __table_args__ = (CheckConstraint("person_id <> other_id", name="two"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Credential(Base):
    """A license or certificate of somebody who leads, valid between two dates (none: open), both included.

    What it says is never changed: a row that is corrected or ended is ``replaced_at`` by another one, which
    names it. So a sheet that names a row keeps it as it was on its day. Erasing empties ``number``.
    """

    __tablename__ = "credential"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id"), unique=True)
    replaced_at: Mapped[Instant | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]


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
    """One device signed in. The cookie names this row by a secret; deleting it ends the sign-in.

    ``method`` is how (see ``sign_ins.Method``), ``device`` the kind of program in a few words, ``seen_at``
    when it was last used, to the minute for staff and to the hour for members. ``second_step``: a second
    factor, or a passkey, was part of it.
    """

    __tablename__ = "sign_in"
    __table_args__ = ({"sqlite_autoincrement": True},)  # the audit names sign-ins that are gone

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    method: Mapped[str] = mapped_column(default="password")
    device: Mapped[str] = mapped_column(default="")
    second_step: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[Instant | None]


class Device(Base):
    """A browser in which a person keeps sheets, to take them without a network.

    A ticket that only this browser has names the row by a secret. ``program`` is its kind in a few words,
    ``seen_at`` when it was last in contact, ``sign_in_id`` by which sign-in: it may be over by now, and is
    none once somebody ended it from elsewhere. An ended device gets no more names; what it sends is kept
    aside.
    """

    __tablename__ = "device"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    program: Mapped[str]
    first_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sign_in_id: Mapped[int | None]


class OneTimeLink(Base):
    """Something to be used once: a link sent by mail as a signed id, with a code beside it or without; or
    the code on a printed slip. This row holds use and expiry.

    ``code_hash`` is a keyed hash of the code, ``tries`` how often a wrong one was typed.
    """

    __tablename__ = "one_time_link"
    __table_args__ = (Index(None, "person_id", "purpose"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    code_hash: Mapped[str | None] = mapped_column(unique=True)
    tries: Mapped[int] = mapped_column(default=0)
