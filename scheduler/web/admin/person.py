"""One person: roles, invitation, and letting them in again."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import linking, second_step
from scheduler.domain.access.queries import second_step_of
from scheduler.domain.people import service
from scheduler.domain.people.queries import PersonPage, person_page
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.reviews import reviews_of
from scheduler.errors import NotFound, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.admin.forms import OPENS, ReviewForm
from scheduler.web.admin.limits import limits
from scheduler.web.language import gettext as _
from scheduler.web.words import ROLES

Answer = Response | tuple[str, int]


def known(person_id: int) -> PersonPage:
    """The person with this id. Raises :class:`NotFound`."""
    found = person_page(db.session(), person_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/people/<int:person_id>")
@guard.allow(Role.ADMINISTRATOR)
def person(person_id: int) -> Answer:
    """Who this is, and what they may do here; a record that goes on as another one leads there."""
    found = known(person_id)
    if found.merged_into is not None:
        return redirect(url_for("admin.person", person_id=found.merged_into), code=303)
    return shown(person_id)


@blueprint.post("/people/<int:person_id>/roles")
@guard.allow(Role.ADMINISTRATOR)
def change_role(person_id: int) -> Answer:
    """Give or take a role; the person's sign-ins end, so that it holds at once."""
    role, how = request.form.get("role", ""), request.form.get("how", "")
    if role not in set(Role) or how not in {"give", "take"}:
        abort(400)
    verb = service.give_role if how == "give" else service.take_role
    try:
        with transaction(db.session) as session:
            verb(session, actor=guard.actor(), person_id=person_id, role=Role(role), now=clock.now())
    except Refused as refusal:
        return shown(person_id, refusal=str(refusal))
    flash(_("The roles are changed. They sign in again to use them."))
    return redirect(url_for("admin.person", person_id=person_id), code=303)


@blueprint.post("/people/<int:person_id>/invite")
@guard.allow(Role.ADMINISTRATOR)
def invite(person_id: int) -> Answer:
    """Send an invitation again; it ends the one before."""
    try:
        with transaction(db.session) as session:
            linking.invite(session, actor=guard.actor(), person_id=person_id, now=clock.now())
    except Refused as refusal:
        return shown(person_id, refusal=str(refusal))
    flash(_("The invitation is on its way."))
    return redirect(url_for("admin.person", person_id=person_id), code=303)


@blueprint.post("/people/<int:person_id>/enable")
@guard.allow(Role.ADMINISTRATOR)
def enable(person_id: int) -> Answer:
    """Let a disabled person sign in again."""
    with transaction(db.session) as session:
        service.enable(session, actor=guard.actor(), person_id=person_id, now=clock.now())
    flash(_("They can sign in again."))
    return redirect(url_for("admin.person", person_id=person_id), code=303)


@blueprint.post("/people/<int:person_id>/reset-second-step")
@guard.allow(Role.ADMINISTRATOR)
def reset_second_step(person_id: int) -> Answer:
    """Take somebody's app, printed codes and passkeys, who lost them; their sign-ins end."""
    with transaction(db.session) as session:
        second_step.reset(session, actor=guard.actor(), person_id=person_id, now=clock.now())
    flash(_("Their second step is gone. They set up another when they sign in."))
    return redirect(url_for("admin.person", person_id=person_id), code=303)


def shown(person_id: int, *, refusal: str = "", review: ReviewForm | None = None) -> tuple[str, int]:
    """The page about a person, with what was refused. The read is put on record."""
    found = known(person_id)
    guard.log_read(subject="person", subject_id=person_id, person_id=person_id)
    page = render_template(
        "admin/person.html",
        person=found,
        refusal=refusal and _(refusal),
        role_words=ROLES,
        opens=OPENS,
        limits=limits(person_id, found.roles),
        has=second_step_of(db.session(), person_id),
        reviews=reviews_of(db.session(), person_id) if Role.REVIEWER in found.roles else (),
        review=review or ReviewForm(prefix="review-", formdata=None),
    )
    return page, 422 if refusal or review else 200
