"""All series: those that still meet, and those that ended."""

from datetime import date

from flask import render_template, request

from scheduler import clock
from scheduler.domain.people.names import clean, search_name
from scheduler.domain.people.roles import Role
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.planned import Belonging
from scheduler.domain.planning.queries import belonging
from scheduler.domain.schedule.exceptions import to_come_of
from scheduler.domain.schedule.queries import SeriesView, all_series
from scheduler.domain.schedule.wall_time import local_of
from scheduler.extensions import db
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.guard import allow, reach
from scheduler.web.language import reader_zone
from scheduler.web.rule_words import rule_in_words

NAMED = 3
"""So many added and skipped dates stand in a line of the list."""


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
    today = now.astimezone(reader_zone()).date()
    people = belonging(session, on=today)
    rows = [(each, words_of(each, most=NAMED), people.get(each.id, Belonging())) for each in found]
    return render_template("coordinator/series.html", rows=rows, ended=ended, typed=typed, today=today)


def words_of(series: SeriesView, *, most: int | None = None) -> str:
    """When a series meets, as a sentence; of added and skipped dates those to come, and at most ``most``."""
    plan = series.plan
    now = local_of(clock.now(), zone_named(plan.timezone))
    rule = to_come_of(plan.rule, plan.first_start, now).excepting(last=series.ends_on or date.max)
    return rule_in_words(rule, plan.first_start, plan.minutes, most=most)
