"""The screen at the door: a code in a full window, which asks for the next one by itself."""

from __future__ import annotations

from typing import Final

from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import door as doors
from scheduler.domain.attendance import queries
from scheduler.domain.attendance.opening import Phase
from scheduler.extensions import db
from scheduler.web import at_door, guard
from scheduler.web.auth.carrying import settings
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS
from scheduler.web.qr import qr_of
from scheduler.web.sheet_locks import locks

COMES: Final = (Phase.NOT_YET, Phase.OPEN)


@blueprint.get("/sheets/<int:occurrence_id>/door")
@guard.allow(*TAKERS)
def door(occurrence_id: int) -> Response:
    """The code of now, without a name, a number or what it is: everybody at the door reads it."""
    now = clock.now()
    head = queries.head_of(db.session(), actor=guard.actor(), occurrence_id=occurrence_id)
    is_open, opens_at = head.door_is_open(now, locks()), head.starts_at - doors.OPENS
    comes = head.checks_in and now < opens_at and head.phase(now, locks()) in COMES
    page = render_template(
        "facilitator/door.html",
        title=at_door.title(),
        here=url_for("facilitator.door", occurrence_id=occurrence_id),
        opens_at=opens_at if comes else None,
        timezone=head.timezone,
        qr=qr_of(_address(doors.code_at(settings().secret_key, occurrence_id, now))) if is_open else None,
        turns_in=(max(doors.turns_at(now), opens_at) - now).total_seconds(),
        is_over=not head.checks_in or now >= head.ends_at,
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _address(code: str) -> str:
    return f"{settings().base_url.rstrip('/')}{url_for('public.door', code=code)}"
