"""Closing a place for a while, changing until when, and opening it again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.models import Room, Site
from scheduler.domain.planning.closing_plan import Choice, Did, Does, Fate
from scheduler.domain.planning.closure_drafts import NO_ANSWER, ClosureDraft, checked_draft, span_of
from scheduler.domain.planning.coming_back import Became
from scheduler.domain.planning.concerned import CHANGED, persons_of
from scheduler.domain.planning.reopening import effects_outside, effects_to_come, reopen
from scheduler.domain.planning.shutting import befall, rooms_shut, spaces_for, standing_in
from scheduler.domain.planning.standing import spare_rooms, stand
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Closure, ClosureChoice, ClosureEffect, Occurrence, Series
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.store.audit import done_by, record
from scheduler.store.base import require_revision
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars

CLOSED: Final = "closure.made"
WAITING: Final = frozenset({Became.STOPPED, Became.ELSEWHERE})
"""What another closure may have kept from coming back."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of what was in its place and time; sent a second time, nothing more."""

    closure_id: int
    fates: tuple[Fate, ...] = ()


@dataclass(frozen=True, slots=True)
class Reopened:
    """What came of each session that the closure had stopped or moved, by their ids in order of time."""

    closure_id: int
    became: Mapping[int, Became]
    fates: tuple[Fate, ...] = ()


def close_place(
    session: Database, *, actor: Actor, draft: ClosureDraft, form: str = "", now: datetime
) -> Closed:
    """Shut a site or a room, and do with all in it that has not begun what was chosen for its kind.

    It stands for what is made or moved there later as well. ``form`` names what was sent: sent twice by the
    same person, it closes once. Raises Invalid with the fields of the draft, on `place` for an unknown one,
    on `choices` for a room that cannot be chosen, and on `medication` where medication visits are in it of
    which nothing was said; Conflict where somebody changes something there at this moment.
    """
    draft, span = checked_draft(_located(session, draft), now=now)
    if not _may_shut(session, actor, draft.room_id):
        raise Invalid("Choose one of the places.", field="place")
    _require_rooms(session, draft)
    closure = Closure(
        site_id=draft.site_id,
        room_id=draft.room_id,
        reason=draft.reason,
        local_start=draft.local_start,
        local_end=draft.local_end,
        timezone=draft.timezone,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        made_by=actor.person_id,
        made_at=now,
    )
    rooms = {space.id for space in spaces_for(session, closure, draft.choices.values())}
    _hold(session, closure, rooms=rooms, persons={actor.person_id} - {None} if form else (), now=now)  # type: ignore[arg-type]  # None is taken out
    earlier = form and done_by(session, form=form, action=CLOSED, subject="closure", actor=actor.person_id)
    if earlier:
        return Closed(earlier)
    _require_answer(session, closure, draft.choices, now)
    session.add(closure)
    session.flush()
    session.add_all(
        ClosureChoice(closure_id=closure.id, kind=kind.value, does=choice.does.value, room_id=choice.room_id)
        for kind, choice in draft.choices.items()
    )
    fates = befall(session, closure, now=now)
    _tell(session, actor, closure, CLOSED, fates, {}, now=now, form=form or None)
    return Closed(closure.id, fates)


def lift_closure(
    session: Database, *, actor: Actor, closure_id: int, revision: int, now: datetime
) -> Reopened:
    """Open the place again: what the closure did is taken back where nothing changed since.

    What has begun stays as it was. Raises NotFound, Conflict where `revision` is not the newest or somebody
    changes something there at this moment, Refused for one that is lifted or over.
    """
    closure = _held(session, actor, closure_id, revision, now)
    became = reopen(session, closure, now=now)
    closure.lifted_at, closure.lifted_by = now, actor.person_id
    session.flush()
    became = _look_again(session, closure, became, now)
    _tell(session, actor, closure, "closure.lifted", (), became, now=now)
    return Reopened(closure_id, became)


def change_end(
    session: Database, *, actor: Actor, closure_id: int, revision: int, local_end: datetime, now: datetime
) -> Reopened:
    """The place is shut until another wall time: what is in it no more comes back, what is in it now goes.

    Raises Invalid on `local_end`, and as `lift_closure`.
    """
    closure = _held(session, actor, closure_id, revision, now, until=local_end)
    span = span_of(closure.local_start, local_end, closure.timezone, now=now)
    closure.local_end, closure.ends_at = local_end, span.ends_at
    session.flush()
    became = reopen(session, closure, among=effects_outside(session, closure, now=now), now=now)
    became = _look_again(session, closure, became, now)
    fates = befall(session, closure, now=now)
    _tell(session, actor, closure, "closure.changed", fates, became, now=now)
    return Reopened(closure_id, became, fates)


def _located(session: Database, draft: ClosureDraft) -> ClosureDraft:
    """With the zone of its site. Raises Invalid on `place` for an unknown one."""
    site_id = draft.site_id
    if draft.room_id is not None:
        room = session.get(Room, draft.room_id, populate_existing=True)
        if room is None:
            raise Invalid("Choose one of the places.", field="place")
        site_id = room.site_id
    site = None if site_id is None else session.get(Site, site_id, populate_existing=True)
    if site is None and draft.site_id is not None:
        raise Invalid("Choose one of the places.", field="place")
    return draft if site is None else replace(draft, timezone=site.timezone)


