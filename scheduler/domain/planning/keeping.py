"""What only warns and is kept on purpose: a member at two sessions at once, two kept apart at one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.changes import remember_kept
from scheduler.domain.planning.grouping import Group, Reasons, Trouble, Warned
from scheduler.domain.schedule.models import KeptBoth, KeptTogether, Occurrence
from scheduler.store.asking import rows
from scheduler.store.audit import record


def reasons_kept(session: Database, *, now: datetime) -> Reasons:
    """Why what only warns is kept, of all that is not over. Two statements.

    A member at two sessions of which one was moved since is asked about anew.
    """
    pairs = select(
        KeptTogether.person_id,
        KeptTogether.other_id,
        KeptTogether.occurrence_id,
        KeptTogether.occurrence_id,
        KeptTogether.reason,
    )
    ahead = select(Occurrence.id).where(Occurrence.ends_at > now)
    found = [*rows(session, _BOTH.where(KeptBoth.occurrence_id.in_(ahead)))]
    found += rows(session, pairs.where(KeptTogether.occurrence_id.in_(ahead)))
    return {Warned(*who).about: reason for *who, reason in found}


def keep_warned(
    session: Database,
    group: Group,
    warned: Sequence[Warned],
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep these with a reason, or with none ask about them anew; answers what undoes that.

    Who is concerned is on record, the reason is not: it could not be taken from there.
    """
    numbers = {each.occurrence_id for each in warned}
    with remember_kept(session, numbers, actor=actor, now=now) as remembered:
        _forget(session, warned)
        session.add_all(_rows(session, warned, reason, actor, now) if reason else ())
        session.flush()
    what = "apart" if group.trouble is Trouble.APART else "conflict"
    record(
        session,
        actor=actor,
        at=now,
        action=(_KEPT if reason else _TAKEN_BACK)[what],
        subject="series",
        subject_id=group.series[-1],
        persons=group.persons,
        detail={"occurrences": len(numbers), "change": remembered.id},
    )
    return remembered.id


def forget_kept(session: Database, person_id: int) -> None:
    """Nothing is kept for this person any more."""
    session.execute(delete(KeptBoth).where(KeptBoth.person_id == person_id))
    theirs = (KeptTogether.person_id == person_id) | (KeptTogether.other_id == person_id)
    session.execute(delete(KeptTogether).where(theirs))


_KEPT: Final = {"apart": "apart.kept", "conflict": "conflict.kept"}
_TAKEN_BACK: Final = {"apart": "apart.kept_no_more", "conflict": "conflict.kept_no_more"}


def _stands() -> Select[*tuple[Any, ...]]:
    """Those that stand where they stood when it was decided."""
    one, two = aliased(Occurrence), aliased(Occurrence)
    return (
        select(
            KeptBoth.person_id,
            KeptBoth.person_id,
            KeptBoth.occurrence_id,
            KeptBoth.beside_id,
            KeptBoth.reason,
        )
        .join(one, (one.id == KeptBoth.occurrence_id) & (one.starts_at == KeptBoth.starts_at))
        .join(two, (two.id == KeptBoth.beside_id) & (two.starts_at == KeptBoth.beside_at))
    )


_BOTH: Final = _stands()


def _forget(session: Database, warned: Collection[Warned]) -> None:
    """Whichever of the two sessions it was decided from."""
    about = {each.about for each in warned}
    numbers = {each.occurrence_id for each in warned}
    both = select(KeptBoth).where(KeptBoth.occurrence_id.in_(numbers) | KeptBoth.beside_id.in_(numbers))
    for one in session.scalars(both).all():
        if Warned(one.person_id, one.person_id, one.occurrence_id, one.beside_id).about in about:
            session.delete(one)
    pairs = select(KeptTogether).where(KeptTogether.occurrence_id.in_(numbers))
    for pair in session.scalars(pairs).all():
        if Warned(pair.person_id, pair.other_id, pair.occurrence_id, pair.occurrence_id).about in about:
            session.delete(pair)
    session.flush()


def _rows(
    session: Database, warned: Collection[Warned], reason: str, actor: Actor, now: datetime
) -> Iterator[KeptBoth | KeptTogether]:
    decided: Mapping[str, Any] = {"reason": reason, "made_by": actor.person_id, "made_at": now}
    numbers = {number for each in warned for number in each.about[1]}
    query = select(Occurrence.id, Occurrence.starts_at).where(Occurrence.id.in_(numbers))
    at = dict(iter(session.execute(query)))
    for person, other, number, beside in warned:
        if person != other:
            yield KeptTogether(person_id=person, other_id=other, occurrence_id=number, **decided)
        else:
            times = {"starts_at": at[number], "beside_at": at[beside]}
            yield KeptBoth(person_id=person, occurrence_id=number, beside_id=beside, **times, **decided)
