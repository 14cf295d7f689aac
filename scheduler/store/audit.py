"""Who did what, to what, when: rows that are only ever added.

The database refuses to change or remove them (a trigger, see the migrations). No identifying
value of a person may stand in ``detail``: ids do, so that erasing a person stays possible.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import JSON, ForeignKey, Index, insert, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as Database

from scheduler.store.asking import executed
from scheduler.store.base import Base, Instant, Key

Detail = Mapping[str, int | str | bool | None]


class AuditEntry(Base):
    """One act or one read. ``actor`` is empty where the system or the command line acted."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "actor", "at"),
        Index(None, "action", "at"),
        Index(None, "person_id", "at"),
        Index(None, "subject", "subject_id"),
    )

    id: Mapped[Key]
    at: Mapped[Instant]
    actor: Mapped[int | None]
    sign_in: Mapped[int | None]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    person_id: Mapped[int | None]
    detail: Mapped[dict[str, int | str | bool | None]] = mapped_column(JSON)


class AuditPerson(Base):
    """Each of several persons whom one entry concerns: everybody on a sheet or in a list that was read."""

    __tablename__ = "audit_person"
    __table_args__ = (Index(None, "person_id", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)


_ADDED: Final = insert(AuditEntry)
_CONCERNED: Final = insert(AuditPerson)


class Acting(Protocol):
    """Who acts: a person by one of their sign-ins, or nobody."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def sign_in_id(self) -> int | None: ...


def record(
    session: Database,
    *,
    at: datetime,
    actor: Acting,
    action: str,
    subject: str,
    subject_id: int | None = None,
    person_id: int | None = None,
    persons: Collection[int] = (),
    detail: Detail | None = None,
) -> None:
    """Add an entry, in the transaction of what it speaks of.

    ``person_id`` is whom it concerns; ``persons`` are all of them, where they are several.
    """
    entry = {
        "at": at,
        "actor": actor.person_id,
        "sign_in": actor.sign_in_id,
        "action": action,
        "subject": subject,
        "subject_id": subject_id,
        "person_id": person_id,
        "detail": dict(detail or {}),
    }
    if not persons:
        executed(session, _ADDED, entry)
        return
    (entry_id,) = executed(session, _ADDED, entry).inserted_primary_key or (0,)
    rows = [{"entry_id": entry_id, "person_id": each} for each in sorted(set(persons))]
    executed(session, _CONCERNED, rows)  # they may be thousands


def done_by(session: Database, *, form: str, action: str, subject: str, actor: int | None) -> int | None:
    """The id of what ``actor`` did with this ``form`` (its name in ``detail``), or none.

    Only what holds the lock of the actor can rely on none: the same form may be at work elsewhere.
    """
    query = select(AuditEntry.subject_id).where(
        AuditEntry.subject == subject,
        AuditEntry.action == action,
        AuditEntry.actor == actor,
        AuditEntry.detail["form"].as_string() == form,
    )
    return session.scalar(query)
