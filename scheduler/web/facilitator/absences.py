"""Somebody called: they can't make it, or can after all. Noted on their behalf, before it begins."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance.absences import say_absent, say_coming
from scheduler.errors import Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS
from scheduler.web.language import gettext
from scheduler.web.numbers import whole


@blueprint.post("/sheets/<int:occurrence_id>/absent")
@guard.allow(*TAKERS)
def absent(occurrence_id: int) -> Response:
    """``person`` can't make it."""
    return _said(say_absent, occurrence_id)


@blueprint.post("/sheets/<int:occurrence_id>/coming")
@guard.allow(*TAKERS)
def coming(occurrence_id: int) -> Response:
    """``person`` can make it after all."""
    return _said(say_coming, occurrence_id)


def _said(say: Callable[..., None], occurrence_id: int) -> Response:
    person_id = whole(request.form.get("person")) or 0
    try:
        with transaction(db.session) as session:
            say(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                person_id=person_id,
                now=clock.now(),
            )
    except Refused as refused:
        flash(gettext(str(refused)))
    sheet = url_for("facilitator.sheet", occurrence_id=occurrence_id, _anchor=f"row-{person_id}")
    return redirect(sheet, code=303)
