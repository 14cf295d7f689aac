"""Namesakes on a sheet are told apart by what staff choose."""

from __future__ import annotations

from flask import flash, request
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance.distinguishing import distinguish
from scheduler.errors import Invalid
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS, to_sheet
from scheduler.web.facilitator.typed import MOST_MARKS, number
from scheduler.web.language import gettext

FIELD = "distinction-"


@blueprint.post("/sheets/<int:occurrence_id>/names")
@guard.allow(*TAKERS)
def tell_apart(occurrence_id: int) -> Response:
    """Choose what stands behind names that are alike; it is shown on sheets only."""
    typed = {
        person: text
        for name, text in request.form.items()
        if name.startswith(FIELD) and (person := number(name.removeprefix(FIELD)))
    }
    try:
        with transaction(db.session) as session:
            distinguish(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                chosen=dict(list(typed.items())[:MOST_MARKS]),
                now=clock.now(),
            )
        flash(gettext("The names are told apart."))
    except Invalid as error:
        flash(gettext(str(error)))
    return to_sheet(occurrence_id)
