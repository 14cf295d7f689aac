"""My reviews, the undertaking, and the sessions of a span."""

from datetime import date
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.reviews import ReviewView, accept, review_of, reviewed_sessions, reviews_of
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.language import gettext, reader_zone
from scheduler.web.numbers import page_of
from scheduler.web.reviewer.blueprint import blueprint

PAGE: Final = 50
"""Sessions on a page."""


@blueprint.get("/reviews")
@guard.allow(Role.REVIEWER)
def reviews() -> str:
    """What one may read, and until when."""
    mine = reviews_of(db.session(), guard.actor().person_id or 0)
    return render_template("reviewer/reviews.html", reviews=[each for each in mine if each.is_open(today())])


@blueprint.get("/reviews/<int:review_id>")
@guard.allow(Role.REVIEWER)
def review(review_id: int) -> str:
    """The undertaking first; once it is accepted, the sessions of the span."""
    found = open_review(review_id)
    if found.accepted_at is None:
        return render_template("reviewer/undertaking.html", review=found)
    page = _page()
    sessions = reviewed_sessions(
        db.session(),
        actor=guard.actor(),
        review_id=review_id,
        today=today(),
        limit=PAGE,
        skip=(page - 1) * PAGE,
    )
    pages = max(1, -(-sessions.total // PAGE))
    return render_template("reviewer/review.html", review=found, sessions=sessions, page=page, pages=pages)


@blueprint.post("/reviews/<int:review_id>/accept")
@guard.allow(Role.REVIEWER)
def accept_undertaking(review_id: int) -> Response:
    """Accept the undertaking; it is on record."""
    with transaction(db.session) as session:
        accept(session, actor=guard.actor(), review_id=review_id, today=today(), now=clock.now())
    flash(gettext("Your undertaking is recorded."))
    return redirect(url_for("reviewer.review", review_id=review_id), code=303)


def open_review(review_id: int) -> ReviewView:
    """One's own review while it is open. Raises NotFound."""
    return review_of(db.session(), actor=guard.actor(), review_id=review_id, today=today())


def today() -> date:
    """Today, where the center is."""
    return clock.now().astimezone(reader_zone()).date()


def _page() -> int:
    return page_of(request.args.get("page"))
