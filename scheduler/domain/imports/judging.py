"""What became of a row of a list, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.domain.imports.drafts import Draft
from scheduler.domain.schedule.terms import Term


class Outcome(StrEnum):
    """What a row means for who is here, in the order in which that asks for attention."""

    DUPLICATE = "duplicate"
    NEW = "new"
    CHANGED = "changed"
    REFUSED = "refused"
    SAME = "same"


class Choice(StrEnum):
    """What is decided of a likely duplicate. Undecided ones are left out."""

    SAME = "same"
    NEW = "new"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a person that a row says otherwise; dates and names of groups as text."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Admission:
    """A stay that a row tells of."""

    program_id: int | None
    site_id: int | None
    admitted_on: date
    discharged_on: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """A group that a row enrolls in."""

    series_id: int
    term: Term


@dataclass(frozen=True, slots=True)
class Effect:
    """What taking a row does, to somebody who is here or is made; ``reasons`` say why it cannot be taken."""

    changes: tuple[Change, ...] = ()
    admission: Admission | None = None
    places: tuple[Place, ...] = ()
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.changes or self.admission or self.places)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what it means.

    ``person_id`` is who is meant, or likely meant; ``twin`` the number of an earlier row that likely means
    the same person. ``does`` is what applying it does: NEW, CHANGED, or SAME for nothing.
    ``if_same`` is what a likely duplicate does where it is decided to be the same person.
    A refused one that ``could_do_without`` can be taken without the cells that are to blame.
    """

    draft: Draft
    outcome: Outcome
    does: Outcome = Outcome.SAME
    person_id: int | None = None
    twin: int | None = None
    choice: Choice | None = None
    could_do_without: bool = False
    effect: Effect = Effect()
    if_same: Effect = Effect()

    @property
    def known(self) -> int | None:
        """Who or what of those that are here is meant."""
        return self.person_id
