"""An administrator joins two records of one human."""

from collections.abc import Sequence

from scheduler.domain.people.queries import PersonPage, people
from scheduler.domain.people.roles import Role
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.admin.person import known
from scheduler.web.coordinator import joining

FOUND = 20
"""Records offered at a time."""


@blueprint.route("/people/<int:person_id>/merge", methods=["GET", "POST"])
@guard.allow(Role.ADMINISTRATOR)
def merge(person_id: int) -> joining.Answer:
    """Find the other record, see what joining does, join."""
    return joining.page(joining.Audience("admin", "admin.person", _load, _find), person_id)


def _load(person_id: int) -> PersonPage:
    found = known(person_id)
    if found.is_gone:
        raise NotFound
    return found


def _find(typed: str) -> Sequence[PersonPage]:
    return people(db.session(), typed=typed, limit=FOUND, skip=0).shown
