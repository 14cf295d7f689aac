"""One person: roles, invitation, and letting them in again."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import channels, linking, second_step
from scheduler.domain.access.queries import channels_of, second_step_of
from scheduler.domain.attendance.devices import devices_of, end
from scheduler.domain.people import service
from scheduler.domain.people.queries import PersonPage, person_page
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.limiting import limit_role
from scheduler.domain.privacy.reviews import reviews_of
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.admin.forms import OPENS, AddressForm, ReviewForm
from scheduler.web.admin.limits import chosen_sites, limits
from scheduler.web.credential_pages import Sent, credential_part, offer
from scheduler.web.forms import refusals_on, status_of
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
    """Give a role, for some sites only where these are ticked, or take it; the person's sign-ins end."""
    role, how = request.form.get("role", ""), request.form.get("how", "")
    if role not in set(Role) or how not in {"give", "take"}:
        abort(400)
    try:
        (_give if how == "give" else _take)(person_id, Role(role))
    except Refused as refusal:
        return shown(person_id, refusal=str(refusal))
    except Invalid:
        abort(400)  # the page offers no such site, and none for a role that is for all
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


@blueprint.post("/people/<int:person_id>/email")
@guard.allow(Role.ADMINISTRATOR)
def give_email(person_id: int) -> Answer:
    """Give an address to somebody without a confirmed one, and send an invitation there."""
    known(person_id)
    form = AddressForm()
    if form.validate_on_submit():
        with refusals_on(form), transaction(db.session) as session:
            who, now = guard.actor(), clock.now()
            email = form.email.data or ""
            channels.give_email(session, actor=who, person_id=person_id, email=email, now=now)
            linking.invite(session, actor=who, person_id=person_id, now=now)
        if not form.errors:
            flash(_("The invitation is on its way."))
            return redirect(url_for("admin.person", person_id=person_id), code=303)
    return shown(person_id, address=form)


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


@blueprint.post("/people/<int:person_id>/devices/<int:device_id>/end")
@guard.allow(Role.ADMINISTRATOR)
def end_device(person_id: int, device_id: int) -> Answer:
    """End a device of theirs that keeps sheets."""
    with transaction(db.session) as session:
        end(session, actor=guard.actor(), person_id=person_id, device_id=device_id, now=clock.now())
    flash(_("It is ended and signed out. It gets no more names."))
    return redirect(url_for("admin.person", person_id=person_id), code=303)


def _give(person_id: int, role: Role) -> None:
    """In one transaction: nobody reaches all sites in between."""
    only, who, now = chosen_sites(), guard.actor(), clock.now()
    with transaction(db.session) as session:
        service.give_role(session, actor=who, person_id=person_id, role=role, now=now)
        if only:
            limit_role(session, actor=who, person_id=person_id, role=role, sites=only, now=now)


def _take(person_id: int, role: Role) -> None:
    with transaction(db.session) as session:
        service.take_role(session, actor=guard.actor(), person_id=person_id, role=role, now=clock.now())


def shown(
    person_id: int,
    *,
    refusal: str = "",
    review: ReviewForm | None = None,
    address: AddressForm | None = None,
    credential: Sent | None = None,
) -> tuple[str, int]:
    """The page about a person, with what was refused. The read is put on record."""
    found = known(person_id)
    guard.log_read(subject="person", subject_id=person_id, person_id=person_id)
    page = render_template(
        "admin/person.html",
        person=found,
        refusal=refusal and _(refusal),
        role_words=ROLES,
        opens=OPENS,
        limits=limits(person_id),
        has=second_step_of(db.session(), person_id),
        devices=devices_of(db.session(), person_id),
        reviews=reviews_of(db.session(), person_id) if Role.REVIEWER in found.roles else (),
        review=review or ReviewForm(prefix="review-", formdata=None),
        reached=channels_of(db.session(), person_id),
        address=address or AddressForm(formdata=None, email=found.email),
        credentials=credential_part(person_id, "admin.credentials", credential),
        noted=credential.form if credential else None,
    )
    if credential is not None:
        return page, status_of(credential.form)
    return page, 422 if refusal or review or address else 200


def _credentials(person_id: int, sent: Sent | None) -> Answer | str:
    known(person_id)
    return shown(person_id, credential=sent) if sent else ""


offer(blueprint, Role.ADMINISTRATOR, "admin.person", _credentials)
