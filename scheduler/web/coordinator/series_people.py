"""Posts and enrollments of a series: given, made, ended."""

from flask import flash, request

from scheduler import clock
from scheduler.domain.enrollment.queries import EnrollmentView, enrollments_of_series
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.leading import end_post, give_post
from scheduler.domain.planning.membership import end_enrollment, enroll
from scheduler.domain.roster.positions import Position
from scheduler.domain.roster.queries import PostView, posts_of_series
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator import terms
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.saying import warn_of_apart, warn_of_members
from scheduler.web.coordinator.series_page import Answer, back_to, enroll_form_of, load, show, today_in
from scheduler.web.forms import needed, refusals_on
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import gettext


@blueprint.post("/series/<int:series_id>/posts")
@allow(Role.COORDINATOR)
def series_give_post(series_id: int) -> Answer:
    """Give a facilitator a position."""
    series = load(series_id)
    leads = holders_of(db.session(), Role.FACILITATOR, sight=reach().of_people())
    form = terms.post_form(leads, today_in(series))
    if form.validate_on_submit():
        with refusals_on(form, person_id="person", override="override_reason"):
            with transaction(db.session) as session:
                posted = give_post(
                    session,
                    actor=actor(),
                    series_id=series_id,
                    person_id=int(form.person.data),
                    position=Position(form.position.data),
                    from_date=needed(form.from_date),
                    until_date=form.until_date.data,
                    override=form.override_reason.data or "",
                    now=clock.now(),
                )
            flash(gettext("The post is given."))
            warn_of_members(posted.warnings)
            warn_of_apart(posted.apart)
            return back_to(series_id, "posts")
    return show(load(series_id), post=form)


@blueprint.post("/series/<int:series_id>/posts/<int:post_id>/end")
@allow(Role.COORDINATOR)
def series_end_post(series_id: int, post_id: int) -> Answer:
    """Set the last day of a post."""
    posts = posts_of_series(db.session(), load(series_id).id)
    form = _end_form("post", next((post for post in posts if post.id == post_id), None))
    if form.validate_on_submit():
        with refusals_on(form, override="override_reason"):
            with transaction(db.session) as session:
                end_post(
                    session,
                    actor=actor(),
                    post_id=post_id,
                    revision=form.revision.seen,
                    until_date=form.until_date.data,
                    override=form.override_reason.data or "",
                    now=clock.now(),
                )
            flash(gettext("The last day is saved."))
            return back_to(series_id, "posts")
    return show(load(series_id), ends={f"post{post_id}": form})


@blueprint.post("/series/<int:series_id>/enrollments")
@allow(Role.COORDINATOR)
def series_enroll(series_id: int) -> Answer:
    """Enroll a member who was found."""
    series = load(series_id)
    form = enroll_form_of(series, request.form.get("enroll-find", ""))
    if form.validate_on_submit():
        with refusals_on(form, person_id="person"):
            with transaction(db.session) as session:
                enrolled = enroll(
                    session,
                    actor=actor(),
                    series_id=series_id,
                    person_id=int(form.person.data),
                    from_date=needed(form.from_date),
                    until_date=form.until_date.data,
                    now=clock.now(),
                )
            flash(gettext("Enrolled."))
            warn_of_members(enrolled.warnings)
            warn_of_apart(enrolled.apart)
            return back_to(series_id, "members")
    return show(load(series_id), enroll=form)


@blueprint.post("/series/<int:series_id>/enrollments/<int:enrollment_id>/end")
@allow(Role.COORDINATOR)
def series_end_enrollment(series_id: int, enrollment_id: int) -> Answer:
    """Set the last day of an enrollment."""
    private = reach().of_people().private
    members = enrollments_of_series(db.session(), load(series_id).id, private=private)
    found = (each for each in members if each.id == enrollment_id and not each.is_private)
    form = _end_form("member", next(found, None))
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                end_enrollment(
                    session,
                    actor=actor(),
                    enrollment_id=enrollment_id,
                    revision=form.revision.seen,
                    until_date=form.until_date.data,
                    now=clock.now(),
                )
            flash(gettext("The last day is saved."))
            return back_to(series_id, "members")
    return show(load(series_id), ends={f"member{enrollment_id}": form})


def _end_form(name: str, term: PostView | EnrollmentView | None) -> terms.EndForm:
    if term is None:
        raise NotFound
    return terms.end_form(name, term.id, term.revision, term.until_date)
