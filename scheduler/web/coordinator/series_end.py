"""Ending a series."""

from flask import flash

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.ending import end_series
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator import terms
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.series_page import Answer, back_to, load, show
from scheduler.web.forms import needed, refusals_on
from scheduler.web.guard import actor, allow
from scheduler.web.language import gettext


@blueprint.post("/series/<int:series_id>/end")
@allow(Role.COORDINATOR)
def series_end(series_id: int) -> Answer:
    """Let nothing take place after a day."""
    series = load(series_id)
    form = terms.end_form("series", series.id, series.revision, None)
    if form.validate_on_submit():
        with refusals_on(form, last="until_date"):
            with transaction(db.session) as session:
                end_series(
                    session,
                    actor=actor(),
                    series_id=series_id,
                    revision=form.revision.seen,
                    last=needed(form.until_date),
                    now=clock.now(),
                )
            flash(gettext("%(title)s ends.", title=series.plan.title))
            return back_to(series_id, "end")
    return show(load(series_id), end=form)
