"""Pairs kept apart: made and lifted on a person's page."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.apart import keep_apart, lift_apart
from scheduler.domain.planning.reach import Kind
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator import person_page
from scheduler.web.coordinator.apart_part import apart_form
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.forms import refusals_on
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import gettext
from scheduler.web.numbers import whole


@blueprint.post("/people/<int:person_id>/apart")
@allow(Role.COORDINATOR)
def people_keep_apart(person_id: int) -> person_page.Answer:
    """Keep two people apart; the plan stays as it is, and warns from now on."""
    person = person_page.load(person_id)
    form = apart_form(person, request.form.get("apart-find", ""))
    if form.validate_on_submit():
        with refusals_on(form, other_id="person"):
            with transaction(db.session) as session:
                keep_apart(
                    session,
                    actor=actor(),
                    person_id=person_id,
                    other_id=int(form.person.data),
                    now=clock.now(),
                )
            flash(gettext("They are kept apart. Planning warns you."))
            return _back(person_id)
    return person_page.show(person, apart=form)


@blueprint.post("/people/<int:person_id>/apart/lift")
@allow(Role.COORDINATOR)
def people_lift_apart(person_id: int) -> Response:
    """They may meet again."""
    person_page.load(person_id)
    other = whole(request.form.get("other"))
    if other is None or not reach().holds(db.session(), Kind.PERSON, other):
        raise NotFound
    with transaction(db.session) as session:
        lift_apart(session, actor=actor(), person_id=person_id, other_id=other, now=clock.now())
    flash(gettext("They may meet again."))
    return _back(person_id)


def _back(person_id: int) -> Response:
    return redirect(url_for("coordinator.people_page", person_id=person_id, _anchor="apart"), code=303)
