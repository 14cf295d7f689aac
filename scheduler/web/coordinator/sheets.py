"""Sheets that were not submitted by the next morning."""

from flask import render_template, request

from scheduler import clock
from scheduler.domain.attendance.owed import Owed, owed_sheets
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import sites
from scheduler.extensions import db
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.guard import actor, allow, reach
from scheduler.web.numbers import whole
from scheduler.web.sheet_locks import locks


@blueprint.get("/sheets")
@allow(Role.COORDINATOR)
def sheets() -> str:
    """Those within reach, what locks first before the rest; `?site=` chooses those of a site."""
    here, chosen = sites(db.session(), within=reach().of_sites()), whole(request.args.get("site"))
    return render_template(
        "coordinator/sheets.html", owed=owed_here(chosen), sites=here, site=chosen, now=clock.now()
    )


def owed_here(site_id: int | None = None) -> tuple[Owed, ...]:
    """What is asked for, for who looks. One statement."""
    return owed_sheets(db.session(), actor=actor(), now=clock.now(), site_id=site_id, locks=locks())
