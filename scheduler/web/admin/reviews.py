"""Spans of days that a reviewer may read, on their page."""

from datetime import date

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy import reviews
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.admin import person as page
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.admin.forms import ReviewForm
from scheduler.web.forms import needed, refusals_on
from scheduler.web.language import gettext as _
from scheduler.web.language import reader_zone


@blueprint.post("/people/<int:person_id>/reviews")
@guard.allow(Role.ADMINISTRATOR)
def make_review(person_id: int) -> page.Answer:
    """Let this reviewer read a span of days until a date."""
    page.known(person_id)
    form = ReviewForm(prefix="review-")
    if form.validate_on_submit():
        with refusals_on(form, person_id=""):
            with transaction(db.session) as session:
                reviews.make_review(
                    session,
                    actor=guard.actor(),
                    person_id=person_id,
                    span_from=needed(form.span_from),
                    span_until=needed(form.span_until),
                    access_until=needed(form.access_until),
                    today=_today(),
                    now=clock.now(),
                )
            flash(_("They can read it once they accept the undertaking."))
            return redirect(url_for("admin.person", person_id=person_id), code=303)
    return page.shown(person_id, review=form)


@blueprint.post("/people/<int:person_id>/reviews/<int:review_id>/end")
@guard.allow(Role.ADMINISTRATOR)
def end_review(person_id: int, review_id: int) -> Response:
    """Nobody reads it any more."""
    with transaction(db.session) as session:
        reviews.end_review(
            session, actor=guard.actor(), person_id=person_id, review_id=review_id, now=clock.now()
        )
    flash(_("The review is over."))
    return redirect(url_for("admin.person", person_id=person_id), code=303)


def _today() -> date:
    return clock.now().astimezone(reader_zone()).date()
