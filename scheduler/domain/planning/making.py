"""Making a series with its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.service import add_founders
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.apart import Apart, would_meet
from scheduler.domain.planning.changes import remember_made
from scheduler.domain.planning.concerned import load_room
from scheduler.domain.planning.filling import fill
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster.positions import Position
from scheduler.domain.roster.service import add_post
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.dates import horizon_of
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.plans import Plan, checked
from scheduler.domain.schedule.service import add_series
from scheduler.domain.schedule.terms import Term
from scheduler.store.audit import done_by, record
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars

MADE: Final = "series.made"


@dataclass(frozen=True, slots=True)
class NewPost:
    """A facilitator with a position; without dates from the first date on, and open."""

    person_id: int
    position: Position = Position.LEAD
    from_date: date | None = None
    until_date: date | None = None


@dataclass(frozen=True, slots=True)
class NewEnrollment:
    """A member; without dates from the first date on, and open."""

    person_id: int
    from_date: date | None = None
    until_date: date | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The new series with its occurrences in order of time; what was overridden, and what a member's own
    calendar collides with. `change_id` is what `undoing` takes back.
    """

    series_id: int
    occurrences: tuple[int, ...]
    overridden: tuple[Clash, ...]
    warnings: tuple[Clash, ...]
    apart: tuple[Apart, ...] = ()
    change_id: int | None = None


def make_series(
    session: Database,
    *,
    actor: Actor,
    plan: Plan,
    posts: Sequence[NewPost] = (),
    enrollments: Sequence[NewEnrollment] = (),
    override: str = "",
    form: str = "",
    undoable: bool = False,
    now: datetime,
) -> Made:
    """Make a series with its people, and its occurrences of the next 26 weeks.

    It is remembered as a change of its own where it is to be ``undoable``, and not a part of something else.

    ``form`` names what was sent. Sent twice by the same person, it makes one series: the second time
    answers the first one's id, and nothing else.

    Raises Invalid with the fields of the plan that are wrong, `person_id` for somebody without the role,
    `room_id` for an unknown room; Taken where a room or a facilitator is taken and `override` gives no
    reason; Conflict for more members than places.
    """
    plan = checked(plan, now=now)
    people = {post.person_id for post in posts} | {each.person_id for each in enrollments}
    sender = {actor.person_id} if form and actor.person_id else set()
    lock(session, rooms=spare_rooms(session, beside=plan.room_id, now=now), persons=people | sender)
    earlier = _made_by(session, form, actor) if form else None
    if earlier is not None:
        return Made(earlier, (), (), ())
    load_room(session, plan.room_id)
    series = add_series(session, plan=plan, lineage_id=None, now=now)
    first = plan.first_start.date()
    for post in posts:
        term = Term(post.from_date or first, post.until_date)
        add_post(session, series=series, person_id=post.person_id, position=post.position, term=term, now=now)
    members = [(each.person_id, Term(each.from_date or first, each.until_date)) for each in enrollments]
    add_founders(session, series=series, members=members, now=now)
    until = horizon_of(now, zone_named(plan.timezone))
    filled = fill(session, series=series, until=until, now=now, override=override, viewer=actor)
    change_id = remember_made(session, series.id, actor=actor, now=now) if undoable else None
    raise_calendars(session, people, now=now)
    record(
        session,
        actor=actor,
        at=now,
        action=MADE,
        subject="series",
        subject_id=series.id,
        detail={
            "occurrences": len(filled.occurrences),
            "overridden": len(filled.found.refused),
            "form": form or None,
        },
    )
    apart = would_meet(session, actor=actor, occurrences=filled.occurrences, persons=people, now=now)
    collided = filled.found.refused, filled.found.warnings
    return Made(series.id, filled.occurrences, *collided, apart, change_id)


def _made_by(session: Database, form: str, actor: Actor) -> int | None:
    """The series that this form made, if it was not taken back."""
    earlier = done_by(session, form=form, action=MADE, subject="series", actor=actor.person_id)
    return None if earlier is None or session.get(Series, earlier) is None else earlier
