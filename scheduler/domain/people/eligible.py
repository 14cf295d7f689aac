"""May this person take this part?"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Person, PersonRole
from scheduler.domain.people.roles import Role
from scheduler.errors import Invalid

_NOT_ABLE = {
    Role.MEMBER: "Choose somebody who is a member.",
    Role.FACILITATOR: "Choose somebody who is a facilitator.",
}


def require_role(
    session: Database, persons: Collection[int], role: Role, *others: Role, field: str = "person_id"
) -> None:
    """Raises Invalid on `field` unless all of them exist, are not disabled and have the role, or an other.

    One statement, or none for nobody.
    """
    if those_with_role(session, persons, role, *others) != set(persons):
        raise Invalid(_NOT_ABLE.get(role, "This person may not do that."), field=field)


def those_with_role(session: Database, persons: Collection[int], *roles: Role) -> set[int]:
    """Those who exist, are not disabled and have one of the roles. One statement, or none for nobody."""
    if not persons:
        return set()
    query = (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.id.in_(persons), Person.disabled_at.is_(None), PersonRole.role.in_(roles))
    )
    return set(session.scalars(query))
