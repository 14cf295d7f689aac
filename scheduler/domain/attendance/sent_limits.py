"""What of all that devices send is kept: nothing of strangers, and no more than somebody can decide on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, TextClause, func, select, text, true
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.merging import NEVER_SAVED, Outcome
from scheduler.domain.attendance.models import WAITS, Mark, SentMark, Sheet
from scheduler.domain.attendance.sent_rows import Sender
from scheduler.domain.attendance.sync import Decided, Number, WalkedIn
from scheduler.domain.attendance.why import Why
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Person
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.queries import ORIGINAL_DATE

MOST_WAITING: Final = 200
"""Of one sender for one session: so many marks, numbers and walk-ins wait for a coordinator at most."""
MOST_SENT: Final = 2000
"""Once so many are remembered of one sender for one session, only what changes the sheet is taken."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is decided, as it is told: nobody ``strange`` is on the sheet; ``crowded`` were too many.

    Both are uids, and of neither anything is kept.
    """

    marks: tuple[Decided, ...]
    numbers: tuple[Number, ...]
    walk_ins: tuple[WalkedIn, ...]
    strange: frozenset[str]
    crowded: frozenset[str]

    @property
    def kept(self) -> list[Decided | Number | WalkedIn]:
        """What is remembered."""
        marks = [each for each in self.marks if each.sent.uid not in self.strange]
        return [*marks, *self.numbers, *self.walk_ins]


def told_of(
    session: Database,
    sender: Sender,
    occurrence_id: int,
    *,
    marks: Sequence[Decided],
    numbers: Sequence[Number],
    walk_ins: Sequence[WalkedIn],
    hidden: Collection[int],
) -> Told:
    """What is told and kept of what was decided; colleagues who are ``hidden`` are strangers."""
    told, strange = _without_strangers(session, occurrence_id, marks, hidden)
    decided: list[Decided | Number | WalkedIn] = [*told, *numbers, *walk_ins]
    crowded = _crowded(session, sender, occurrence_id, decided)
    crowded |= _endless(session, sender, occurrence_id, decided)
    return Told(
        marks=tuple(each for each in told if each.sent.uid not in crowded),
        numbers=tuple(each for each in numbers if each.sent.uid not in crowded),
        walk_ins=tuple(each for each in walk_ins if each.sent.uid not in crowded),
        strange=strange,
        crowded=crowded,
    )


def ever_on(session: Database, occurrence_id: int, persons: Collection[int]) -> set[int]:
    """Those of the persons who have a mark on the sheet, or had a place in its series by then."""
    if not persons:
        return set()
    enrolled = (
        select(Enrollment.person_id)
        .join(Occurrence, Occurrence.series_id == Enrollment.series_id)
        .where(Occurrence.id == occurrence_id, Enrollment.person_id.in_(persons))
        .where(Enrollment.from_date <= ORIGINAL_DATE)
    )
    marked = select(Mark.person_id).join(Sheet, Sheet.id == Mark.sheet_id)
    marked = marked.where(Sheet.occurrence_id == occurrence_id, Mark.person_id.in_(persons))
    return set(session.scalars(enrolled.union(marked)))


def among(session: Database, persons: Collection[int], private: Select[int] | None) -> set[int]:
    """Those of the persons who are ``private``."""
    if private is None or not persons:
        return set()
    return set(session.scalars(select(Person.id).where(Person.id.in_(persons), Person.id.in_(private))))


def _without_strangers(
    session: Database, occurrence_id: int, decided: Sequence[Decided], hidden: Collection[int]
) -> tuple[tuple[Decided, ...], frozenset[str]]:
    off = {each.sent.wanted.person_id for each in decided if _is_off(each) and not each.again}
    strangers = off - ever_on(session, occurrence_id, off.difference(hidden))
    told = tuple(
        Decided(each.sent, Outcome.NOT_EXPECTED, NEVER_SAVED, None)
        if each.sent.wanted.person_id in strangers
        else each
        for each in decided
    )
    return told, frozenset(each.sent.uid for each in told if each.sent.wanted.person_id in strangers)


def _is_off(each: Decided) -> bool:
    return each.outcome is Outcome.NOT_EXPECTED or each.why is Why.NOT_EXPECTED


def _endless(
    session: Database, sender: Sender, occurrence_id: int, decided: Iterable[Decided | Number | WalkedIn]
) -> frozenset[str]:
    idle = [each.sent.uid for each in decided if each.outcome is not Outcome.APPLIED and not each.again]
    return frozenset(_beyond(session, sender, occurrence_id, idle, MOST_SENT, true()))


def _crowded(
    session: Database, sender: Sender, occurrence_id: int, decided: Iterable[Decided | Number | WalkedIn]
) -> frozenset[str]:
    kept = [each.sent.uid for each in decided if each.why and not each.again]
    return frozenset(_beyond(session, sender, occurrence_id, kept, MOST_WAITING, text(WAITS)))


def _beyond(
    session: Database,
    sender: Sender,
    occurrence_id: int,
    uids: list[str],
    most: int,
    such: ColumnElement[bool] | TextClause,
) -> list[str]:
    """Those for which there is no room beside such rows as are there. One statement, none for nothing."""
    if not uids:
        return []
    theirs = (SentMark.occurrence_id == occurrence_id, SentMark.sent_by == sender.actor.person_id)
    there = session.scalar(select(func.count()).select_from(SentMark).where(such, *theirs)) or 0
    return uids[max(0, most - there) :]
