"""Two records of one human become one: everything of the second goes to the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.attendance.models import RecordLead, SentMark, WalkIn
from scheduler.domain.calendars.keeping import forget_bodies
from scheduler.domain.calendars.models import Feed
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.imports.forget import forget as forget_imports
from scheduler.domain.people.models import Credential, Device, KeptApart, Person, PersonRole
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.planning.keeping import forget_kept
from scheduler.domain.privacy.export import BY
from scheduler.domain.privacy.joining import Joined, join_enrollments, join_holds, join_stays
from scheduler.domain.privacy.marking import MarkedTwice, move_marks, move_notices
from scheduler.domain.privacy.models import Inquiry, Review
from scheduler.domain.privacy.selves import join_identity, join_roles, join_sign_in
from scheduler.domain.roster.models import Duty, Post
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store import outbox
from scheduler.store.audit import record
from scheduler.store.base import Base
from scheduler.store.ledger import Ended, remember
from scheduler.store.locks import lock
from scheduler.store.memory import ENDED, Memory, close
from scheduler.store.revisions import raise_calendars

APART: Final = "These two are kept apart, so they are two people."
STAFF_ONLY_BY_ADMINISTRATORS: Final = "Only an administrator joins records of people who work here."
LEAD_AT_ONCE: Final = "Both lead sessions at the same time. Give those of one of them to somebody else first."
APPEND_ONLY: Final = frozenset({"mark_change", "sheet_change"})
"""Tables of the past: they go on naming the number that acted then."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What went from the second record to the first.

    ``marked_twice`` are the sheets on which both stood: the first's mark stays there. ``lost_email``: the
    second had an address of its own, which is gone. ``roles`` are those that are new to the first.
    """

    stays: Joined
    holds: Joined
    enrollments: Joined
    marks: int
    marked_twice: tuple[MarkedTwice, ...]
    feeds: int
    posts: int
    roles: tuple[Role, ...]
    lost_email: bool
    takes_sign_in: bool


def merge(session: Database, *, actor: Actor, first_id: int, second_id: int, now: datetime) -> Merged:
    """Everything of the second goes to the first; the second's number leads there from now on.

    Raises :class:`NotFound` for a record that is not there or gone, :class:`Invalid` for the same twice,
    :class:`Refused` for two who are kept apart or lead at the same time, and for a coordinator where one of
    them works here.
    """
    _require_two(session, first_id, second_id)
    _require_allowed(session, actor, first_id, second_id)
    stays, holds = join_stays(session, first_id, second_id, now), join_holds(session, first_id, second_id)
    enrollments = join_enrollments(session, first_id, second_id, now)
    marks, twice = move_marks(session, first_id, second_id, actor=actor, now=now)
    move_notices(session, first_id, second_id)
    _move_pairs(session, first_id, second_id)
    merged = Merged(
        stays=stays,
        holds=holds,
        enrollments=enrollments,
        marks=marks,
        marked_twice=twice,
        feeds=_move_feeds(session, first_id, second_id),
        posts=_move_posts(session, first_id, second_id),
        roles=join_roles(session, first_id, second_id, now=now),
        takes_sign_in=join_sign_in(session, first_id, second_id, now=now),
        lost_email=join_identity(session, first_id, second_id, now=now),
    )
    _close(session, first_id, second_id, now)
    close(session, person_id=first_id, actor=actor, now=now)  # what was done knows nothing of what came
    _note(session, actor, first_id, second_id, merged, now)
    return merged


def _require_two(session: Database, first_id: int, second_id: int) -> None:
    if first_id == second_id:
        raise Invalid("Choose another record.", "second")
    series = select(Enrollment.series_id).where(Enrollment.person_id.in_((first_id, second_id)))
    lock(session, persons=[first_id, second_id], series=set(session.scalars(series)))
    for number in (first_id, second_id):
        person = session.get(Person, number, populate_existing=True)
        if person is None or person.erased_at is not None or person.merged_into is not None:
            raise NotFound
    if session.get(KeptApart, (first_id, second_id)) is not None:
        raise Refused(APART)
    _require_no_clash(session, first_id, second_id)


def _require_no_clash(session: Database, first_id: int, second_id: int) -> None:
    other = aliased(Duty)
    clash = select(Duty.id).join(
        other,
        (other.person_id == second_id) & (Duty.starts_at < other.ends_at) & (Duty.ends_at > other.starts_at),
    )
    if (
        session.scalar(clash.where(Duty.person_id == first_id, Duty.booked, other.booked).limit(1))
        is not None
    ):
        raise Refused(LEAD_AT_ONCE)


def _require_allowed(session: Database, actor: Actor, first_id: int, second_id: int) -> None:
    if actor == SYSTEM or actor.has(Role.ADMINISTRATOR):
        return
    held = select(PersonRole.role).where(PersonRole.person_id.in_((first_id, second_id)))
    if set(session.scalars(held)) - {Role.MEMBER}:
        raise Refused(STAFF_ONLY_BY_ADMINISTRATORS)


def _move_pairs(session: Database, first_id: int, second_id: int) -> None:
    pairs = session.scalars(select(KeptApart).where(KeptApart.person_id == second_id)).all()
    for pair in pairs:
        for one, other in ((first_id, pair.other_id), (pair.other_id, first_id)):
            if session.get(KeptApart, (one, other)) is None:
                row = KeptApart(person_id=one, other_id=other, made_at=pair.made_at, made_by=pair.made_by)
                session.add(row)
    session.flush()
    theirs = (KeptApart.person_id == second_id) | (KeptApart.other_id == second_id)
    session.execute(delete(KeptApart).where(theirs))
    forget_kept(session, second_id)  # what was kept for a part of them is asked about anew


def _move_feeds(session: Database, first_id: int, second_id: int) -> int:
    """The stored calendars go: they were made at a revision of the second's calendar."""
    feeds = session.scalars(select(Feed).where(Feed.person_id == second_id)).all()
    forget_bodies(session, Feed.person_id == second_id)
    for feed in feeds:
        feed.person_id = first_id
        feed.revision += 1
    return sum(feed.revoked_at is None for feed in feeds)


