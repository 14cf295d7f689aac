"""Roles for some sites only."""

from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import LIMITABLE, Role
from scheduler.domain.places.queries import SiteView, sites
from scheduler.domain.privacy.limiting import limit_role, limits_of
from scheduler.errors import Invalid
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.language import gettext as _
from scheduler.web.numbers import whole


@dataclass(frozen=True, slots=True)
class Limit:
    """The sites that a role of somebody may be for, and those that it is for (none: all)."""

    sites: tuple[SiteView, ...]
    chosen: frozenset[int]

    @property
    def words(self) -> str:
        """ "Elm Street, Oak Hill", or that there is no limit."""
        names = [site.name for site in self.sites if site.id in self.chosen]
        return ", ".join(names) or _("All sites")


@blueprint.post("/people/<int:person_id>/roles/sites")
@guard.allow(Role.ADMINISTRATOR)
def limit(person_id: int) -> Response:
    """Let a role be for some sites only, or for all again; a change ends the person's sign-ins."""
    role, chosen = request.form.get("role", ""), chosen_sites()
    if role not in set(Role):
        abort(400)
    try:
        with transaction(db.session) as session:
            limit_role(
                session,
                actor=guard.actor(),
                person_id=person_id,
                role=Role(role),
                sites=chosen,
                now=clock.now(),
            )
    except Invalid:
        abort(400)  # the page offers no such role and no such site
    flash(_("The sites are saved. They sign in again to use them."))
    return redirect(url_for("admin.person", person_id=person_id), code=303)


def chosen_sites() -> set[int]:
    """The sites that were ticked; what is no number is answered with 400."""
    chosen = {whole(each) for each in request.form.getlist("sites")}
    if None in chosen:
        abort(400)
    return {number for number in chosen if number is not None}


def limits(person_id: int) -> dict[Role, Limit]:
    """What the page shows for each of the roles that may have a limit, given or not."""
    session = db.session()
    offered, chosen = sites(session), limits_of(session, person_id)
    return {role: Limit(offered, chosen.get(role, frozenset())) for role in LIMITABLE}
