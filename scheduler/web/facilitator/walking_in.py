"""Somebody comes in who was not expected: written down on the sheet, changed, taken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from flask import flash, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import queries, walking_in
from scheduler.errors import Conflict, Invalid
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.saving import correcting
from scheduler.web.facilitator.sheet import TAKERS, show
from scheduler.web.facilitator.typed import number
from scheduler.web.facilitator.walk_in_rows import Walking, typed_in, value_in
from scheduler.web.language import gettext
from scheduler.web.sheet_locks import locks

NAME: Final = "name"
Answer = Response | tuple[str, int]


@blueprint.post("/sheets/<int:occurrence_id>/walk-in")
@guard.allow(*TAKERS)
def add_walk_in(occurrence_id: int) -> Answer:
    """Write somebody down with the name that they give."""
    name, once = request.form.get(NAME, ""), request.form.get("once", "")
    return _written(occurrence_id, partial(walking_in.add_walk_in, name=name, sent_as=once))


@blueprint.post("/sheets/<int:occurrence_id>/walk-in/change")
@guard.allow(*TAKERS)
def change_walk_in(occurrence_id: int) -> Answer:
    """Say how a walk-in was there, or take them off again."""
    walk_in, seen = (number(request.form.get(name)) or 0 for name in ("walk_in", "seen"))
    return _written(occurrence_id, partial(walking_in.change_walk_in, walk_in_id=walk_in, seen=seen))


def _written(occurrence_id: int, write: Callable[..., object]) -> Answer:
    """Do it with what the form says of how they were there, and go on where they stand."""
    form, now = request.form, clock.now()
    try:
        with transaction(db.session) as session:
            head = queries.head_of(session, actor=guard.actor(), occurrence_id=occurrence_id)
            write(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                value=value_in(form, head, now),
                reason=form.get("reason", ""),
                now=now,
                locks=locks(),
            )
    except Invalid as error:
        return asked_again(occurrence_id, error)
    except Conflict as error:  # the sheet says what it was changed to
        flash(gettext(str(error)))
        return show(occurrence_id, correcting=correcting()), 409
    return to_walk_ins(occurrence_id)


def asked_again(occurrence_id: int, error: Invalid) -> tuple[str, int]:
    """The sheet with what was typed, and what is wrong with it."""
    typed = Walking(request.form.get(NAME, "")[:200], typed_in(request.form))
    message = next((text for field, text in error.fields.items() if field != "reason"), "")
    walking = replace(typed, error=gettext(message) if message else "", once=request.form.get("once", ""))
    return show(occurrence_id, walking=walking, correcting=correcting(error)), 422


def to_walk_ins(occurrence_id: int) -> Response:
    """Back to the sheet, where the walk-ins stand."""
    return redirect(url_for("facilitator.sheet", occurrence_id=occurrence_id, _anchor="walk-ins"), code=303)
