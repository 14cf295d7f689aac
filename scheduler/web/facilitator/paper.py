"""Sheets for paper: one, those of today, those of the week."""

from __future__ import annotations

from flask import Response, request

from scheduler import clock
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.people.roles import Role
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS
from scheduler.web.facilitator.today import A_DAY, A_WEEK, SOON, on_paper
from scheduler.web.paper import paper_file


@blueprint.get("/sheets/<int:occurrence_id>/paper")
@guard.allow(*TAKERS)
def paper(occurrence_id: int) -> Response:
    """The sheet as a page that goes round and one for who leads. A sheet without names has none."""
    return paper_file([occurrence_id])


@blueprint.get("/paper")
@guard.allow(Role.FACILITATOR)
def papers() -> Response:
    """What one leads today, or with ``?days=7`` in the week from today on."""
    now, days = clock.now(), A_WEEK if request.args.get("days") == str(A_WEEK) else 1
    led = led_by(db.session(), guard.actor().person_id or 0, now - A_DAY, now + SOON)
    return paper_file(on_paper(led, now, days))
