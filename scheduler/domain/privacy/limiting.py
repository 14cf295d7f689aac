"""Roles that are for some sites only."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Person, PersonRole, RoleSite
from scheduler.domain.people.roles import LIMITABLE, Actor, Role
from scheduler.domain.people.service import end_sign_ins
from scheduler.domain.places.models import Site
from scheduler.errors import Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.ledger import Ended, remember
from scheduler.store.locks import lock


def limit_role(
    session: Database, *, actor: Actor, person_id: int, role: Role, sites: Collection[int], now: datetime
) -> bool:
    """Let a role of a person be for these sites only; none of them: for all. False where it is so already.

    A change ends the person's sign-ins, so that it holds at once. Raises NotFound for nobody and for a role
    that the person has not, Invalid on ``sites`` for an unknown site and for a role that is always for all.
    """
    lock(session, persons=[person_id])
    person = session.get(Person, person_id, populate_existing=True)
    if person is None or session.get(PersonRole, (person_id, role.value)) is None:
        raise NotFound
    wanted = frozenset(sites)
    if wanted and role not in LIMITABLE:
        raise Invalid("This role is always for all sites.", field="sites")
    if wanted != frozenset(session.scalars(select(Site.id).where(Site.id.in_(wanted)))):
        raise Invalid("Choose from the list.", field="sites")
    mine = (RoleSite.person_id == person_id, RoleSite.role == role)
    if wanted == frozenset(session.scalars(select(RoleSite.site_id).where(*mine))):
        return False
    session.execute(delete(RoleSite).where(*mine))
    session.add_all(RoleSite(person_id=person_id, role=role.value, site_id=each) for each in sorted(wanted))
    person.revision += 1
    end_sign_ins(session, person_id=person_id, now=now)
    key = f"{role}:{','.join(map(str, sorted(wanted)))}"
    remember(session, what=Ended.ROLE_LIMITED, person_id=person_id, key=key, now=now)
    record(
        session,
        at=now,
        actor=actor,
        action="role.limited",
        subject="person",
        subject_id=person_id,
        person_id=person_id,
        detail={"role": role, "sites": " ".join(map(str, sorted(wanted)))},
    )
    return True


def limits_of(session: Database, person_id: int) -> dict[Role, frozenset[int]]:
    """The sites that each limited role of a person is for. One statement."""
    found: dict[Role, frozenset[int]] = {}
    query = select(RoleSite.role, RoleSite.site_id).where(RoleSite.person_id == person_id)
    for role, site_id in session.execute(query):
        found[Role(role)] = found.get(Role(role), frozenset()) | {site_id}
    return found
