"""Another facilitator leads: one occurrence, this and following, or all that are to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import (
    hold_series,
    load_occurrence,
    occurrences_in,
    require_to_come,
)
from scheduler.domain.planning.consequences import consequences_of
from scheduler.domain.planning.continuing import next_of
from scheduler.domain.planning.leading import Substituted, look_for, substitute
from scheduler.domain.planning.looking import Look
from scheduler.domain.planning.moves import Done, HowFar
from scheduler.domain.planning.reach import require_within
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.service import duties_in, hand_over, succeed
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import Conflict, NotFound
from scheduler.store.audit import record
from scheduler.store.base import require_newest, require_revision
from scheduler.store.revisions import raise_calendars


def lead(
    session: Database,
    *,
    actor: Actor,
    duty_id: int,
    revision: int,
    how_far: HowFar,
    person_id: int,
    override: str = "",
    now: datetime,
) -> Done:
    """Another facilitator has this duty, or the post that it comes from from its date (or the next one) on.

    Who stands in for the post's holder on single dates still does. Raises NotFound, also where more than one
    is meant of a series out of the actor's reach; Conflict where `revision` (the duty's) is not the newest,
    or they lead there already; Invalid on `person_id`; Refused once it has begun; Taken where they lead
    something else then and `override` gives no reason.
    """
    if how_far is HowFar.ONE:
        done = substitute(
            session,
            actor=actor,
            duty_id=duty_id,
            revision=revision,
            person_id=person_id,
            override=override,
            now=now,
        )
        return _told_of_one(session, duty_id, done)
    series, duty, row = _held(session, duty_id, person_id)
    require_within(session, actor, series=[series.id], occurrences=(), on=now.date())
    require_newest(duty, revision)
    require_to_come(row, now=now)
    require_role(session, [person_id], Role.FACILITATOR)
    rows = next_of(occurrences_in(session, series.id), now=now)
    first = (row if how_far is HowFar.FOLLOWING else rows[0]).original_start.date()
    rows = tuple(each for each in rows if each.original_start.date() >= first and each.starts_at > now)
    with remember(
        session, Change.LEAD, series=[series.id], subject=row.id, actor=actor, now=now
    ) as remembered:
        require_revision(duty, revision)
        taken, found, concerned = _hand_over(
            session, actor, duty, series, rows, first=first, person_id=person_id, override=override, now=now
        )
    raise_calendars(session, {*concerned, person_id}, now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="post.handed_over",
        subject="series",
        subject_id=series.id,
        person_id=person_id,
        detail={"from_date": first.isoformat(), "duties": len(taken)},
    )
    numbers = [each.occurrence_id for each in taken]
    told = consequences_of(session, numbers, conflicts=found.refused, warnings=found.warnings)
    return Done(remembered.id, row.id, series.id, told)


def _told_of_one(session: Database, duty_id: int, done: Substituted) -> Done:
    number = session.scalars(select(Duty.occurrence_id).where(Duty.id == duty_id)).one()
    series_id = session.scalars(select(Occurrence.series_id).where(Occurrence.id == number)).one()
    told = consequences_of(session, [number], conflicts=done.overridden, warnings=done.warnings)
    return Done(done.change_id, number, series_id, told)


def _held(session: Database, duty_id: int, person_id: int) -> tuple[Series, Duty, Occurrence]:
    query = select(Occurrence.id, Occurrence.series_id).join(Duty, Duty.occurrence_id == Occurrence.id)
    where = session.execute(query.where(Duty.id == duty_id)).first()
    if where is None:
        raise NotFound("There is no such duty.")
    series = hold_series(session, where.series_id, persons=[person_id])
    duty = session.get(Duty, duty_id, populate_existing=True)
    if duty is None:
        raise NotFound("There is no such duty.")
    return series, duty, load_occurrence(session, where.id)


def _hand_over(
    session: Database,
    actor: Actor,
    duty: Duty,
    series: Series,
    rows: Sequence[Occurrence],
    *,
    first: date,
    person_id: int,
    override: str,
    now: datetime,
) -> tuple[list[Duty], Look, set[int]]:
    """The duties that the new holder has, what they collide with, and whose calendars change besides."""
    post = session.get_one(Post, duty.post_id, populate_existing=True)
    by_row = {each.id: each for each in rows}
    duties = duties_in(session, by_row)
    if any(each.person_id == person_id and each.post_id != post.id for each in duties):
        raise Conflict("This facilitator leads one of these already.")
    own = [each for each in duties if each.post_id == post.id]
    taken = [each for each in own if each.person_id == post.person_id or each.id == duty.id]
    concerned = {post.person_id, *(each.person_id for each in own)}
    found = look_for(session, [by_row[each.occurrence_id] for each in taken], person_id, override, actor)
    succeed(session, post=post, series=series, person_id=person_id, first=first, now=now)
    for each in taken:
        exclusive, reason = found.hold_on_person(each.occurrence_id, person_id)
        each.revision += each.id != duty.id
        hand_over(
            session, duty=each, person_id=person_id, exclusive=exclusive, override_reason=reason, now=now
        )
    return taken, found, concerned
