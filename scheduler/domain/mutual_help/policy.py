"""Who speaks for a hosted mutual-help group."""

from datetime import date

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.roster.models import Post
from scheduler.domain.roster.positions import SERVANTS
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Series
from scheduler.errors import NotFound


def serves(actor: Actor, *, on: date) -> ColumnElement[bool]:
    """The condition that a Series is a hosted group whose chair or secretary this is on that date."""
    post = exists().where(
        Post.series_id == Series.id,
        Post.person_id == actor.person_id,
        Post.position.in_(SERVANTS),
        Post.from_date <= on,
        or_(Post.until_date.is_(None), Post.until_date >= on),
    )
    return is_hosted() & post.correlate(Series)


def is_hosted() -> ColumnElement[bool]:
    """The condition that a Series is a mutual-help group that meets here and counts heads."""
    condition: ColumnElement[bool] = (
        Series.listed.is_(False)
        & (Series.kind == Kind.MUTUAL_HELP.value)
        & (Series.counting == Counting.HEADS.value)
    )
    return condition


def require_servant(session: Database, series_id: int, *, actor: Actor, on: date) -> Series:
    """The group, read anew. Raises NotFound for whoever does not serve it, and for what is no such group."""
    query = session.query(Series).filter(Series.id == series_id, serves(actor, on=on))
    found = query.populate_existing().first() if actor.has(Role.TRUSTED_SERVANT) else None
    if found is None:
        raise NotFound("There is no such group.")
    return found
