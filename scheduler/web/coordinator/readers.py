"""Who read a member's record and what was done about them, for the member's page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from scheduler.domain.privacy.readers import Entry, Wish, entries
from scheduler.extensions import db
from scheduler.web.audit_words import act_of
from scheduler.web.guard import actor
from scheduler.web.language import reader_zone

MOST: Final = 10
"""Lines of each kind on a person's page; administrators have all of them."""
LOOKED_THROUGH: Final = 200
"""Reads by others that are looked through for these lines."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who read a record on one of the viewer's local dates, and how many times.

    ``by`` is a short name, empty for the command line and the worker.
    """

    by: str
    day: date
    times: int
    is_viewer: bool


def readers_part(person_id: int) -> dict[str, object]:
    """The newest acts in words, and the newest readers of each day, the viewer last. Six statements."""
    session, me = db.session(), actor().person_id
    done = entries(session, Wish(person_id=person_id, reads=False), most=MOST).entries
    others = entries(session, Wish(person_id=person_id, reads=True, not_by=me), most=LOOKED_THROUGH).entries
    own = entries(session, Wish(person_id=person_id, reads=True, actor=me), most=LOOKED_THROUGH).entries
    return {
        "acts": [(each, act_of(each)) for each in done],
        "readers": [*by_day(others, me)[:MOST], *by_day(own, me)[:1]],
    }


def by_day(found: Iterable[Entry], viewer: int | None) -> list[Reader]:
    """One line for each person and day, in the order of the entries."""
    zone = reader_zone()
    times = Counter((each.actor, each.by, each.at.astimezone(zone).date()) for each in found)
    return [Reader(by, day, count, who == viewer) for (who, by, day), count in times.items()]
