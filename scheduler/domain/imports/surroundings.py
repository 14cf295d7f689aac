"""Loading what a list is compared with: in a handful of statements, however long it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import holds_by_person
from scheduler.domain.imports.around import Around, Group, Index, Known, by_name
from scheduler.domain.imports.drafts import Draft
from scheduler.domain.people.models import Account, Identity, Person, PersonRole
from scheduler.domain.people.names import search_name
from scheduler.domain.people.roles import STAFF, Role
from scheduler.domain.places.models import Site
from scheduler.domain.planning.reach import Reach
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Stay
from scheduler.domain.stays.queries import programs


def load_around(session: Database, drafts: Iterable[Draft], *, reach: Reach, today: date) -> Around:
    """What these rows are compared with, by somebody of this ``reach``; ``today`` is the local date."""
    titles = {search_name(title) for draft in drafts for title in draft.groups}
    there_are = programs(session)
    query = select(Site.name, Site.id).where(_within(reach.of_sites())).order_by(Site.name)
    sites = session.execute(query).all()
    return Around(
        people=Index(_people(session, reach)),
        programs=by_name((each.name, each.id) for each in there_are),
        sites=by_name((name, site_id) for name, site_id in sites),
        groups=_groups(session, titles, reach, today) if titles else {},
        today=today,
        needs_site=reach.sites is not None,
        program_names=tuple(each.name for each in there_are),
        site_names=tuple(name for name, _ in sites),
    )


def _people(session: Database, reach: Reach) -> list[Known]:
    """Everybody with a name; who works here, and who is out of reach, only so that nobody is made twice."""
    roles, stays = _roles(session), _stays(session)
    among = reach.of_people().among
    reached = None if among is None else set(session.scalars(among))
    query = (
        select(
            Person.id,
            Identity.name,
            Identity.search_name,
            Identity.birth_year,
            Identity.email,
            Identity.phone,
            or_(Identity.email_confirmed_at.is_not(None), Account.person_id.is_not(None)),
            Person.disabled_at.is_(None),
            Person.revision,
        )
        .join(Identity, Identity.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.erased_at.is_(None), Person.merged_into.is_(None))
    )
    return [
        Known(
            *(person_id, name, search, birth_year, email, phone),
            keeps_email=keeps_email,
            is_member=Role.MEMBER in roles[person_id],
            is_active=is_active,
            is_taboo=not STAFF.isdisjoint(roles[person_id])
            or (reached is not None and person_id not in reached),
            revision=revision,
            stays=tuple(stays.get(person_id, ())),
        )
        for person_id, name, search, birth_year, email, phone, keeps_email, is_active, revision in (
            session.execute(query)
        )
    ]


def _roles(session: Database) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for person_id, role in session.execute(select(PersonRole.person_id, PersonRole.role)):
        found[person_id].add(role)
    return found


def _stays(session: Database) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = {}
    query = select(Stay.person_id, Stay.admitted_on, Stay.discharged_on).order_by(Stay.admitted_on)
    for person_id, admitted_on, discharged_on in session.execute(query):
        found.setdefault(person_id, []).append(Term(admitted_on, discharged_on))
    return found


def _groups(
    session: Database, titles: Collection[str], reach: Reach, today: date
) -> dict[str, tuple[Group, ...]]:
    """The planned series of these folded titles that go on, with who belongs to them."""
    query = select(Series.id, Series.title, Series.closed, Series.ends_on, Series.capacity).where(
        Series.listed.is_(False),
        or_(Series.ends_on.is_(None), Series.ends_on >= today),
        _within(reach.of_series()),
    )
    named = [Group(*row) for row in session.execute(query) if search_name(row.title) in titles]
    _fill(session, {group.series_id: group for group in named})
    return {title: tuple(group for group in named if search_name(group.title) == title) for title in titles}


def _fill(session: Database, groups: dict[int, Group]) -> None:
    query = select(
        Enrollment.series_id, Enrollment.person_id, Enrollment.from_date, Enrollment.until_date
    ).where(Enrollment.series_id.in_(groups))
    rows = session.execute(query).all()
    freed = holds_by_person(session, {row.person_id for row in rows}, freed=True)
    for series_id, person_id, from_date, until_date in rows:
        term = Term(from_date, until_date)
        groups[series_id].belonging[person_id].append(term)
        groups[series_id].places += term.without(freed.get(person_id, ()))


def _within(condition: ColumnElement[bool] | None) -> ColumnElement[bool]:
    return true() if condition is None else condition
