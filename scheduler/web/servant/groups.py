"""My groups, and the next count."""

from datetime import timedelta

from flask import render_template

from scheduler import clock
from scheduler.domain.attendance.agenda import agenda_of
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.mutual_help.queries import groups_of
from scheduler.domain.people.roles import Role
from scheduler.domain.roster.positions import SERVANTS
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.facilitator.today import waits_of_mine
from scheduler.web.servant.blueprint import blueprint
from scheduler.web.sheet_locks import locks

SOON = timedelta(days=8)


@blueprint.get("/groups")
@guard.allow(Role.TRUSTED_SERVANT)
def groups() -> str:
    """The next count first, what is owed below it, then the groups."""
    session, who, now = db.session(), guard.actor(), clock.now()
    led = led_by(session, who.person_id or 0, now - locks() - timedelta(days=1), now + SOON)
    counts = [one for one in led if one.is_by_heads and one.position in SERVANTS]
    return render_template(
        "servant/groups.html",
        agenda=agenda_of(counts, now, locks()),
        groups=groups_of(session, who, now=now),
        now=now,
        waits=waits_of_mine(),
    )
