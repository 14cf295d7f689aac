"""What a facilitator leads: today, and in the weeks to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from flask import render_template

from scheduler import clock
from scheduler.domain.attendance.agenda import Led, agenda_of, is_owed
from scheduler.domain.attendance.kept import Waiting, waiting_of
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.attendance.walk_ins import unmatched
from scheduler.domain.enrollment.queries import members_of
from scheduler.domain.people.roles import Role
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.rows import whole_word_of
from scheduler.web.sheet_locks import locks

A_DAY = timedelta(days=1)
SOON = timedelta(days=8)
A_WEEK = 7
AHEAD = timedelta(weeks=6)


@blueprint.get("/today")
@guard.allow(Role.FACILITATOR)
def today() -> str:
    """The next sheet first, what is owed below it, then the rest of today and the next days."""
    now = clock.now()
    led = _led(now - locks() - A_DAY, now + SOON)
    return render_template(
        "facilitator/today.html",
        agenda=agenda_of(led, now, locks()),
        waits=waits_of_mine(),
        walk_ins=len(unmatched(db.session(), guard.actor())),
        papers_today=any(on_paper(led, now)),
        papers_week=any(on_paper(led, now, A_WEEK)),
        now=now,
    )


def on_paper(led: Iterable[Led], now: datetime, days: int = 1) -> list[int]:
    """The occurrences of today, or of so many days, that take place and have names."""
    found = [one for one in led if one.booked and not one.is_by_heads]
    return [one.occurrence_id for one in found if 0 <= one.days_from(now) < days]


@blueprint.get("/duties")
@guard.allow(Role.FACILITATOR)
def duties() -> str:
    """Six weeks of duties by day, from today on; sheets still owed come first."""
    now = clock.now()
    led = _led(now - locks() - A_DAY, now + AHEAD)
    ahead = sorted((one for one in led if one.days_from(now) >= 0), key=lambda one: one.local_start)
    by_day = [(day, list(found)) for day, found in groupby(ahead, lambda one: one.local_start.date())]
    owed = [one for one in reversed(led) if one.days_from(now) < 0 and is_owed(one, now, locks())]
    return render_template("facilitator/duties.html", by_day=by_day, owed=owed, now=now)


def waits_of_mine() -> list[tuple[Waiting, str, str]]:
    """What the viewer sent from a device and waits for a coordinator, with the words of both marks.

    Names stand only on what they lead: of a sheet that is theirs no more they read the session alone.
    """
    waiting = waiting_of(db.session(), actor=guard.actor())
    named = {each.person_id for each in waiting if each.person_id and each.is_led}
    if named:
        guard.log_read(subject="kept_marks", persons=named)
    return [(each, whole_word_of(each.value, each), whole_word_of(each.stands, each)) for each in waiting]


def _led(begin: datetime, end: datetime) -> tuple[Led, ...]:
    person_id = guard.actor().person_id or 0
    led = led_by(db.session(), person_id, begin, end)
    if named := [one.occurrence_id for one in led if one.members]:
        guard.log_read(subject="duties", subject_id=person_id, persons=members_of(db.session(), named))
    return led
