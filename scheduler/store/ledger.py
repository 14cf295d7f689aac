"""What was ended, withdrawn or erased, in a file outside the database.

A backup does not know what happened after it. So each such change adds a task in its own transaction
(:func:`remember`), the task is copied to the file (by the worker, and before each backup and restore), and
restoring does it all again. A line holds ids, hashes and instants, never a person's values.

Lines are applied by their instants, so that copying one twice, or two in the other order, changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from sqlalchemy import Integer, column, select, table
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session as Database

from scheduler.store.base import UtcInstant
from scheduler.store.outbox import enqueue

KIND: Final = "ledger"
"""The kind of the tasks that wait to be copied."""


class Ended(StrEnum):
    """What a line says, and what its ``key`` is. *Person*: the line names one, and means them alone."""

    FEED = "feed"
    """A calendar's address was turned off: the hash of its token; ``until``: it says farewell so long."""
    FEED_BACK = "feed-back"
    """The hash of its token; what says that an earlier ``FEED`` is over: what ended it was taken back."""
    SIGN_IN = "sign-in"
    """One device was signed out: the hash of its secret."""
    DEVICE = "device"
    """A device that keeps sheets was ended: the hash of its secret."""
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
    """Person, erased for good.

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


GIVES: Final = frozenset({Ended.ENABLED, Ended.ROLE_GIVEN, Ended.ROLE_LIMITED})
"""Lines about a person that may say that an earlier one is over: they speak of no record but their own."""
_PERSON = table(
    "person", column("id", Integer), column("created_at", UtcInstant()), column("merged_into", Integer)
)


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

    For a person give ``person_id`` alone: when they were made is looked up, and each record that was merged
    into theirs gets a line of its own, because a backup may know it as a person still. Raises
    ``NoResultFound`` for nobody.
    """
    line = Line(what, now, key, person_id, made_at, until)
    for each in [line] if person_id is None else _of_person(session, line):
        enqueue(session, kind=KIND, payload=each.as_payload(), now=now)


def _of_person(session: Database, line: Line) -> list[Line]:
    own = _PERSON.c.id == line.person_id
    whose = own if line.what in GIVES else own | (_PERSON.c.merged_into == line.person_id)
    found = session.execute(
        select(_PERSON.c.id, _PERSON.c.created_at).where(whose).order_by(~own, _PERSON.c.id)
    )
    rows = found.all()
    if not rows:
        raise NoResultFound(f"There is no person {line.person_id}.")
    return [replace(line, person_id=number, made_at=made_at) for number, made_at in rows]
