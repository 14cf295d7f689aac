"""Finding a person, and what they belong to and lead."""

from flask import flash, render_template, request

from scheduler import clock
from scheduler.domain.people.finding import MOST, found_by
from scheduler.domain.people.queries import goes_on_as
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.membership import end_enrollment, enroll
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.person_page import (
    Answer,
    back_to,
    end_form,
    enrollments_of,
    join_form,
    load,
    show,
)
from scheduler.web.coordinator.saying import warn_of_apart, warn_of_members
from scheduler.web.coordinator.telling import told_apart
from scheduler.web.forms import is_part, needed, refusals_on
from scheduler.web.guard import actor, allow, log_read, reach
from scheduler.web.language import gettext


@blueprint.get("/people")
@allow(Role.COORDINATOR)
def people() -> str:
    """Find by the beginnings of names: ``?find=``; who was found is on record as read."""
    typed = request.args.get("find", "")
    found = found_by(db.session(), typed, sight=reach().of_people())
    if found:
        log_read(subject="people", persons=[each.id for each in found])
    template = "coordinator/_found.html" if is_part() else "coordinator/people.html"
    told = told_apart([each.id for each in found])
    return render_template(template, typed=typed, found=found, told=told, most=MOST)


@blueprint.get("/people/<int:person_id>")
@allow(Role.COORDINATOR)
def people_page(person_id: int) -> Answer:
    """One person; the read is on record. A record that goes on as another one leads there."""
    instead = goes_on_as(db.session(), person_id)
    return back_to(instead) if instead is not None else show(load(person_id))


@blueprint.post("/people/<int:person_id>/enrollments")
@allow(Role.COORDINATOR)
def people_enroll(person_id: int) -> Answer:
    """Enroll this member in a series."""
    person = load(person_id)
    form = join_form(person_id)
    if form.validate_on_submit():
        with refusals_on(form, person_id=""):
            with transaction(db.session) as session:
                enrolled = enroll(
                    session,
                    actor=actor(),
                    series_id=int(form.series.data),
                    person_id=person_id,
                    from_date=needed(form.from_date),
                    until_date=form.until_date.data,
                    now=clock.now(),
                )
            flash(gettext("Enrolled."))
            warn_of_members(enrolled.warnings)
            warn_of_apart(enrolled.apart)
            return back_to(person_id)
    return show(person, join=form)


@blueprint.post("/people/<int:person_id>/enrollments/<int:enrollment_id>/end")
@allow(Role.COORDINATOR)
def people_end_enrollment(person_id: int, enrollment_id: int) -> Answer:
    """Set the last day of one of their enrollments."""
    person = load(person_id)
    own = {each.id: each for each in enrollments_of(person_id)}
    if enrollment_id not in own:
        raise NotFound
    form = end_form(own[enrollment_id])
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                end_enrollment(
                    session,
                    actor=actor(),
                    enrollment_id=enrollment_id,
                    revision=form.revision.seen,
                    until_date=needed(form.until_date),
                    now=clock.now(),
                )
            flash(gettext("The last day is saved."))
            return back_to(person_id)
    return show(person, ends={enrollment_id: form})
