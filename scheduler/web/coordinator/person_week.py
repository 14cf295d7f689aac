"""A member's week for paper, for somebody without phone or mail. Whoever finds it learns nothing."""

from datetime import date
from itertools import groupby

from flask import current_app, render_template
from sqlalchemy import true

from scheduler.config import Settings
from scheduler.domain.enrollment.week import Attended, week_of_member
from scheduler.domain.people.finding import person_of
from scheduler.domain.people.roles import Role
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.board_address import WEEK
from scheduler.web.coordinator.week import asked_week
from scheduler.web.guard import allow, log_read, reach

Days = list[tuple[date, list[Attended]]]


@blueprint.get("/people/<int:person_id>/week/print")
@allow(Role.COORDINATOR)
def people_week(person_id: int) -> str:
    """The week that ``?week=`` lies in, this one without; the read is on record.

    Days, times and places under the neutral titles that calendars have, the name as "First L.".
    """
    session, monday = db.session(), asked_week()
    person = person_of(session, person_id, sight=reach().of_people())
    if person is None or Role.MEMBER not in person.roles:
        raise NotFound
    log_read(subject="person", subject_id=person_id, person_id=person_id)
    planned = reach().of_occurrences()
    found = week_of_member(session, person_id, monday, planned=true() if planned is None else planned)
    settings: Settings = current_app.extensions["settings"]
    return render_template(
        "coordinator/person_week.html",
        person=person,
        monday=monday,
        before=monday - WEEK,
        after=monday + WEEK,
        days=_by_day(found),
        plain_title=settings.plain_title,
    )


def _by_day(found: tuple[Attended, ...]) -> Days:
    """What stands on each day that has something, by its own clock."""
    in_order = sorted(found, key=lambda one: (one.local_start.date(), one.starts_at))
    return [(day, list(them)) for day, them in groupby(in_order, lambda one: one.local_start.date())]
