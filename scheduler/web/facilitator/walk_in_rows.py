"""Who came to a session and was not expected, as its page shows them and its forms send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe

from scheduler.domain.attendance.assembly import Head, WalkInLine
from scheduler.domain.attendance.statuses import UNMARKED, Status, Value
from scheduler.web.facilitator.rows import Typed, typed_of, word_of
from scheduler.web.facilitator.typed import value_of
from scheduler.web.language import gettext

THERE = (Status.PRESENT, Status.LATE, Status.LEFT_EARLY)
"""What a walk-in can be: somebody who was not there did not walk in."""


@dataclass(frozen=True, slots=True)
class WalkInRow:
    """One walk-in on the page; ``word`` says how they were there."""

    id: int
    name: str
    status: str
    word: str
    typed: Typed
    revision: int
    by: str | None
    at: datetime
    has_name: bool


@dataclass(frozen=True, slots=True)
class Walking:
    """The form that writes a walk-in down, with what is wrong with it; ``once`` tells it from others."""

    name: str = ""
    typed: Typed = field(default_factory=lambda: Typed(Status.PRESENT.value))
    error: str = ""
    once: str = field(default_factory=lambda: token_urlsafe(16))


def walk_in_row(line: WalkInLine, head: Head) -> WalkInRow:
    """A walk-in as the page shows them."""
    return WalkInRow(
        id=line.id,
        name=line.name or gettext("Walk-in without a name"),
        status=line.value.status or "",
        word=word_of(line.value, head),
        typed=typed_of(line.value, head),
        revision=line.revision,
        by=line.by,
        at=line.at,
        has_name=line.name is not None,
    )


def typed_in(form: Mapping[str, str]) -> Typed:
    """What the fields of one walk-in hold."""
    return Typed(*(form.get(name, "").strip() for name in ("status", "late", "left")))


def value_in(form: Mapping[str, str], head: Head, now: datetime) -> Value:
    """What they say; *Take off* unmarks. Raises Invalid."""
    return UNMARKED if "off" in form else value_of(typed_in(form), head, now)
