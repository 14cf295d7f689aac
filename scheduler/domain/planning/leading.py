"""Facilitators get posts, leave them, and stand in for each other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.apart import Apart, would_meet
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import hold_series, load_occurrence
from scheduler.domain.planning.looking import Look, Wanted, look, require_free
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.roster.service import (
    NewDuty,
    add_duties,
    add_post,
    change_last_date,
    drop_duties,
    duties_in,
    duties_to_come,
    hand_over,
    term_of,
)
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.terms import Term
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_newest, require_revision
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Posted:
    """The post, how many duties it brought or took, what was overridden, and what only warns."""

    post_id: int
    new_duties: int
    dropped_duties: int
    overridden: tuple[Clash, ...]
    warnings: tuple[Clash, ...]
    apart: tuple[Apart, ...] = ()


def give_post(
    session: Database,
    *,
    actor: Actor,
    series_id: int,
    person_id: int,
    position: Position,
    from_date: date,
    until_date: date | None = None,
    override: str = "",
    now: datetime,
) -> Posted:
    """A facilitator holds a position from a local date until a local date, and leads what is to come of it.

    Raises NotFound, Invalid on `until_date` or `person_id`, Refused for an ended series, Conflict for a
    second post of this person here, Taken where they lead something else and `override` gives no reason.
    """
    term = Term(from_date, until_date)
    series = hold_series(session, series_id, persons=[person_id])
    post = add_post(session, series=series, person_id=person_id, position=position, term=term, now=now)
    found, new, _ = _fit(session, post, actor=actor, override=override, now=now)
    raise_calendars(session, [person_id], now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="post.given",
        subject="series",
        subject_id=series_id,
        person_id=person_id,
        detail={
            "position": position.value,
            "from_date": from_date.isoformat(),
            "until_date": until_date.isoformat() if until_date else None,
        },
    )
    led = [
        duty.occurrence_id for duty in duties_to_come(session, person_id, now=now) if duty.post_id == post.id
    ]
    apart = would_meet(session, actor=actor, occurrences=led, persons=[person_id], now=now)
    return Posted(post.id, new, 0, found.refused, found.warnings, apart)


def end_post(
    session: Database,
    *,
    actor: Actor,
    post_id: int,
    revision: int,
    until_date: date | None,
    override: str = "",
    now: datetime,
) -> Posted:
    """Set the last local date of a post, included; duties to come follow, and so do substitutions of them.

    Raises NotFound, Conflict where `revision` is not the newest, Invalid on `until_date` before the first
    date, Taken where a later end brings duties that collide.
    """
    series_id = session.scalar(select(Post.series_id).where(Post.id == post_id))
    if series_id is None:
        raise NotFound("There is no such post.")
    holder = session.scalars(select(Post.person_id).where(Post.id == post_id)).one()
    hold_series(session, series_id, persons=[holder])
    post = session.get_one(Post, post_id, populate_existing=True)
    require_revision(post, revision)
    change_last_date(session, post=post, until=until_date, now=now)
    found, new, dropped = _fit(session, post, actor=actor, override=override, now=now)
    raise_calendars(session, {holder, *dropped.values()}, now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="post.ended",
        subject="series",
        subject_id=series_id,
        person_id=holder,
        detail={
            "until_date": until_date.isoformat() if until_date else None,
            "dropped": len(dropped),
        },
    )
    return Posted(post.id, new, len(dropped), found.refused, found.warnings)


@dataclass(frozen=True, slots=True)
class Substituted:
    """The duty's new holder, what was overridden, and what only warns. `change_id` is for `undoing`."""

    duty_id: int
    person_id: int
    overridden: tuple[Clash, ...]
    warnings: tuple[Clash, ...]
    change_id: int
    apart: tuple[Apart, ...] = ()


def substitute(
    session: Database,
    *,
    actor: Actor,
    duty_id: int,
    revision: int,
    person_id: int,
    override: str = "",
    now: datetime,
) -> Substituted:
    """Another facilitator leads this one occurrence; the post's own holder again ends the substitution.

    Raises NotFound, Conflict where `revision` is not the newest or the person has a duty there already,
    Invalid on `person_id`, Refused once it is over, Taken where they lead something else then.
    """
    occurrence_id = session.scalar(select(Duty.occurrence_id).where(Duty.id == duty_id))
    if occurrence_id is None:
        raise NotFound("There is no such duty.")
    series_id = session.scalars(select(Occurrence.series_id).where(Occurrence.id == occurrence_id)).one()
    hold_series(session, series_id, persons=[person_id])
    occurrence = load_occurrence(session, occurrence_id)
    duty = session.get_one(Duty, duty_id, populate_existing=True)
    if occurrence.ends_at <= now:
        raise Refused("This session is over. What is past stays as it was.")
    require_newest(duty, revision)
    if any(other.person_id == person_id for other in duties_in(session, [occurrence_id])):
        raise Conflict("This facilitator leads it already.")
    require_role(session, [person_id], Role.FACILITATOR)
    found = look_for(session, [occurrence], person_id, override, actor)
    exclusive, reason = found.hold_on_person(occurrence_id, person_id)
    before = duty.person_id
    with remember(session, Change.LEAD, occurrences=[occurrence_id], actor=actor, now=now) as remembered:
        require_revision(duty, revision)
        hand_over(
            session, duty=duty, person_id=person_id, exclusive=exclusive, override_reason=reason, now=now
        )
    usual = session.scalars(select(Post.person_id).where(Post.id == duty.post_id)).one()
    raise_calendars(session, {before, person_id, usual}, now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="duty.handed_over",
        subject="occurrence",
        subject_id=occurrence_id,
        person_id=person_id,
        detail={
            "before": before,
        },
    )
    apart = would_meet(session, actor=actor, occurrences=[occurrence_id], persons=[person_id], now=now)
    return Substituted(duty_id, person_id, found.refused, found.warnings, remembered.id, apart)


def look_for(
    session: Database, occurrences: Collection[Occurrence], person_id: int, override: str, viewer: Actor
) -> Look:
    """May this person lead these? What does not take place keeps nobody."""
    wanted = [
        Wanted(each.id, each.starts_at, each.ends_at, facilitators=(person_id,))
        for each in occurrences
        if each.booked
    ]
    found = look(session, wanted, override=override, viewer=viewer)
    require_free(found)
    return found


def _fit(
    session: Database, post: Post, *, actor: Actor, override: str, now: datetime
) -> tuple[Look, int, dict[int, int]]:
    """Bring the duties to come in line with the dates of a post; the new ones are looked at first.

    Answers what was found, how many were made, and the dropped ones with who had them.
    """
    to_come = session.scalars(
        select(Occurrence)
        .where(Occurrence.series_id == post.series_id, Occurrence.ends_at > now)
        .order_by(Occurrence.starts_at)
        .execution_options(populate_existing=True)
    ).all()
    had = {
        duty.occurrence_id: duty
        for duty in duties_in(session, [each.id for each in to_come])
        if duty.post_id == post.id
    }
    held = {each.id for each in to_come if term_of(post).holds(each.original_start.date())}
    new = [each for each in to_come if each.id in held and each.id not in had]
    dropped = {duty.id: duty.person_id for number, duty in had.items() if number not in held}
    found = look_for(session, new, post.person_id, override, actor)
    drop_duties(session, dropped)
    add_duties(
        session,
        [
            NewDuty(
                each.id,
                each.starts_at,
                each.ends_at,
                each.booked,
                post,
                *found.hold_on_person(each.id, post.person_id),
            )
            for each in new
        ],
        now=now,
    )
    return found, len(new), dropped
