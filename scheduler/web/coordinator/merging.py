"""A coordinator joins two records of one member."""

from collections.abc import Sequence

from scheduler.domain.people.finding import Found, found_by
from scheduler.domain.people.roles import Role
from scheduler.extensions import db
from scheduler.web.coordinator import joining
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.person_page import load
from scheduler.web.guard import allow, reach


@blueprint.route("/people/<int:person_id>/merge", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def merge(person_id: int) -> joining.Answer:
    """Find the other record, see what joining does, join."""
    return joining.page(joining.Audience("coordinator", "coordinator.people_page", load, _find), person_id)


def _find(typed: str) -> Sequence[Found]:
    return found_by(db.session(), typed, sight=reach().of_people())
