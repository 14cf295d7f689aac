"""How the calendars of all are doing, without saying whose they are."""

from flask import render_template

from scheduler import clock
from scheduler.domain.calendars.missing import missing, numbers_of
from scheduler.domain.people.roles import Role
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.words import KINDS


@blueprint.get("/calendars")
@guard.allow(Role.ADMINISTRATOR)
def calendars() -> str:
    """How many are on and looked at, and the sessions that could not be written into some of them."""
    session = db.session()
    return render_template(
        "admin/calendars.html",
        numbers=numbers_of(session, now=clock.now()),
        missing=missing(session),
        kind_words=KINDS,
        may_mend=guard.actor().has(Role.COORDINATOR),
    )