def _require_rooms(session: Database, draft: ClosureDraft) -> None:
    """Raises Invalid on `choices` for a room that is in the place, or not of the sort that was said."""
    for choice in draft.choices.values():
        if not choice.moves or choice.room_id is None:
            continue
        room = session.get(Room, choice.room_id, populate_existing=True)
        if room is None or (room.site_id is None) is not (choice.does is Does.ONLINE):
            raise Invalid("Choose one of the rooms.", field="choices")
        if room.id == draft.room_id or (room.site_id is not None and room.site_id == draft.site_id):
            raise Invalid("This room is closed then. Choose another one.", field="choices")


def _require_answer(
    session: Database, closure: Closure, choices: Mapping[Kind, Choice], now: datetime
) -> None:
    if Kind.MEDICATION in choices:
        return
    query = standing_in(closure, now=now).where(Series.kind == Kind.MEDICATION.value, Occurrence.booked)
    if session.scalars(query.limit(1)).first() is not None:
        raise Invalid(NO_ANSWER, field="medication")


def _may_shut(session: Database, actor: Actor, room_id: int | None) -> bool:
    """An online room is everybody's: whoever is limited to sites neither shuts it nor opens it again."""
    if room_id is None or actor.sites_as(Role.COORDINATOR) is None:
        return True
    return session.scalar(select(Room.site_id).where(Room.id == room_id)) is not None


def _held(
    session: Database,
    actor: Actor,
    closure_id: int,
    revision: int,
    now: datetime,
    until: datetime | None = None,
) -> Closure:
    """A closure that stands, with all locked that it did something to, or would if it lasted `until` then."""
    closure = session.get(Closure, closure_id, populate_existing=True)
    if closure is None or not _may_shut(session, actor, closure.room_id):
        raise NotFound("There is no such closure.")
    place = closure
    if until is not None:
        span = span_of(closure.local_start, until, closure.timezone, now=now)
        ends = max(span.ends_at, closure.ends_at)
        place = Closure(
            id=closure.id,
            site_id=closure.site_id,
            room_id=closure.room_id,
            starts_at=closure.starts_at,
            ends_at=ends,
        )
    _hold(session, place, now=now)
    session.refresh(closure)
    if closure.lifted_at is not None or closure.ends_at <= now:
        raise Refused("This closure is over.")
    require_revision(closure, revision)
    return closure


def _hold(
    session: Database,
    closure: Closure,
    *,
    rooms: Collection[int] = (),
    persons: Collection[int] = (),
    now: datetime,
) -> None:
    """Lock all rooms of the place, those that it may use, and all that is in it or was put elsewhere by it.

    Read before the lock, and again after it: raises Conflict where that changed in between.
    """
    shut = rooms_shut(session, closure) | set(rooms) | spare_rooms(session, now=now)
    held_rooms, held_persons, series = _in_place(session, closure, now)
    lock(session, rooms=shut | held_rooms, persons=held_persons | set(persons), series=series)
    again = _in_place(session, closure, now)
    if not (again[0] <= shut | held_rooms and again[1] <= held_persons | set(persons) and again[2] <= series):
        raise Conflict(CHANGED)


def _in_place(session: Database, closure: Closure, now: datetime) -> tuple[set[int], set[int], set[int]]:
    """The rooms, the persons who lead, and the series of what is or was in the place."""
    there = standing_in(closure, now=now).with_only_columns(
        Occurrence.id, Occurrence.series_id, Occurrence.room_id, Series.room_id, Occurrence.room_id
    )
    found: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(there)]
    if closure.id is not None:
        done = effects_to_come(closure, now=now).with_only_columns(
            Occurrence.id,
            Occurrence.series_id,
            Occurrence.room_id,
            Series.room_id,
            ClosureEffect.from_room_id,
        )
        found += [tuple(row) for row in session.execute(done)]
    occurrences = {row[0] for row in found}
    leading = session.scalars(select(Duty.person_id).where(Duty.occurrence_id.in_(occurrences)).distinct())
    rooms = {room for row in found for room in row[2:] if room is not None}
    return rooms, set(leading), {row[1] for row in found}


def _look_again(
    session: Database, closure: Closure, became: Mapping[int, Became], now: datetime
) -> dict[int, Became]:
    """What came back may be in a place that another one has shut, or another one may let go of it now."""
    stood = stand(session, list(became), now=now)
    changed = {number: each for number, each in stood.let_go.items() if became[number] in WAITING}
    changed |= dict.fromkeys(stood.stopped, Became.STOPPED) | dict.fromkeys(stood.moved, Became.ELSEWHERE)
    effects = select(ClosureEffect).where(ClosureEffect.closure_id == closure.id)
    for effect in session.scalars(effects.where(ClosureEffect.occurrence_id.in_(changed))):
        effect.became = changed[effect.occurrence_id].value
    return {**became, **changed}


def _tell(
    session: Database,
    actor: Actor,
    closure: Closure,
    action: str,
    fates: Collection[Fate],
    became: Mapping[int, Became],
    *,
    now: datetime,
    form: str | None = None,
) -> None:
    """Raise the calendars of everybody concerned, once, and leave the trace."""
    session.flush()
    changed = {fate.occurrence for fate in fates if fate.did is not Did.KEPT} | set(became)
    raise_calendars(session, persons_of(session, changed), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action=action,
        subject="closure",
        subject_id=closure.id,
        detail={
            "stopped": sum(fate.did is Did.STOPPED for fate in fates),
            "moved": sum(fate.did is Did.MOVED for fate in fates),
            "restored": sum(each is Became.RESTORED for each in became.values()),
            "left": sum(each is not Became.RESTORED for each in became.values()),
            "form": form,
        },
    )
