"""Loading what a list of series is compared with: in a handful of statements, however long it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.series_around import LEADING, Leader, SeriesAround, Standing
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.models import Identity
from scheduler.domain.people.names import search_name
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms, sites
from scheduler.domain.planning.reach import Reach
from scheduler.domain.roster.models import Post
from scheduler.domain.schedule.queries import all_series


def load_series_around(
    session: Database, *, reach: Reach, zone: str, today: date, now: datetime
) -> SeriesAround:
    """What rows are compared with, by somebody of this ``reach``. Five statements."""
    holders = holders_of(session, Role.FACILITATOR, sight=reach.of_people())
    return SeriesAround(
        sites={search_name(each.name): each for each in sites(session, within=reach.of_sites())},
        rooms=rooms(session, within=reach.of_rooms()),
        facilitators=tuple(Leader(each.id, each.name, each.short_name, each.email) for each in holders),
        standing=standing(session, reach=reach, today=today, now=now),
        zone=zone,
        today=today,
        now=now,
    )


def standing(session: Database, *, reach: Reach, today: date, now: datetime) -> tuple[Standing, ...]:
    """The series within reach that still meet, by title, with who leads them from today on.

    Two statements.
    """
    found = all_series(session, now=now, within=reach.of_series())
    leads = _leads(session, [each.id for each in found], today)
    return tuple(
        Standing(
            id=each.id,
            plan=each.plan,
            ends_on=each.ends_on,
            room_name=each.room_name,
            site_name=each.site_name,
            leads=leads.get(each.id, ()),
        )
        for each in found
    )


def _leads(session: Database, series: Collection[int], today: date) -> dict[int, tuple[Leader, ...]]:
    held: defaultdict[int, dict[int, tuple[int, Leader]]] = defaultdict(dict)
    query = (
        select(
            Post.series_id,
            Post.position,
            Identity.person_id,
            Identity.name,
            Identity.short_name,
            Identity.email,
        )
        .join(Identity, Identity.person_id == Post.person_id)
        .where(Post.series_id.in_(series), Post.position.in_(LEADING))
        .where(or_(Post.until_date.is_(None), Post.until_date >= today))
        .order_by(Post.from_date, Post.id)
    )
    for series_id, position, person_id, name, short_name, email in session.execute(query):
        leader = Leader(person_id, name, short_name, email)
        held[series_id].setdefault(leader.id, (LEADING.index(position), leader))
    return {
        series_id: tuple(leader for _, leader in sorted(people.values(), key=lambda each: each[0]))
        for series_id, people in held.items()
    }
