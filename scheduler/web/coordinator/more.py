"""What a phone has no room for at the thumb, as a page."""

from flask import render_template

from scheduler.domain.people.roles import Role
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.guard import allow


@blueprint.get("/more")
@allow(Role.COORDINATOR)
def more() -> str:
    """What the nav of a desk shows itself, and what stands in the bars of its pages."""
    return render_template("coordinator/more.html")
