"""Taking back the last change of the plan."""

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.changes import Change
from scheduler.domain.planning.queries import planned_among
from scheduler.domain.planning.undoing import Undone, undo_change
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.board_address import asked_by
from scheduler.web.coordinator.way_back import FIELD, way_back
from scheduler.web.guard import actor, allow
from scheduler.web.language import gettext, reader_zone
from scheduler.web.numbers import whole
from scheduler.web.undo import flash_with_undo


@blueprint.post("/plan/undo")
@allow(Role.COORDINATOR)
def plan_undo() -> Response | tuple[str, int]:
    """Take back the change that is sent, as long as nothing was built on it."""
    change_id = whole(request.form.get("change")) or 0
    try:
        with transaction(db.session) as session:
            undone = undo_change(session, actor=actor(), change_id=change_id, now=clock.now())
    except (Refused, Conflict, Invalid) as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        return render_template("coordinator/plan_refused.html", refusal=gettext(str(refused))), status
    flash(gettext("It is as it was before."))
    return redirect(_where(undone), code=303)


def _where(undone: Undone) -> str:
    """Where the button stood, if that is still there; else the page of what it was about."""
    if (back := way_back(request.form.get(FIELD, ""))) is not None:
        return _board(undone, back.address) if back.endpoint == "coordinator.board" else back.address
    if undone.change is Change.MADE:
        return url_for("coordinator.series")
    if len(undone.occurrences) == 1:
        return url_for("coordinator.occurrence", occurrence_id=undone.occurrences[0])
    if len(undone.series) == 1:
        return url_for("coordinator.series_page", series_id=undone.series[0])
    return url_for("coordinator.week")


def _board(undone: Undone, address: str) -> str:
    """As it was, or the day on which the only one that it was about stands again."""
    asked = asked_by(urlsplit(address).query, clock.now().astimezone(reader_zone()).date())
    stands = planned_among(db.session(), undone.occurrences) if len(undone.occurrences) == 1 else ()
    return (asked.showing(stands[0].day) if stands else asked).address()


def say_done(text: str, change_id: int | None) -> None:
    """Say on the next page what was done to the plan, with the way back where there is one."""
    if change_id is None:
        flash(text)
    else:
        flash_with_undo(text, "coordinator.plan_undo", sends={"change": change_id})
