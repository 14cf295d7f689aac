"""What pages ask of the process that works on a list, and what it answers, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from scheduler.domain.imports.extract import Extract, Wish
from scheduler.domain.imports.judging import Judged
from scheduler.domain.imports.series_judging import JudgedSeries
from scheduler.domain.people.roles import Actor
from scheduler.errors import Conflict, NotFound, Refused, SchedulerError


class Act(StrEnum):
    """What can be asked for."""

    LOOK = "look"
    APPLY = "apply"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Question:
    """One act on one list, for ``actor`` whose role is limited to ``sites`` (none: to none).

    ``database`` is its address; ``today`` is the reader's local date, ``now`` in UTC, ``zone`` that of what
    names no place. ``revision`` is that of the page which asks, ``wish`` what a look is to show.
    """

    act: Act
    database: str
    batch_id: int
    actor: Actor
    sites: frozenset[int] | None
    today: date
    now: datetime
    zone: str
    revision: int = 0
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a page of a look at people or at series; how many were made and changed, or taken
    back; or a refusal.
    """

    page: Extract[Judged] | None = None
    series: Extract[JudgedSeries] | None = None
    new: int = 0
    changed: int = 0
    taken_back: int = 0
    refusal: str = ""
    reason: str = ""

    def or_raise(self) -> Answer:
        """The answer. Raises what the process was refused with: NotFound, Refused or Conflict."""
        if self.refusal:
            raise _REFUSALS[self.refusal](self.reason)
        return self


_REFUSALS: Final[dict[str, type[SchedulerError]]] = {
    each.__name__: each for each in (NotFound, Refused, Conflict)
}


def refusal_of(error: SchedulerError) -> Answer:
    """The answer that a refusal is."""
    name = type(error).__name__
    return Answer(refusal=name if name in _REFUSALS else Refused.__name__, reason=str(error))


def as_json(value: Question | Answer) -> bytes:
    """The value as it is sent."""
    return msgspec.json.encode(value)


def question_of(text: bytes) -> Question:
    """The question that was sent."""
    return msgspec.json.decode(text, type=Question)


def answer_of(text: bytes) -> Answer:
    """The answer that was sent."""
    return msgspec.json.decode(text, type=Answer)
