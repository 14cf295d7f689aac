"""Changing who leads; only `planning` calls these, with the series and the persons locked and looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.eligible import require_role, those_with_role
from scheduler.domain.people.roles import Role
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import SERVICE, Position
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import ORIGINAL_DATE
from scheduler.domain.schedule.terms import Cut, Term
from scheduler.errors import Conflict, Refused
from scheduler.store.rising import risen

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A duty to be made from a post; not `exclusive` where its holder leads something else then."""

    occurrence_id: int
    starts_at: datetime
    ends_at: datetime
    booked: bool
    post: Post
    exclusive: bool
    override_reason: str = ""


def add_post(
    session: Database, *, series: Series, person_id: int, position: Position, term: Term, now: datetime
) -> Post:
    """A facilitator holds a position in the series, without duties yet.

    A service position of a mutual-help group may be a trusted servant's as well. Raises Invalid on
    `person_id` for somebody who may not hold it, Refused where the series ended before, Conflict for a second
    post of the same person in it.
    """
    if series.ends_on is not None and term.from_date > series.ends_on:
        raise Refused("This series ends before that date.")
    term = term.ended_by(series.ends_on)
    serves = series.kind == Kind.MUTUAL_HELP and position in SERVICE
    require_role(session, [person_id], Role.FACILITATOR, *([Role.TRUSTED_SERVANT] if serves else []))
    for other in posts_in(session, series.id):
        if other.person_id == person_id and term_of(other).overlaps(term):
            raise Conflict("This facilitator has a post here already on some of these dates.")
    post = new_post(series.id, person_id, position, term, now)
    session.add(post)
    session.flush()
    return post


def add_duties(session: Database, duties: Sequence[NewDuty], *, now: datetime) -> None:
    """Make duties from posts."""
    rows = [
        {
            "occurrence_id": new.occurrence_id,
            "post_id": new.post.id,
            "person_id": new.post.person_id,
            "position": new.post.position,
            "starts_at": new.starts_at,
            "ends_at": new.ends_at,
            "booked": new.booked,
            "exclusive": new.exclusive,
            "override_reason": new.override_reason,
            "uid": uuid4().hex,
            "changed_at": now,
        }
        for new in duties
    ]
    if rows:
        session.execute(insert(Duty), rows)


def change_last_date(session: Database, *, post: Post, until: date | None, now: datetime) -> None:
    """Set the end of a post. Raises Invalid on `until_date` before its first date. Duties are left alone.

    The caller required its revision, which counted the change.
    """
    end_on(post, Term(post.from_date, until).until_date, now)
    session.flush()


def hand_over(
    session: Database, *, duty: Duty, person_id: int, exclusive: bool, override_reason: str, now: datetime
) -> None:
    """Another facilitator takes a duty (the post's own one again: the substitution ends).

    The caller required its revision, which counted the change.
    """
    duty.person_id = person_id
    duty.exclusive, duty.override_reason = exclusive, override_reason
    duty.sequence += 1
    duty.changed_at = risen(now, duty.changed_at)
    session.flush()


def succeed(
    session: Database, *, post: Post, series: Series, person_id: int, first: date, now: datetime
) -> Post:
    """Another facilitator holds this post of the series from `first` on, and has its duties from then on.

    A duty that somebody else took over stays theirs. Raises as `add_post`.
    """
    term = Term(max(first, post.from_date), post.until_date)
    position = Position(post.position)
    successor = add_post(session, series=series, person_id=person_id, position=position, term=term, now=now)
    dated = select(Occurrence.id).where(
        Occurrence.series_id == series.id, first <= ORIGINAL_DATE, Occurrence.starts_at > now
    )
    session.execute(
        update(Duty)
        .where(Duty.post_id == post.id, Duty.occurrence_id.in_(dated))
        .values(post_id=successor.id)
    )
    kept = session.scalar(select(Duty.id).where(Duty.post_id == post.id).limit(1))
    if post.from_date >= first and kept is None:
        session.delete(post)
    else:
        end_on(post, max(first - _DAY, post.from_date), now)
        post.revision += 1
    session.flush()
    return successor


def carry(session: Database, *, old: Series, new: Series, first: date, now: datetime) -> dict[int, Post]:
    """Posts that `old` has on `first` or later are held in `new` from then on; the rest of them ends before.

    Answers the new posts by the ids of those they continue.
    """
    carried: dict[int, Post] = {}
    for post in posts_in(session, old.id):
        if not term_of(post).holds_from(first):
            continue
        if post.from_date >= first:
            post.series_id, post.uid = new.id, uuid4().hex
            carried[post.id] = post
            continue
        carried[post.id] = new_post(
            new.id, post.person_id, Position(post.position), Term(first, post.until_date), now
        )
        end_on(post, first - _DAY, now)
        post.revision += 1
    session.add_all(carried.values())
    session.flush()
    return carried


def begin_earlier(session: Database, series_id: int, first: date, earlier: date, *, now: datetime) -> None:
    """Posts that are held from the first date on are held from an earlier first date on."""
    for post in posts_in(session, series_id):
        if post.from_date == first:
            post.from_date = earlier
            end_on(post, post.until_date, now)
            post.revision += 1
    session.flush()


