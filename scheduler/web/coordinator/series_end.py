"""Ending a series: what follows is shown first."""

from sqlalchemy.orm import Session as Database

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.ending import Ended, end_series
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator import terms
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.follows import follows_of_end
from scheduler.web.coordinator.plan_undo import say_done
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.coordinator.series_page import Answer, back_to, load, show
from scheduler.web.display import day
from scheduler.web.forms import needed, refusals_on
from scheduler.web.guard import actor, allow
from scheduler.web.language import gettext


@blueprint.post("/series/<int:series_id>/end")
@allow(Role.COORDINATOR)
def series_end(series_id: int) -> Answer:
    """Let nothing take place after a day, once what follows was seen; a toast takes it back."""
    series = load(series_id)
    form = terms.end_series_form(series.id, series.revision, None)
    if form.validate_on_submit():
        with refusals_on(form, last="until_date"):
            with rehearsal(db.session) as session:
                follows = follows_of_end(_end(session, series_id, form))
                form.follows = tuple(each.text for each in follows)
            if not form.was_shown():
                return show(series, end=form, follows=follows)
            with transaction(db.session) as session:
                ended = _end(session, series_id, form)
            last = needed(form.until_date)
            text = gettext("%(title)s ends on %(day)s.", title=series.plan.title, day=day(last))
            say_done(text, ended.change_id)
            return back_to(series_id, "end")
    return show(load(series_id), end=form)


def _end(session: Database, series_id: int, form: terms.EndSeriesForm) -> Ended:
    return end_series(
        session,
        actor=actor(),
        series_id=series_id,
        revision=form.revision.seen,
        last=needed(form.until_date),
        now=clock.now(),
    )
