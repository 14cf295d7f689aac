"""Opening a locked sheet again."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance.reopening import reopen
from scheduler.domain.people.roles import Role
from scheduler.errors import Invalid
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.facilitator.sheet import Correcting, show
from scheduler.web.guard import actor, allow
from scheduler.web.language import gettext
from scheduler.web.sheet_locks import locks


@blueprint.post("/occurrences/<int:occurrence_id>/reopen-sheet")
@allow(Role.COORDINATOR)
def occurrence_reopen_sheet(occurrence_id: int) -> Response | tuple[str, int]:
    """Open it with a reason that stands on it from then on."""
    reason = request.form.get("reason", "")
    try:
        with transaction(db.session) as session:
            reopen(
                session,
                actor=actor(),
                occurrence_id=occurrence_id,
                reason=reason,
                now=clock.now(),
                locks=locks(),
            )
    except Invalid as error:
        return show(occurrence_id, correcting=Correcting(reason, gettext(str(error)))), 422
    flash(gettext("The sheet is open again."))
    return redirect(url_for("facilitator.sheet", occurrence_id=occurrence_id), code=303)
