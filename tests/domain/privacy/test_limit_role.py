"""Roles for some sites only."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import queries, service
from scheduler.domain.people.models import RoleSite
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.people.sign_ins import hash_of
from scheduler.domain.places.service import make_site
from scheduler.domain.places.values import SiteDraft
from scheduler.domain.privacy.limiting import limit_role, limits_of
from scheduler.errors import Invalid, NotFound
from scheduler.store.audit import AuditEntry
from tests.support.people import Everybody


def site(session: Database, name: str, now: datetime) -> int:
    return make_site(session, actor=SYSTEM, site=SiteDraft(name, "America/New_York"), now=now)


def test_a_limit_is_set_changed_and_lifted_and_each_ends_the_sign_ins(
    people: Everybody, session: Database, now: datetime
) -> None:
    who, odile = people.administrator.actor, people.coordinator
    elm, oak = site(session, "Elm Street", now), site(session, "Oak Hill", now)
    secret = hash_of(odile.secret)

    def limit(*sites: int) -> bool:
        return limit_role(session, actor=who, person_id=odile.id, role=Role.COORDINATOR, sites=sites, now=now)

    assert not limit()
    assert queries.signed_in(session, secret_hash=secret, now=now) is not None
    assert limit(elm, oak)
    assert queries.signed_in(session, secret_hash=secret, now=now) is None
    assert not limit(oak, elm)
    assert limit(oak)
    assert limits_of(session, odile.id) == {Role.COORDINATOR: {oak}}
    assert limit()
    assert limits_of(session, odile.id) == {}
    told = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "role.limited"))
    assert list(told) == [
        {"role": "coordinator", "sites": f"{elm} {oak}"},
        {"role": "coordinator", "sites": f"{oak}"},
        {"role": "coordinator", "sites": ""},
    ]


def test_a_sign_in_knows_its_limits(people: Everybody, session: Database, now: datetime) -> None:
    session.add(
        RoleSite(person_id=people.coordinator.id, role=Role.COORDINATOR, site_id=site(session, "Elm", now))
    )
    session.flush()
    found = queries.signed_in(session, secret_hash=hash_of(people.coordinator.secret), now=now)
    assert found is not None
    assert found.actor.sites_as(Role.COORDINATOR) == {1}
    assert found.actor.sites_as(Role.FACILITATOR) is None


def test_a_role_that_is_taken_takes_its_limits_along(
    people: Everybody, session: Database, now: datetime
) -> None:
    who, odile, elm = people.administrator.actor, people.coordinator.id, site(session, "Elm", now)
    limit_role(session, actor=who, person_id=odile, role=Role.COORDINATOR, sites=[elm], now=now)
    service.take_role(session, actor=who, person_id=odile, role=Role.COORDINATOR, now=now)
    service.give_role(session, actor=who, person_id=odile, role=Role.COORDINATOR, now=now)
    assert limits_of(session, odile) == {}


def test_administrators_and_members_are_for_all_sites(
    people: Everybody, session: Database, now: datetime
) -> None:
    who, elm = people.administrator.actor, site(session, "Elm", now)
    for person, role in ((people.administrator, Role.ADMINISTRATOR), (people.member, Role.MEMBER)):
        with pytest.raises(Invalid, match="always for all sites"):
            limit_role(session, actor=who, person_id=person.id, role=role, sites=[elm], now=now)


def test_an_unknown_site_and_a_role_not_held_are_refused(
    people: Everybody, session: Database, now: datetime
) -> None:
    who, odile = people.administrator.actor, people.coordinator.id
    with pytest.raises(Invalid, match="Choose from the list"):
        limit_role(session, actor=who, person_id=odile, role=Role.COORDINATOR, sites=[7], now=now)
    for person, role in ((odile, Role.FACILITATOR), (999, Role.COORDINATOR)):
        with pytest.raises(NotFound):
            limit_role(session, actor=who, person_id=person, role=role, sites=[], now=now)


def test_several_limited_roles_reach_what_any_of_them_reaches() -> None:
    limits = frozenset({(Role.COORDINATOR, 1), (Role.REVIEWER, 2)})
    actor = Actor(7, None, frozenset({Role.COORDINATOR, Role.REVIEWER, Role.FACILITATOR}), limits)
    assert actor.reach_as({Role.COORDINATOR}) == {1}
    assert actor.reach_as({Role.COORDINATOR, Role.REVIEWER}) == {1, 2}
    assert actor.reach_as({Role.COORDINATOR, Role.FACILITATOR}) is None
    assert actor.reach_as({Role.ADMINISTRATOR}) == frozenset()
    assert SYSTEM.reach_as({Role.COORDINATOR}) is None
