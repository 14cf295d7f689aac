"""What becomes of marks that devices made without a network, in any order and however often they come. Pure.

`merging` is the rule for one mark; here is what is known besides: what the same device sent before. A device
shows what it made itself, so what stands and was its own it changes without being asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from scheduler.domain.attendance.merging import (
    NEVER_SAVED,
    Outcome,
    Saved,
    Wanted,
    number_outcome,
    outcome_of,
)
from scheduler.domain.attendance.statuses import Value
from scheduler.domain.attendance.why import Why

WALK_IN: Final = "walk_in"
"""What is said about somebody who came and was not expected."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A mark as a device sent it: ``uid`` is the device's own, ``made_at`` when it was made by its clock.

    ``after``: the uid of one that the same hand made before, from another device's ticket perhaps. ``at`` is
    when it was made by the server's clock, as far as that can be reckoned: what came slowly seems to be made
    later than it was. Both are in UTC.
    """

    uid: str
    wanted: Wanted
    made_at: datetime
    after: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentNumber:
    """The same for a number of the sheet (``what``); ``seen`` is the number that was shown."""

    uid: str
    what: str
    number: int
    seen: int | None
    made_at: datetime
    after: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentWalkIn:
    """Somebody who was written down on a device: ``name`` is a first name and an initial."""

    uid: str
    name: str
    value: Value
    made_at: datetime
    after: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What came before from the same device: about ``about`` (a person, a walk-in, or what a number counts).

    ``agreed`` is the revision of the mark (or the number) that said the same as this then; none where it
    never was saved; ``why`` it was kept aside, if it was. ``made_at`` and ``at`` as in `Sent`.
    """

    uid: str
    about: int | str
    made_at: datetime
    outcome: Outcome
    agreed: int | None
    why: Why | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of one mark; ``saved`` is how it stands then. ``again``: it came before."""

    sent: Sent
    outcome: Outcome
    saved: Saved
    agreed: int | None
    again: bool = False
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """The same for a number."""

    sent: SentNumber
    outcome: Outcome
    stands: int | None
    agreed: int | None
    again: bool = False
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class WalkedIn:
    """The same for a walk-in: there is nothing that it could be in conflict with."""

    sent: SentWalkIn
    outcome: Outcome
    agreed: int | None = None
    again: bool = False
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what marks are taken in: ``why`` none of them can be saved now, if there is a reason.

    ``asks``: somebody is there who can be asked, or told.
    """

    why: Why | None = None
    asks: bool = True


OPEN = Terms()


def decide(
    batch: Sequence[Sent],
    *,
    stands: Mapping[int, Saved],
    known: Iterable[Known],
    on_it: Collection[int],
    by: int | None,
    now: datetime,
    terms: Terms = OPEN,
    absent: Collection[int] = (),
    unfit: Collection[str] = (),
    joined: Collection[str] = (),
) -> tuple[Decided, ...]:
    """Decide on the marks of one sheet, those of a person in the order in which they were made.

    ``stands`` are the marks that are saved, by person; ``on_it`` is who is expected, ``absent`` who says
    that they can't make it, ``unfit`` the uids of marks that can only wait. ``joined`` are those of marks
    about a record that was joined with another: whoever sent it knows them by that one, so that somebody else
    has to look where the one that goes on is not expected. What is decided on first stands for what comes
    after it.
    """
    saved, before = dict(stands), {each.uid: each for each in known}
    own: dict[int | str, list[Known]] = {}
    for each in before.values():
        own.setdefault(each.about, []).append(each)
    decided: list[Decided] = []
    ordered = sorted(batch, key=lambda each: each.made_at)
    for place, sent in enumerate(ordered, 1):
        person = sent.wanted.person_id
        standing = saved.get(person, NEVER_SAVED)
        if sent.uid in before:
            earlier = before[sent.uid]
            told = Decided(sent, earlier.outcome, standing, earlier.agreed, again=True, why=earlier.why)
            decided.append(told)
            continue
        outcome = (
            _outcome(sent, standing, own.get(person, ()), says_absent=person in absent)
            if person in on_it or standing.revision > 0
            else Outcome.NOT_EXPECTED
        )
        why = terms.why or (Why.UNFIT if sent.uid in unfit else None)
        if why and any(each.wanted.person_id == person for each in ordered[place:]):
            outcome = Outcome.UNCHANGED  # of what is kept aside only the last word of the same hand waits
        is_told = outcome is not Outcome.NOT_EXPECTED or sent.uid not in joined
        outcome, why = _on_terms(outcome, Terms(why, terms.asks and is_told))
        if outcome is Outcome.APPLIED:
            standing = Saved(sent.wanted.value, standing.revision + 1, by, now)
            saved[person] = standing
        agreed = standing.revision if _says_it(sent.wanted, standing) and outcome in SAID else None
        before[sent.uid] = Known(sent.uid, person, sent.made_at, outcome, agreed, why, sent.at)
        own.setdefault(person, []).append(before[sent.uid])
        decided.append(Decided(sent, outcome, standing, agreed, why=why))
    return tuple(decided)


