"""In a line what tells people of one name apart: "born 1981 · Elm Street · here since July 1"."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from scheduler import clock
from scheduler.domain.admissions.telling import Told, told_of
from scheduler.extensions import db
from scheduler.web import display
from scheduler.web.guard import reach
from scheduler.web.language import gettext, reader_zone


def told_apart(persons: Collection[int], *, phone: bool = False) -> dict[int, str]:
    """The line of each by id; ``phone``: with the last digits of the number. One statement."""
    today = clock.now().astimezone(reader_zone()).date()
    found = told_of(db.session(), persons, today=today, sight=reach().of_people())
    return {person_id: line(each, today, phone=phone) for person_id, each in found.items()}


def line(told: Told, today: date, *, phone: bool = False) -> str:
    """All that is known of it."""
    parts = [
        gettext("born %(year)s", year=told.born) if told.born else "",
        told.site,
        _stay(told, today),
        gettext("phone ends in %(digits)s", digits=told.digits) if phone and told.digits else "",
    ]
    return " · ".join(filter(None, parts))


def here_since(told: Told) -> str:
    """ "since August 11 (on a pause)", of somebody who is here."""
    day = display.month_day(told.since) if told.since else ""
    if told.on_pause:
        return gettext("since %(day)s (on a pause)", day=day)
    return gettext("since %(day)s", day=day)


def _stay(told: Told, today: date) -> str:
    if told.since is None:
        return ""
    if not told.is_here(today):
        return gettext("here until %(day)s", day=display.month_day(told.until or told.since))
    if told.since > today:
        return gettext("comes on %(day)s", day=display.month_day(told.since))
    return gettext("here %(since)s", since=here_since(told))
