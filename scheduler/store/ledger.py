"""What was ended, withdrawn or erased, in a file outside the database.

A backup does not know what happened after it. So each such change adds a task in its own transaction
(:func:`remember`), the task is copied to the file (by the worker, and before each backup and restore), and
restoring does it all again. A line holds ids, hashes and instants, never a person's values.

Lines are applied by their instants, so that copying one twice, or two in the other order, changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from sqlalchemy import Integer, column, select, table
from sqlalchemy.orm import Session as Database

from scheduler.store.base import UtcInstant
from scheduler.store.outbox import enqueue

KIND: Final = "ledger"
"""The kind of the tasks that wait to be copied."""


class Ended(StrEnum):
    """What a line says, and what its ``key`` is. *Person*: the line names one, and means them alone."""

    FEED = "feed"
    """A calendar's address was turned off: the hash of its token; ``until``: it says farewell so long."""
    SIGN_IN = "sign-in"
    """One device was signed out: the hash of its secret."""
    SIGN_INS = "sign-ins"
    """Person. All that were begun by then, but the one with the hash in ``key``, if there is any."""
    LINK = "link"
    """A link, code or slip was used: its id; ``made_at`` is when it was made."""
    LINKS = "links"
    """Person. All links made by then, for the purpose in ``key`` or for all."""
    PASSWORD = "password"  # noqa: S105 -- the name of an event
    """Person. The password of then was replaced or taken: an older one must not open anything again."""
    CHANNEL = "channel"
    """Person. ``email`` or ``phone`` was changed or taken: one confirmed before counts no longer."""
    DISABLED = "disabled"
    """Person."""
    ENABLED = "enabled"
    """Person. What says that an earlier ``DISABLED`` is over."""
    ROLE_TAKEN = "role-taken"
    """Person. The role."""
    ROLE_GIVEN = "role-given"
    """Person. The role; what says that an earlier ``ROLE_TAKEN`` is over."""
    ROLE_LIMITED = "role-limited"
    """Person. The role, a colon, and the ids of its sites joined by commas; none: it is for all sites."""
    PASSKEY = "passkey"
    """A passkey was removed: the hexadecimal SHA-256 of its credential id."""
    SECOND_STEP = "second-step"
    """Person. The second factor was reset or replaced."""
    RECOVERY_CODE = "recovery-code"
    """A recovery code was used or replaced: its hash."""
    REVIEW = "review"
    """A reviewer's access was ended: its id; ``made_at`` is when it was made."""
    ERASED = "erased"
    """Person, erased for good; with them each record that was merged into theirs, in a line of its own.

    ``until``: what is left without a name is kept so long.
    """
    BACKED_UP = "backed-up"
    """A backup was finished: its name."""
    RESTORED = "restored"
    """A backup was restored: its name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``at`` is when it happened; all instants are aware UTC.

    ``made_at`` is when the person, or what ``key`` names by an id, was made: after a restore an id may be
    given again, to somebody else.
    """

    what: Ended
    at: datetime
    key: str = ""
    person_id: int | None = None
    made_at: datetime | None = None
    until: datetime | None = None

    def as_payload(self) -> dict[str, int | str]:
        """The line as plain values; what is empty is left out."""
        known: dict[str, int | str] = {"what": self.what.value, "at": self.at.isoformat()}
        if self.key:
            known["key"] = self.key
        if self.person_id is not None:
            known["person"] = self.person_id
        for name, instant in (("made_at", self.made_at), ("until", self.until)):
            if instant is not None:
                known[name] = instant.isoformat()
        return known

    @classmethod
    def of(cls, payload: Mapping[str, int | str]) -> Self:
        """The line that was written so. Raises ``ValueError`` or ``KeyError`` for what is none."""
        made_at, until, person = payload.get("made_at"), payload.get("until"), payload.get("person")
        return cls(
            what=Ended(str(payload["what"])),
            at=datetime.fromisoformat(str(payload["at"])),
            key=str(payload.get("key", "")),
            person_id=None if person is None else int(person),
            made_at=None if made_at is None else datetime.fromisoformat(str(made_at)),
            until=None if until is None else datetime.fromisoformat(str(until)),
        )


_PERSON = table("person", column("id", Integer), column("created_at", UtcInstant()))


def remember(
    session: Database,
    *,
    what: Ended,
    now: datetime,
    key: str = "",
    person_id: int | None = None,
    made_at: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Have a restored backup end this again, in the transaction of the change; :class:`Ended` tells the keys.

    For a person give ``person_id`` alone: when they were made is looked up. Raises ``NoResultFound`` for
    nobody.
    """
    if person_id is not None:
        born = select(_PERSON.c.created_at).where(_PERSON.c.id == person_id)
        made_at = session.execute(born).scalar_one()
    line = Line(what, now, key, person_id, made_at, until)
    enqueue(session, kind=KIND, payload=line.as_payload(), now=now)
