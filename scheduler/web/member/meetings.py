"""A member puts a listed meeting into their own calendar, or takes it out."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.planning import choosing
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.language import gettext
from scheduler.web.member.blueprint import blueprint


@blueprint.post("/meetings/<int:series_id>/add")
@guard.allow(Role.MEMBER)
def add_meeting(series_id: int) -> Response:
    """From today on it stands in their week and in their calendars."""
    return _change(choosing.choose_listed, series_id, gettext("It is in your calendar now."))


@blueprint.post("/meetings/<int:series_id>/remove")
@guard.allow(Role.MEMBER)
def remove_meeting(series_id: int) -> Response:
    """From today on it does not."""
    return _change(choosing.leave_listed, series_id, gettext("It is out of your calendar."))


def _change(change: Callable[..., None], series_id: int, done: str) -> Response:
    actor = guard.actor()
    with transaction(db.session) as session:
        change(session, actor=actor, series_id=series_id, person_id=actor.person_id, now=clock.now())
    flash(done)
    back = guard.safe_next(request.form.get("next")) or url_for("public.meetings")
    at = request.form.get("at", series_id, type=int)
    return redirect(f"{back}#meeting-{at}", code=303)
