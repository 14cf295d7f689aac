"""The posts of somebody who leaves; only `planning` calls these, with the series and the persons locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.roster.service import end_on, new_post, posts_in, term_of
from scheduler.domain.schedule.terms import Term


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
    for post in _posts(session, person_id, first) if to is not None else ():
        first_day = max(post.from_date, first[post.series_id])
        own = [each for each in posts_in(session, post.series_id) if each.person_id == to]
        ends = [each.until_date for each in own if term_of(each).overlaps(Term(first_day, post.until_date))]
        last_own = max((end or date.max for end in ends), default=first_day - timedelta(days=1))
        if to is None or last_own >= (post.until_date or date.max):
            continue
        term = Term(last_own + timedelta(days=1), post.until_date)
        successor = new_post(post.series_id, to, Position(post.position), term, now)
        session.add(successor)
        session.flush()
        to_come = (Duty.post_id == post.id) & (Duty.starts_at > now)
        session.execute(update(Duty).where(to_come).values(post_id=successor.id))


def give_up_posts(session: Database, *, person_id: int, first: Mapping[int, date], now: datetime) -> int:
    """The posts of a person end before the `first` date of each series; answers how many."""
    posts = _posts(session, person_id, first)
    used = set(session.scalars(select(Duty.post_id).where(Duty.post_id.in_([post.id for post in posts]))))
    for post in posts:
        if post.from_date >= first[post.series_id] and post.id not in used:
            session.delete(post)
        else:
            end_on(post, max(first[post.series_id] - timedelta(days=1), post.from_date), now)
            post.revision += 1
    session.flush()
    return len(posts)


def _posts(session: Database, person_id: int, first: Mapping[int, date]) -> list[Post]:
    query = select(Post).where(Post.person_id == person_id).order_by(Post.id)
    posts = session.scalars(query.execution_options(populate_existing=True)).all()
    return [post for post in posts if term_of(post).holds_from(first[post.series_id])]