SAID = frozenset({Outcome.APPLIED, Outcome.UNCHANGED})


def decide_numbers(
    batch: Sequence[SentNumber],
    *,
    stands: Mapping[str, int | None],
    known: Iterable[Known],
    terms: Terms = OPEN,
) -> tuple[Number, ...]:
    """The same for the numbers of one sheet; a number has no revision, so it stands for itself."""
    saved, before = dict(stands), {each.uid: each for each in known}
    decided: list[Number] = []
    for sent in sorted(batch, key=lambda each: each.made_at):
        standing = saved.get(sent.what)
        if sent.uid in before:
            earlier = before[sent.uid]
            told = Number(sent, earlier.outcome, standing, earlier.agreed, again=True, why=earlier.why)
            decided.append(told)
            continue
        own = [each for each in before.values() if each.about == sent.what]
        is_own = standing is not None and _is_own(standing, own, sent)
        if any(_is_later(each, sent) for each in own):
            outcome = Outcome.UNCHANGED
        else:
            outcome = number_outcome(sent.number, standing, standing if is_own else sent.seen)
        outcome, why = _on_terms(outcome, terms)
        if outcome is Outcome.APPLIED:
            standing = saved[sent.what] = sent.number
        agreed = standing if outcome in SAID and standing == sent.number else None
        before[sent.uid] = Known(sent.uid, sent.what, sent.made_at, outcome, agreed, why, sent.at)
        decided.append(Number(sent, outcome, standing, agreed, why=why))
    return tuple(decided)


def decide_walk_ins(
    batch: Sequence[SentWalkIn],
    *,
    known: Iterable[Known],
    why: Why | None = None,
    places: int = 0,
    unfit: Collection[str] = (),
) -> tuple[WalkedIn, ...]:
    """The same for the walk-ins of one sheet, which has ``places`` for more of them.

    Two of one name from two devices are two: nobody can know better.
    """
    before = {each.uid: each for each in known}
    decided: list[WalkedIn] = []
    for sent in sorted(batch, key=lambda each: each.made_at):
        if sent.uid in before:
            earlier = before[sent.uid]
            decided.append(WalkedIn(sent, earlier.outcome, again=True, why=earlier.why))
            continue
        reason = why or (Why.UNFIT if sent.uid in unfit else Why.FULL if places <= 0 else None)
        places -= reason is None
        outcome = Outcome.KEPT if reason else Outcome.APPLIED
        before[sent.uid] = Known(sent.uid, WALK_IN, sent.made_at, outcome, None, reason)
        decided.append(WalkedIn(sent, outcome, why=reason))
    return tuple(decided)


def _outcome(sent: Sent, saved: Saved, own: Sequence[Known], *, says_absent: bool) -> Outcome:
    if any(_is_later(each, sent) for each in own):
        return Outcome.UNCHANGED  # the same hand said something newer already
    wanted = replace(sent.wanted, seen=saved.revision) if _is_own(saved.revision, own, sent) else sent.wanted
    return outcome_of(wanted, saved, says_absent=says_absent)


def _is_own(standing: int, own: Sequence[Known], sent: Sent | SentNumber) -> bool:
    """Whether what stands is what the same hand said before."""
    return any(each.agreed == standing and not _is_later(each, sent) for each in own)


MOVED: Final = timedelta(minutes=15)
"""A device's clock that stands so much otherwise than before was set meanwhile; no request takes so long."""


def _is_later(one: Known, sent: Sent | SentNumber) -> bool:
    """Whether ``one`` was made after ``sent`` by the same hand: by its own clock, however slowly they came.

    A clock that was set meanwhile orders nothing; then it is the server's, as it was reckoned.
    """
    if one.uid == sent.after:
        return False
    if one.at is None or sent.at is None:
        return one.made_at > sent.made_at
    moved = abs((one.at - one.made_at) - (sent.at - sent.made_at)) > MOVED
    return one.at > sent.at if moved else one.made_at > sent.made_at


def _on_terms(outcome: Outcome, terms: Terms) -> tuple[Outcome, Why | None]:
    if terms.why and outcome in {Outcome.APPLIED, Outcome.CONFLICT}:
        return Outcome.KEPT, terms.why
    if not terms.asks and outcome in {Outcome.CONFLICT, Outcome.NOT_EXPECTED}:
        return Outcome.KEPT, Why(outcome.value)
    return outcome, None


def _says_it(wanted: Wanted, saved: Saved) -> bool:
    return wanted.value == saved.value
