"""Who came in by themselves, who says that they can't, and what else became of a sheet on an open page."""

from __future__ import annotations

from flask import Response, jsonify, request

from scheduler.domain.attendance.arrivals import news_of
from scheduler.extensions import db
from scheduler.web import guard, seeing
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS
from scheduler.web.numbers import whole


@blueprint.get("/sheets/<int:occurrence_id>/arrivals")
@guard.allow(*TAKERS)
@seeing.unasked
def arrivals(occurrence_id: int) -> Response:
    """The marks that changed after the change ``after``, and who says that they can't make it where that are
    others than ``says``; both the page knows already.

    Asked every few seconds: on record only where it tells what somebody else marked, or said.
    """
    after = whole(request.args.get("after")) or 0
    known = {number for text in request.args.get("says", "").split(",") if (number := whole(text))}
    news = news_of(db.session(), actor=guard.actor(), occurrence_id=occurrence_id, after=after, known=known)
    if news.others:
        guard.log_read(subject="sheet", subject_id=occurrence_id, persons=news.others)
    return jsonify(
        after=news.last,
        says=None
        if news.says is None
        else {person: absence.reason or "" for person, absence in news.says.items()},
        marks=[
            {
                "person": line.person_id,
                "status": line.value.status,
                "late_minutes": line.value.late_minutes,
                "left_minutes": line.value.left_minutes,
                "excuse": line.value.excuse,
                "revision": line.revision,
            }
            for line in news.lines
        ],
    )