def _move_posts(session: Database, first_id: int, second_id: int) -> int:
    posts = session.scalars(select(Post.id).where(Post.person_id == second_id)).all()
    for table in (Post, Duty):
        moved = update(table).where(table.person_id == second_id).values(person_id=first_id)
        session.execute(moved.execution_options(synchronize_session=False))
    return len(posts)


def _close(session: Database, first_id: int, second_id: int, now: datetime) -> None:
    """What is left: who acted, calls, reviews, devices, what waited for them; the way from its number."""
    session.flush()
    for table in Base.metadata.sorted_tables:
        for name in (BY - {"other_id", "merged_into"}) & set(table.columns.keys()):
            if table.name not in APPEND_ONLY and table.columns[name].foreign_keys:
                column = table.columns[name]
                session.execute(update(table).where(column == second_id).values({name: first_id}))
    for of in (Credential, Device, Inquiry, RecordLead, Review, SentMark, WalkIn):
        session.execute(update(of).where(of.person_id == second_id).values(person_id=first_id))
    session.execute(delete(Memory).where(Memory.person_id == second_id))
    changes = delete(Memory).where(Memory.person_id.is_(None), Memory.kind != ENDED)
    session.execute(changes)  # changes of the plan name the second
    session.execute(update(Person).where(Person.merged_into == second_id).values(merged_into=first_id))
    outbox.drop(session, person_id=second_id)
    forget_imports(session, person_id=second_id)
    second = session.get_one(Person, second_id)
    second.merged_into, second.disabled_at = first_id, second.disabled_at or now
    remember(session, what=Ended.DISABLED, person_id=second_id, now=now)
    second.revision += 1
    session.get_one(Person, first_id).revision += 1
    raise_calendars(session, [first_id, second_id], now=now)


def _note(
    session: Database, actor: Actor, first_id: int, second_id: int, merged: Merged, now: datetime
) -> None:
    record(
        session,
        at=now,
        actor=actor,
        action="person.merged",
        subject="person",
        subject_id=first_id,
        person_id=first_id,
        persons=[first_id, second_id],
        detail={"second": second_id, "marks": merged.marks, "marked_twice": len(merged.marked_twice)},
    )
    session.flush()
    session.expire_all()
