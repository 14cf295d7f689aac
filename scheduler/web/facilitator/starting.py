"""A session that was not planned: started from the phone, and its people put on the sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from secrets import token_urlsafe
from typing import Final

from flask import current_app, render_template, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField

from scheduler import clock
from scheduler.domain.attendance.adding import add_people
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.queries import free_rooms
from scheduler.domain.planning.starting import Led, begins_now, series_led_by, start_session
from scheduler.domain.schedule.plans import LONGEST_MINUTES, Plan
from scheduler.domain.schedule.wall_time import instant_of
from scheduler.errors import Invalid
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS, to_sheet
from scheduler.web.facilitator.typed import number
from scheduler.web.forms import Clock, Form, Number, name_of_sent, refusals_on, status_of
from scheduler.web.language import gettext
from scheduler.web.language import lazy_gettext as _
from scheduler.web.offers import SelectChoice
from scheduler.web.sheet_locks import locks
from scheduler.web.words import KINDS

USUAL: Final = 60
"""Minutes."""
NO_ROOM: Final = 0
Answer = Response | tuple[str, int]


class StartForm(Form):
    """What it is, where, since when and for how long; ``once`` tells this form from another one."""

    once = HiddenField(default=partial(token_urlsafe, 16))
    what = SelectField(_("What is it?"))
    room = SelectField(_("Where?"), default="")
    starts = Clock(_("Began at"), needed=_("Say when it began."))
    minutes = Number(_("Minutes"), most=LONGEST_MINUTES, needed=_("Say how long it takes."))


@blueprint.route("/start", methods=["GET", "POST"])
@guard.allow(Role.FACILITATOR)
def start() -> Answer:
    """Ask what it is, make it, and open its sheet."""
    session, now = db.session(), clock.now()
    patterns = _patterns(series_led_by(session, guard.actor().person_id or 0, now=now))
    form = StartForm()
    first = next(iter(patterns.values()), None)
    if first and not form.is_submitted():
        form.starts.data, form.minutes.data = begins_now(now, first.timezone).time(), first.minutes
    form.what.choices = _offered(patterns)
    form.room.choices = _rooms(form, first, now)
    if form.validate_on_submit():
        with refusals_on(form, first_start="starts", room_id="room"):
            return _start(form, patterns[form.what.data], now)
    page = render_template("facilitator/start.html", form=form, leads=bool(patterns))
    return page, status_of(form)


@blueprint.post("/sheets/<int:occurrence_id>/add")
@guard.allow(*TAKERS)
def add(occurrence_id: int) -> Response:
    """Put people of one's own groups on the sheet of a session that was not planned."""
    chosen = [number(text) or 0 for text in request.form.getlist("person")]
    with transaction(db.session) as session:
        add_people(
            session,
            actor=guard.actor(),
            occurrence_id=occurrence_id,
            persons=chosen,
            reason=request.form.get("reason", ""),
            now=clock.now(),
            locks=locks(),
        )
    return to_sheet(occurrence_id)


def _start(form: StartForm, pattern: Plan, now: datetime) -> Response:
    today = now.astimezone(zone_named(pattern.timezone)).date()
    if form.starts.data is None:
        raise Invalid(gettext("Say when it began."), "first_start")
    plan = replace(
        pattern,
        first_start=datetime.combine(today, form.starts.data),
        minutes=form.minutes.data or USUAL,
        room_id=number(form.room.data) or None,
    )
    with transaction(db.session) as session:
        occurrence_id = start_session(
            session, actor=guard.actor(), plan=plan, form=name_of_sent(form.once.data or ""), now=now
        )
    return to_sheet(occurrence_id)


def _patterns(led: tuple[Led, ...]) -> dict[str, Plan]:
    """What can be started, by the value of its choice: another one like a series, or just its kind.

    Series that are called the same, as the talks with each member are, make one choice.
    """
    called = {(one.plan.title, one.plan.kind, one.plan.counting): one for one in reversed(led)}
    like = {f"series-{one.series_id}": one.plan for one in reversed(called.values())}
    plain = {
        f"kind-{one.plan.kind.value}": replace(
            one.plan, title=str(KINDS[one.plan.kind.value]), discreet_title="", room_id=None, minutes=USUAL
        )
        for one in reversed(led)
    }
    return like | plain


def _offered(patterns: dict[str, Plan]) -> list[SelectChoice]:
    groups = {"series": gettext("Like one of mine"), "kind": gettext("Another one")}
    return [
        SelectChoice(value, plan.title, optgroup=groups[value.partition("-")[0]])
        for value, plan in patterns.items()
    ]


def _rooms(form: StartForm, first: Plan | None, now: datetime) -> list[SelectChoice]:
    """Those in reach that are free then; one that was chosen and is taken stays, so that it is said why."""
    session = db.session()
    found = rooms(session, within=guard.reach().of_rooms())
    zone = first.timezone if first else current_app.extensions["settings"].timezone
    begin = now
    if form.starts.data is not None:
        today = now.astimezone(zone_named(zone)).date()
        begin = instant_of(datetime.combine(today, form.starts.data), zone_named(zone))
    end = begin + timedelta(minutes=form.minutes.data or USUAL)
    free = {room.id for room in free_rooms(session, found, begin, end, beside=NO_ROOM)}
    chosen = number(form.room.data)
    shown = [room for room in found if room.id in free or room.id == chosen]
    return [
        SelectChoice("", gettext("No room")),
        *(SelectChoice(str(room.id), room.full_name) for room in shown),
    ]
