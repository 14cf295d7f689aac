"""Whose member side is not the viewer's business: the rule of ``people.policy``, as a query."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased

from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import STAFF, Actor, Role
from scheduler.domain.stays.models import Stay


def latest_stay(person: Any) -> ColumnElement[bool]:
    """The condition that a ``Stay`` is the one of ``person`` that began last."""
    later = aliased(Stay)
    is_later = (later.admitted_on > Stay.admitted_on) | (
        (later.admitted_on == Stay.admitted_on) & (later.id > Stay.id)
    )
    newer = exists().where(later.person_id == Stay.person_id, is_later).correlate(Stay)
    condition: ColumnElement[bool] = (Stay.person_id == person) & ~newer
    return condition


def private_members(viewer: Actor) -> Select[int] | None:
    """The members who are colleagues, and whose member side this viewer must not see; none: nobody's.

    Pages leave out who is in it, or say only that a place is taken. Who leads a session is judged by its
    sheet, which needs no stay.
    """
    if viewer.person_id is None:
        return None
    staff = select(PersonRole.person_id).where(PersonRole.role.in_([role.value for role in STAFF]))
    near = (
        exists()
        .where(latest_stay(PersonRole.person_id))
        .where(or_(Stay.counselor_id == viewer.person_id, Stay.kept_by == viewer.person_id))
        .correlate(PersonRole)
    )
    return select(PersonRole.person_id).where(
        PersonRole.role == Role.MEMBER.value,
        PersonRole.person_id != viewer.person_id,
        PersonRole.person_id.in_(staff),
        ~near,
    )


def not_private(viewer: Actor, person: Any) -> ColumnElement[bool] | None:
    """The condition that the member side of ``person`` (a column) is this viewer's business; none: always."""
    hidden = private_members(viewer)
    if hidden is None:
        return None
    condition: ColumnElement[bool] = person.not_in(hidden)
    return condition
