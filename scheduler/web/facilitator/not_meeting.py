"""Nobody came together: whoever takes the sheet says so on it, and takes it back."""

from __future__ import annotations

from flask import flash, request

from scheduler import clock
from scheduler.domain.attendance.not_meeting import record_not_met, take_back_not_met
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.saving import Answer
from scheduler.web.facilitator.sheet import TAKERS, Correcting, show, to_sheet
from scheduler.web.language import gettext
from scheduler.web.sheet_locks import locks


@blueprint.post("/sheets/<int:occurrence_id>/not-met")
@guard.allow(*TAKERS)
def not_met(occurrence_id: int) -> Answer:
    """Say that nobody met, and why; the sheet then says so, and takes it back."""
    reason = request.form.get("not-met", "")
    try:
        with transaction(db.session) as session:
            record_not_met(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                reason=reason,
                now=clock.now(),
                locks=locks(),
            )
    except Invalid as error:
        wrong = Correcting(reason, gettext(next(iter(error.fields.values()))))
        return show(occurrence_id, not_met=wrong), 422
    except (Refused, Conflict) as error:
        return _as_it_is(occurrence_id, error)
    return to_sheet(occurrence_id)


@blueprint.post("/sheets/<int:occurrence_id>/met")
@guard.allow(*TAKERS)
def met(occurrence_id: int) -> Answer:
    """They met after all: the sheet is open again. ``seen`` is the reason that was shown."""
    try:
        with transaction(db.session) as session:
            take_back_not_met(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                seen=request.form.get("seen", ""),
                now=clock.now(),
                locks=locks(),
            )
    except (Refused, Conflict) as error:
        return _as_it_is(occurrence_id, error)
    return to_sheet(occurrence_id)


def _as_it_is(occurrence_id: int, error: Refused | Conflict) -> Answer:
    flash(gettext(str(error)))
    return show(occurrence_id), 409
