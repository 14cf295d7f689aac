"""What is said once a change is saved."""

from collections.abc import Collection

from flask import flash

from scheduler.domain.people.service import TAKEN
from scheduler.domain.places.queries import room
from scheduler.domain.planning.apart import Apart
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.plans import Plan
from scheduler.extensions import db
from scheduler.web.forms import Form
from scheduler.web.guard import log_read, reach
from scheduler.web.language import gettext, ngettext


def warn_of_members(warnings: Collection[Clash]) -> None:
    """Say how many members have something else then; it stopped nothing."""
    members = {clash.held for clash in warnings}
    if members:
        flash(
            ngettext(
                "%(num)d member has something else at that time.",
                "%(num)d members have something else at that time.",
                len(members),
            )
        )


def hide_owner(form: Form, name: str = "email") -> None:
    """To whoever is limited to sites, an address that somebody has is one that cannot be used.

    Its owner may be of another site, and that they are here at all is not to be learned by typing it.
    """
    if reach().sites is None:
        return
    taken, hidden = gettext(TAKEN), gettext("This e-mail address cannot be used. Ask an administrator.")
    form[name].errors = [hidden if each == taken else each for each in form[name].errors]


def warn_of_apart(apart: Collection[Apart]) -> None:
    """Say who would meet though they are kept apart; it stopped nothing, and why is not told."""
    both = ((pair.person_id, pair.name) for pair in apart), ((pair.other_id, pair.other) for pair in apart)
    if named := {number for pairs in both for number, name in pairs if name}:
        log_read(subject="people", persons=named)
    for pair in apart:
        one, other = pair.name or gettext("Somebody"), pair.other or gettext("somebody")
        flash(gettext("%(one)s and %(other)s are kept apart, and would meet here.", one=one, other=other))


def small_room(plan: Plan) -> str:
    """A word where a series has more places than its room holds, else nothing. It stops nothing."""
    if plan.room_id is None or plan.capacity is None:
        return ""
    found = room(db.session(), plan.room_id)
    if found is None or found.capacity is None or plan.capacity <= found.capacity:
        return ""
    return gettext(
        "%(room)s holds %(holds)d, and there are %(places)d places.",
        room=found.full_name,
        holds=found.capacity,
        places=plan.capacity,
    )


def warn_of_room(plan: Plan) -> None:
    """Say the same once it is saved."""
    if said := small_room(plan):
        flash(said)
