"""What a sheet's buttons do: every one is a form. Its script keeps marks on the device first (syncing.py)."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.merging import Outcome
from scheduler.domain.attendance.service import Counted
from scheduler.domain.attendance.statuses import Status
from scheduler.errors import Invalid
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS, Correcting, conflicts_of, show, to_sheet
from scheduler.web.facilitator.typed import fields_of, number, wanted_of
from scheduler.web.language import gettext
from scheduler.web.numbers import whole
from scheduler.web.sheet_locks import locks

Answer = Response | tuple[Response, int] | tuple[str, int]


@blueprint.post("/sheets/<int:occurrence_id>/marks")
@guard.allow(*TAKERS)
def save_marks(occurrence_id: int) -> Answer:
    """Save what was changed on the page; what somebody else was faster with comes back as a question."""
    actor, now = guard.actor(), clock.now()
    try:
        with transaction(db.session) as session:
            head = queries.head_of(session, actor=actor, occurrence_id=occurrence_id)
            wanted = wanted_of(request.form, head, now)
            results = (
                service.save_marks(
                    session,
                    actor=actor,
                    occurrence_id=occurrence_id,
                    marks=wanted,
                    now=now,
                    reason=request.form.get("reason", ""),
                    locks=locks(),
                )
                if wanted
                else ()
            )
    except Invalid as error:
        errors = {int(person): message for person, message in error.fields.items() if whole(person)}
        typed = fields_of(request.form)
        return show(occurrence_id, typed=typed, errors=errors, correcting=correcting(error)), 422
    conflicts = conflicts_of(wanted, results)
    if conflicts:
        return show(occurrence_id, conflicts=conflicts, correcting=correcting()), 409
    return to_sheet(occurrence_id, number(request.form.get("tap") or request.form.get("excuse") or ""))


@blueprint.post("/sheets/<int:occurrence_id>/all-present")
@guard.allow(*TAKERS)
def all_present(occurrence_id: int) -> Answer:
    """Mark everybody present who has no mark."""
    return _mark_rest(occurrence_id, Status.PRESENT)


@blueprint.post("/sheets/<int:occurrence_id>/rest-absent")
@guard.allow(*TAKERS)
def rest_absent(occurrence_id: int) -> Answer:
    """Mark everybody absent who has no mark."""
    return _mark_rest(occurrence_id, Status.ABSENT)


@blueprint.post("/sheets/<int:occurrence_id>/walk-ins")
@guard.allow(*TAKERS)
def count_walk_ins(occurrence_id: int) -> Answer:
    """Save how many came who were not expected."""
    return _save_number(occurrence_id, service.count_walk_ins, empty=0)


@blueprint.post("/sheets/<int:occurrence_id>/headcount")
@guard.allow(*TAKERS)
def set_headcount(occurrence_id: int) -> Answer:
    """Save how many people are in the room."""
    return _save_number(occurrence_id, service.set_headcount, empty=None)


def correcting(error: Invalid | None = None) -> Correcting | None:
    """The correction that was sent, or that the change turned out to be; none where it is neither."""
    missing = error.fields.get("reason", "") if error else ""
    if "reason" not in request.form and not missing:
        return None
    return Correcting(request.form.get("reason", ""), gettext(missing) if missing else "")


def refused_number(occurrence_id: int, error: Invalid, typed: str | None) -> Answer:
    """The sheet again, with what was typed and what is wrong with it."""
    warning = next(iter(error.fields))
    return show(occurrence_id, warning=warning, number=typed, correcting=correcting(error)), 422


def _mark_rest(occurrence_id: int, status: Status) -> Answer:
    try:
        with transaction(db.session) as session:
            service.mark_rest(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                status=status,
                now=clock.now(),
                locks=locks(),
            )
    except Invalid as error:  # it was handed in meanwhile
        return show(occurrence_id, correcting=correcting(error)), 422
    return to_sheet(occurrence_id)


def _save_number(occurrence_id: int, save: Callable[..., Counted], *, empty: int | None) -> Answer:
    text = request.form.get("number", "").strip()
    typed, steps = number(text), "step" in request.form
    is_wrong = typed is None and bool(text or not steps)
    stepped = max(0, (typed or 0) + request.form.get("step", 0, type=int))
    try:
        with transaction(db.session) as session:
            counted = save(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                number=-1 if is_wrong else stepped,
                seen=_seen(request.form.get("seen"), empty),
                now=clock.now(),
                reason=request.form.get("reason", ""),
                locks=locks(),
            )
    except Invalid as error:
        return refused_number(occurrence_id, error, text)
    if counted.outcome is Outcome.CONFLICT:
        return show(occurrence_id, counted=counted, number=stepped, correcting=correcting()), 409
    return to_sheet(occurrence_id)


def _seen(text: object, empty: int | None) -> int | None:
    seen = number(text)
    return empty if seen is None else seen
