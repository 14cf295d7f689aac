"""A mark that waits since somebody else was faster: whoever made it says which is right."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import kept
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS, show, to_sheet
from scheduler.web.language import gettext
from scheduler.web.numbers import whole
from scheduler.web.sheet_locks import locks

Answer = Response | tuple[str, int]


@blueprint.post("/sheets/<int:occurrence_id>/settle")
@guard.allow(*TAKERS)
def settle(occurrence_id: int) -> Answer:
    """Save what was made, or leave what stands."""
    form, uid = request.form, request.form.get("uid", "")
    settled: dict[str, Any] = {"actor": guard.actor(), "occurrence_id": occurrence_id, "now": clock.now()}
    try:
        with transaction(db.session) as session:
            if form.get("take") == "mine":
                seen = whole(form.get("seen"))
                kept.apply_kept(session, uid=uid, seen=seen, reason="", locks=locks(), **settled)
            else:
                kept.set_aside(session, uid=uid, reason=kept.LEFT, **settled)
    except (Conflict, Invalid, Refused) as error:
        flash(gettext(str(error)))
        return show(occurrence_id), 409 if isinstance(error, Conflict) else 422
    return to_sheet(occurrence_id)
