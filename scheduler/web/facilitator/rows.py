"""A sheet's lines as its page shows and sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import ClassVar, Protocol

from scheduler.domain.attendance.assembly import Absence, Change, Head, Line
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import local_of
from scheduler.web.display import clock, day_and_clock
from scheduler.web.drawing import hole
from scheduler.web.language import gettext
from scheduler.web.words import EXCUSES, STATUSES


class Hours(Protocol):
    """A session, as far as a mark in words tells of it: when it ends (UTC), and on which clock."""

    @property
    def ends_at(self) -> datetime: ...
    @property
    def timezone(self) -> str: ...


RING = (None, Status.PRESENT, Status.LATE, Status.ABSENT)
"""What tapping a name walks through: only marks that need nothing typed. None is *not marked*."""
UNMARKED = "unmarked"


@dataclass(frozen=True, slots=True)
class Typed:
    """One person's fields as a form sends them: a status or nothing, minutes, a wall time, a reason."""

    status: str = ""
    late: str = ""
    left: str = ""
    excuse: str = ""

    def __str__(self) -> str:
        """How the page remembers what it showed."""
        return f"{self.status}|{self.late}|{self.left}|{self.excuse}"


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the page. ``word`` says the mark; an ``error`` stands beside what was typed.

    ``absence``: they said that they can't make it, which is shown until they have a mark.
    """

    line: Line
    status: str
    word: str
    typed: Typed
    was: str
    error: str = ""

    @property
    def person_id(self) -> int:
        """Whose it is."""
        return self.line.person_id

    @property
    def short_name(self) -> str:
        """What the sheet calls them."""
        return self.line.short_name

    @property
    def value(self) -> Value:
        """What the mark says."""
        return self.line.value

    @property
    def revision(self) -> int:
        """That of the mark."""
        return self.line.revision

    @property
    def expected(self) -> bool:
        """Whether they are, or were marked all the same."""
        return self.line.expected

    @property
    def absence(self) -> Absence | None:
        """Of who is expected: others need not say so."""
        return self.line.absence if self.line.expected else None

    @property
    def shape(self) -> tuple[object, ...]:
        """What its part of a page is drawn for (see :mod:`scheduler.web.drawing`): signs and choices."""
        line, typed = self.line, self.typed
        said = self.status, typed.status, typed.excuse, line.value.excuse
        return *said, line.expected, line.absence, bool(self.error)

    @property
    def hollow(self) -> dict[str, object]:
        """The row with holes for the person, minutes, times and words."""
        alike = {name: getattr(self, name) for name in ("status", "expected", "absence")}
        value = {"excuse": self.value.excuse, **_holes("late_minutes", "left_minutes")}
        typed = {"status": self.typed.status, "excuse": self.typed.excuse, **_holes("late", "left")}
        own = _holes("person_id", "short_name", "word", "was", "revision")
        error = hole("error") if self.error else ""
        return {**alike, **own, "value": value, "typed": typed, "error": error}

    @property
    def filling(self) -> dict[str, str | int]:
        """What goes into the holes."""
        line, typed = self.line, self.typed
        return {
            "person_id": line.person_id,
            "short_name": line.short_name,
            "word": self.word,
            "was": self.was,
            "revision": line.revision,
            "error": self.error,
            "late": typed.late,
            "left": typed.left,
            "late_minutes": line.value.late_minutes or "",
            "left_minutes": line.value.left_minutes or "",
        }


def _holes(*names: str) -> dict[str, str]:
    return {name: hole(name) for name in names}


def rows_of(lines: Iterable[Line], head: Head) -> list[Row]:
    """The lines as the page shows them: most say one of a few things."""

    @cache
    def said(value: Value) -> tuple[str, str, Typed, str]:
        typed = typed_of(value, head)
        return str(value.status or UNMARKED), word_of(value, head), typed, str(typed)

    return [Row(line, *said(line.value)) for line in lines]


def with_typed(row: Row, typed: Typed, errors: Mapping[int, str]) -> Row:
    """The row with what somebody typed into it, and what is wrong with that."""
    return replace(row, typed=typed, error=errors.get(row.person_id, ""))


def typed_of(value: Value, head: Head) -> Typed:
    """What the fields of a row hold for a mark."""
    left = left_at(value, head)
    return Typed(
        status=str(value.status or ""),
        late=str(value.late_minutes or ""),
        left=f"{left:%H:%M}" if left else "",
        excuse=str(value.excuse or ""),
    )


def left_at(value: Value, head: Hours) -> datetime | None:
    """The naive wall time at which somebody left early."""
    if value.left_minutes is None:
        return None
    return local_of(head.ends_at - timedelta(minutes=value.left_minutes), zone_named(head.timezone))


def word_of(value: Value, head: Hours) -> str:
    """A mark in words: "Late, 8 min", "Left early, 7:50 PM". Not why somebody is excused: others see it."""
    word = str(STATUSES[value.status or UNMARKED])
    if value.late_minutes:
        return gettext("%(status)s, %(minutes)d min", status=word, minutes=value.late_minutes)
    left = left_at(value, head)
    if left is None:
        return word
    return gettext("%(status)s, %(time)s", status=word, time=clock(left.time()))


def whole_word_of(value: Value, head: Hours) -> str:
    """The same with why somebody is excused, for the history."""
    word = word_of(value, head)
    if value.excuse is None:
        return word
    return gettext("%(status)s, %(reason)s", status=word, reason=str(EXCUSES[value.excuse]))


@dataclass(frozen=True, slots=True)
class Saved:
    """What somebody's mark was changed into; ``said`` is by whom and when."""

    shape: ClassVar = ()
    hollow: ClassVar = _holes("name", "word", "said")
    name: str
    word: str
    said: str

    @property
    def filling(self) -> dict[str, str | int]:
        """All of it."""
        return {"name": self.name, "word": self.word, "said": self.said}


def saved_by(changes: Iterable[Change], head: Head) -> list[Saved]:
    """Whose mark was changed, into what, and by whom and when: one save changes many at once."""
    word = cache(lambda value: whole_word_of(value, head))

    @cache
    def said(by: str | None, at: datetime) -> str:
        name = by or gettext("the system")
        return gettext("%(name)s, %(time)s", name=name, time=day_and_clock(at, head.timezone))

    return [Saved(each.short_name, word(each.value), said(each.by, each.at)) for each in changes]


def after(status: Status | None) -> Status | None:
    """What another tap makes of a mark; one that is not in the ring becomes present."""
    if status not in RING:
        return Status.PRESENT
    return RING[(RING.index(status) + 1) % len(RING)]
