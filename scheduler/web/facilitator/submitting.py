"""Handing a sheet in: one step that confirms how the session was held; and correcting that afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import confirming, queries, service
from scheduler.domain.attendance.assembly import Head, SheetPage
from scheduler.domain.attendance.confirming import Submitted
from scheduler.domain.attendance.held import records_of
from scheduler.domain.attendance.merging import Outcome
from scheduler.domain.attendance.opening import Phase
from scheduler.domain.attendance.service import Counted
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import Conflict, Invalid
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import display, guard
from scheduler.web.count_words import minutes_off, people_off
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.held import Held, confirmed_of, held_of, record_form, revision_of, seen_of
from scheduler.web.facilitator.saving import Answer, correcting, refused_number
from scheduler.web.facilitator.sheet import TAKERS, Correcting, back, show, to_sheet
from scheduler.web.facilitator.typed import number
from scheduler.web.forms import refuse, status_of
from scheduler.web.language import gettext
from scheduler.web.sheet_locks import locks

WARNINGS = ("anyway", "early")
"""What was asked about already, and goes along."""


@blueprint.post("/sheets/<int:occurrence_id>/submit")
@guard.allow(*TAKERS)
def submit(occurrence_id: int) -> Answer:
    """Hand the sheet in, with the number that stands in the form of one counted by heads; what makes a record
    of how the session was held asks for that first.
    """
    actor, now = guard.actor(), clock.now()
    typed = request.form.get("number")
    asked: dict[str, Any] = {"occurrence_id": occurrence_id, "locks": locks(), **_answered()}
    try:
        with transaction(db.session) as session:
            head = queries.head_of(session, actor=actor, occurrence_id=occurrence_id)
            if head.is_recorded and head.submitted_at is None:
                confirming.require_ready(session, actor=actor, now=now, **asked)
                return redirect(_to_confirm(occurrence_id), code=303)
            counted = _count_first(session, occurrence_id, typed)
            if counted and counted.outcome is Outcome.CONFLICT:
                return show(occurrence_id, counted=counted, number=typed, correcting=correcting()), 409
            said = confirming.submit(session, actor=actor, now=now, **asked)
    except Invalid as error:
        return refused_number(occurrence_id, error, typed)
    return _done(occurrence_id, said)


@blueprint.route("/sheets/<int:occurrence_id>/confirm", methods=["GET", "POST"])
@guard.allow(*TAKERS)
def confirm(occurrence_id: int) -> Answer:
    """Who led, from when to when, with which breaks, and how each came; all filled in as planned."""
    page = queries.short_sheet(db.session(), actor=guard.actor(), occurrence_id=occurrence_id)
    guard.log_read(subject="sheet", subject_id=occurrence_id, persons=[line.person_id for line in page.lines])
    if not page.head.is_recorded or page.head.phase(clock.now(), locks()) is not Phase.OPEN:
        return to_sheet(occurrence_id)
    is_sent = request.method == "POST"
    held = held_of(page, None, sent=is_sent, seen=page.state)
    confirmed = confirmed_of(held, page.head) if is_sent else None
    if confirmed is None:
        return _asking(page, held), status_of(held.form)
    try:
        with transaction(db.session) as session:
            said = confirming.submit(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                now=clock.now(),
                confirmed=confirmed,
                seen=held.form.seen.data,
                locks=locks(),
                **_answered(),
            )
    except Conflict as conflict:
        return _changed(occurrence_id, conflict), 409
    except Invalid as error:
        if "leads" not in error.fields:
            return refused_number(occurrence_id, error, None)
        refuse(held.form, "leads", error.fields["leads"])
        return _asking(page, held), 422
    return _done(occurrence_id, said)


@blueprint.post("/sheets/<int:occurrence_id>/record")
@guard.allow(*TAKERS)
def correct_record(occurrence_id: int) -> Answer:
    """Say otherwise how the session of a sheet that was handed in was held, and why."""
    page = queries.short_sheet(db.session(), actor=guard.actor(), occurrence_id=occurrence_id)
    records, reason = records_of(db.session(), occurrence_id), request.form.get("reason", "")
    held = replace(record_form(page, records, sent=True), reason=reason)
    confirmed = confirmed_of(held, page.head)
    if confirmed is None:
        return show(occurrence_id, correcting=Correcting(), held=held), 422
    try:
        with transaction(db.session) as session:
            confirming.correct_record(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                confirmed=confirmed,
                seen=seen_of(held.form.seen.data),
                reason=reason,
                now=clock.now(),
                locks=locks(),
            )
    except Conflict as conflict:
        refuse(held.form, "", str(conflict))
        held.form.seen.data = str(revision_of(records_of(db.session(), occurrence_id)))
        return show(occurrence_id, correcting=Correcting(), held=held), 409
    except Invalid as error:
        for name, message in error.fields.items():
            refuse(held.form, name, message)
        return show(occurrence_id, correcting=Correcting(), held=held), 422
    return to_sheet(occurrence_id)


def _answered() -> dict[str, bool]:
    return {name: name in request.values for name in WARNINGS}


def _to_confirm(occurrence_id: int) -> str:
    given: dict[str, Any] = {name: "1" for name, is_given in _answered().items() if is_given}
    return url_for("facilitator.confirm", occurrence_id=occurrence_id, **given)


def _count_first(session: Any, occurrence_id: int, typed: str | None) -> Counted | None:
    """Save the number that stands in the form, if it has one; -1, which is refused, for what is no number."""
    if typed is None:
        return None
    count = number(typed)
    return service.set_headcount(
        session,
        actor=guard.actor(),
        occurrence_id=occurrence_id,
        number=-1 if count is None else count,
        seen=number(request.form.get("seen")),
        now=clock.now(),
        locks=locks(),
    )


def _asking(page: SheetPage, held: Held) -> str:
    head = page.head
    return render_template(
        "facilitator/confirm.html",
        page=page,
        head=head,
        held=held,
        today=local_of(clock.now(), zone_named(head.timezone)).date(),
        answered=[name for name, is_given in _answered().items() if is_given],
        beside=_beside(page, head),
    )


def _beside(page: SheetPage, head: Head) -> list[str]:
    """What somebody would want to know before it is handed in, a line each."""
    lines = (
        _ends_later(head),
        people_off(head.counts, page.people_off, page.present),
        minutes_off(head.counts, head.minutes),
    )
    return [line for line in lines if line]


def _ends_later(head: Head) -> str:
    """All of its minutes count as planned, unless somebody says otherwise."""
    if clock.now() >= head.ends_at:
        return ""
    until = display.clock(head.ends_at, head.timezone)
    return gettext("It is planned until %(time)s. If it ends earlier, correct that afterwards.", time=until)


def _changed(occurrence_id: int, conflict: Conflict) -> str:
    """The step again, with the sheet as it is by now."""
    page = queries.short_sheet(db.session(), actor=guard.actor(), occurrence_id=occurrence_id)
    again = held_of(page, None, sent=True)
    again.form.seen.data = page.state
    refuse(again.form, "", str(conflict))
    return _asking(page, again)


def _done(occurrence_id: int, said: Submitted) -> Response:
    if not said.stands:
        flash(gettext("Somebody submitted it before, and said otherwise. Correct it if something is wrong."))
        return to_sheet(occurrence_id)
    flash(_submitted(said))
    return redirect(back(occurrence_id), code=303)


def _submitted(said: Submitted) -> str:
    if said.headcount is not None:
        return gettext("Submitted: %(number)d people.", number=said.headcount)
    return gettext("Submitted: %(here)d of %(people)d here.", here=said.tally.here, people=said.tally.people)
