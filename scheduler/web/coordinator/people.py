"""Finding a person, and what they belong to and lead."""

from datetime import timedelta
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.enrollment.queries import EnrollmentView, enrollments_of_person
from scheduler.domain.people.finding import MOST, Found, found_by, person_of
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.membership import end_enrollment, enroll
from scheduler.domain.roster.queries import duties_of_person, posts_of_person
from scheduler.domain.schedule.queries import all_series
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator import terms
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.saying import warn_of_members
from scheduler.web.forms import is_part, needed, refusals_on, status_of
from scheduler.web.guard import actor, allow, log_read, reach
from scheduler.web.language import gettext, reader_zone
from scheduler.web.offers import offers

Answer = str | tuple[str, int] | Response

AHEAD = timedelta(weeks=4)
"""How far ahead the duties on a person's page go."""


@blueprint.get("/people")
@allow(Role.COORDINATOR)
def people() -> str:
    """Find by the beginnings of names: ``?find=``; who was found is on record as read."""
    typed = request.args.get("find", "")
    found = found_by(db.session(), typed, sight=reach().of_people())
    if found:
        log_read(subject="people")
    template = "coordinator/_found.html" if is_part() else "coordinator/people.html"
    return render_template(template, typed=typed, found=found, most=MOST)


@blueprint.get("/people/<int:person_id>")
@allow(Role.COORDINATOR)
def people_page(person_id: int) -> Answer:
    """One person; the read is on record."""
    return _page(_load(person_id))


@blueprint.post("/people/<int:person_id>/enrollments")
@allow(Role.COORDINATOR)
def people_enroll(person_id: int) -> Answer:
    """Enroll this member in a series."""
    person = _load(person_id)
    form = _join_form()
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
            return _back(person_id)
    return _page(person, join=form)


@blueprint.post("/people/<int:person_id>/enrollments/<int:enrollment_id>/end")
@allow(Role.COORDINATOR)
def people_end_enrollment(person_id: int, enrollment_id: int) -> Answer:
    """Set the last day of one of their enrollments."""
    person = _load(person_id)
    own = {each.id: each for each in _enrollments(person_id)}
    if enrollment_id not in own:
        raise NotFound
    form = _end_form(own[enrollment_id])
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
            return _back(person_id)
    return _page(person, ends={enrollment_id: form})


def _load(person_id: int) -> Found:
    person = person_of(db.session(), person_id, sight=reach().of_people())
    if person is None:
        raise NotFound
    return person


def _enrollments(person_id: int) -> tuple[EnrollmentView, ...]:
    private, within = reach().of_people().private, reach().of_series()
    return enrollments_of_person(db.session(), person_id, private=private, within=within)


def _join_form() -> terms.JoinForm:
    now = clock.now()
    form = terms.JoinForm(prefix="join-", data={"from_date": now.astimezone(reader_zone()).date()})
    found = all_series(db.session(), now=now, within=reach().of_series())
    open_ones = [each for each in found if not each.plan.closed]
    titles = {str(each.id): each.plan.title for each in open_ones}
    form.series.choices = offers({"": gettext("Choose"), **titles})
    return form


def _end_form(enrollment: EnrollmentView) -> terms.EndForm:
    return terms.end_form("member", enrollment.id, enrollment.revision, enrollment.until_date)


def _page(
    person: Found, *, join: terms.JoinForm | None = None, ends: dict[int, terms.EndForm] | None = None
) -> Answer:
    session, now = db.session(), clock.now()
    today = now.astimezone(reader_zone()).date()
    log_read(subject="person", subject_id=person.id, person_id=person.id)
    enrollments = _enrollments(person.id)
    for each in enrollments:
        if ends and each.id in ends and ends[each.id].conflict is not None:
            ends[each.id].revision.data = str(each.revision)
    duties = duties_of_person(session, person.id, now, now + AHEAD, within=reach().of_occurrences())
    sent = [form for form in (join, *(ends or {}).values()) if form is not None]
    page = render_template(
        "coordinator/person.html",
        person=person,
        today=today,
        enrollments=[(each, (ends or {}).get(each.id) or _end_form(each)) for each in enrollments],
        posts=posts_of_person(session, person.id, on=today, within=reach().of_series()),
        duties=[(day, list(found)) for day, found in groupby(duties, lambda duty: duty.local_start.date())],
        join=join or _join_form(),
        sent=sent[0] if sent else None,
    )
    return page, status_of(sent[0]) if sent else 200


def _back(person_id: int) -> Response:
    return redirect(url_for("coordinator.people_page", person_id=person_id), code=303)