def end_all(session: Database, *, series: Series, last: date, now: datetime) -> Cut:
    """No post of the series goes on after `last`; one that would begin later never was.

    It keeps its first date alone where a stopped occurrence still has a duty of it.
    """
    posts = [post for post in posts_in(session, series.id) if term_of(post).holds_from(last + _DAY)]
    kept = set(session.scalars(select(Duty.post_id).where(Duty.post_id.in_([post.id for post in posts]))))
    own = {post.id: post.until_date for post in posts if post.from_date <= last}
    for post in posts:
        if post.from_date > last and post.id not in kept:
            session.delete(post)
        else:
            end_on(post, max(last, post.from_date), now)
            post.revision += 1
    session.flush()
    return Cut(own, len(posts) - len(own))


def go_on(
    session: Database, *, series: Series, own: Mapping[int, date | None] | None, ended: date, now: datetime
) -> int:
    """The series ends on its `ends_on` now, and not on `ended` any more: the posts that this cut are held for
    as long as they were to be, by those who still may. Answers how many.

    `own` are the last dates that they had, by id; none: nobody knows, and all that ended on that day are.
    """
    ending = [post for post in posts_in(session, series.id) if post.until_date == ended]
    posts = [post for post in ending if own is None or post.id in own]
    holders = {post.person_id for post in posts}
    able = those_with_role(session, holders, Role.FACILITATOR, Role.TRUSTED_SERVANT)
    for post in (each for each in posts if each.person_id in able):
        term = Term(post.from_date, own[post.id] if own else None)
        end_on(post, term.ended_by(series.ends_on).until_date, now)
        post.revision += 1
    session.flush()
    return sum(post.until_date != ended for post in posts)


def drop_duties(session: Database, duties: Collection[int]) -> None:
    """Delete duties that are no more."""
    session.execute(delete(Duty).where(Duty.id.in_(duties)))


def posts_in(session: Database, series_id: int) -> Sequence[Post]:
    """All posts of a series, read anew: what was loaded before the lock may be old."""
    query = select(Post).where(Post.series_id == series_id).order_by(Post.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


_DUTIES_IN: Final = (
    select(Duty)
    .where(Duty.occurrence_id.in_(bindparam("occurrences", expanding=True)))
    .order_by(Duty.id)
    .execution_options(populate_existing=True)
)


def duties_in(session: Database, occurrences: Iterable[int]) -> Sequence[Duty]:
    """The duties of these occurrences, read anew."""
    return session.scalars(_DUTIES_IN, {"occurrences": list(occurrences)}).all()


def term_of(post: Post) -> Term:
    return Term(post.from_date, post.until_date)


def new_post(series_id: int, person_id: int, position: Position, term: Term, now: datetime) -> Post:
    """A post with a name of its own in calendars; the caller adds it."""
    return Post(
        series_id=series_id,
        person_id=person_id,
        position=position.value,
        from_date=term.from_date,
        until_date=term.until_date,
        uid=uuid4().hex,
        changed_at=now,
    )


def end_on(post: Post, until: date | None, now: datetime) -> None:
    """Set the last date, and let calendars see it."""
    post.until_date = until
    post.sequence += 1
    post.changed_at = risen(now, post.changed_at)


def duties_to_come(session: Database, person_id: int, *, now: datetime) -> Sequence[Duty]:
    """What a person leads and has not begun, read anew."""
    query = select(Duty).where(Duty.person_id == person_id, Duty.starts_at > now).order_by(Duty.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def hand_over_posts(
    session: Database, *, person_id: int, to: int | None, first: Mapping[int, date], now: datetime
) -> None:
    """Another facilitator holds the posts from the `first` date of each series on; nobody: nothing is done.

    The duties to come follow, substitutions too. A post that they have in a series comes before.
    """
    for post in _posts_held(session, person_id, first) if to is not None else ():
        first_day = max(post.from_date, first[post.series_id])
        own = [each for each in posts_in(session, post.series_id) if each.person_id == to]
        ends = [each.until_date for each in own if term_of(each).overlaps(Term(first_day, post.until_date))]
        last_own = max((end or date.max for end in ends), default=first_day - _DAY)
        if to is None or last_own >= (post.until_date or date.max):
            continue
        term = Term(last_own + _DAY, post.until_date)
        successor = new_post(post.series_id, to, Position(post.position), term, now)
        session.add(successor)
        session.flush()
        to_come = (Duty.post_id == post.id) & (Duty.starts_at > now)
        session.execute(update(Duty).where(to_come).values(post_id=successor.id))


def give_up_posts(session: Database, *, person_id: int, first: Mapping[int, date], now: datetime) -> int:
    """The posts of a person end before the `first` date of each series; answers how many."""
    posts = _posts_held(session, person_id, first)
    used = set(session.scalars(select(Duty.post_id).where(Duty.post_id.in_([post.id for post in posts]))))
    for post in posts:
        if post.from_date >= first[post.series_id] and post.id not in used:
            session.delete(post)
        else:
            end_on(post, max(first[post.series_id] - _DAY, post.from_date), now)
            post.revision += 1
    session.flush()
    return len(posts)


def _posts_held(session: Database, person_id: int, first: Mapping[int, date]) -> list[Post]:
    query = select(Post).where(Post.person_id == person_id).order_by(Post.id)
    posts = session.scalars(query.execution_options(populate_existing=True)).all()
    return [post for post in posts if term_of(post).holds_from(first[post.series_id])]
