"""All series: those that still meet, and those that ended."""

from flask import render_template, request

from scheduler import clock
from scheduler.domain.people.names import clean, search_name
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.planned import Belonging
from scheduler.domain.planning.queries import belonging
from scheduler.domain.schedule.queries import SeriesView, all_series
from scheduler.extensions import db
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.guard import allow, reach
from scheduler.web.language import reader_zone
from scheduler.web.rule_words import rule_in_words


@blueprint.get("/series")
@allow(Role.COORDINATOR)
def series() -> str:
    """The list; ``?ended=1`` shows those that do not meet any more, ``?find=`` those with it in the title."""
    session, now = db.session(), clock.now()
    ended, typed = request.args.get("ended") == "1", clean(request.args.get("find", ""))
    wanted = search_name(typed)
    within = reach().of_series()
    found = [
        each
        for each in all_series(session, now=now, ended=ended, within=within)
        if wanted in search_name(each.plan.title)
    ]
    people = belonging(session, on=now.astimezone(reader_zone()).date())
    rows = [(each, words_of(each), people.get(each.id, Belonging())) for each in found]
    return render_template("coordinator/series.html", rows=rows, ended=ended, typed=typed)


def words_of(series: SeriesView) -> str:
    """When a series meets, as a sentence."""
    plan = series.plan
    return rule_in_words(plan.rule, plan.first_start, plan.minutes)
