"""A sheet that was taken on paper is entered: names, the lines they signed, marks, walk-ins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import render_template, request
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.entering import keep_lines, require_lines
from scheduler.domain.attendance.opening import Phase
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.attendance.walking_in import add_walk_in, takes_names
from scheduler.errors import Invalid, NotFound
from scheduler.extensions import db
from scheduler.formats.sign_in_pdf import WALK_INS
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.rows import rows_of, with_typed
from scheduler.web.facilitator.saving import correcting
from scheduler.web.facilitator.sheet import TAKERS, Correcting, conflicts_of, show, to_sheet
from scheduler.web.facilitator.typed import MOST_MARKS, fields_of, number, wanted_of
from scheduler.web.facilitator.walk_in_rows import Walking
from scheduler.web.numbers import whole
from scheduler.web.sheet_locks import locks

LINE: Final = "line-"
Answer = str | Response | tuple[str, int]


@blueprint.get("/sheets/<int:occurrence_id>/enter")
@guard.allow(*TAKERS)
def enter(occurrence_id: int) -> Answer:
    """The form, in the order of the paper; a sheet that takes no marks looks as always."""
    return _page(occurrence_id)


@blueprint.post("/sheets/<int:occurrence_id>/enter")
@guard.allow(*TAKERS)
def save_entered(occurrence_id: int) -> Answer:
    """Save marks and lines; a line without a mark says that they were there."""
    actor, now, lines = guard.actor(), clock.now(), _lines(request.form)
    given: dict[str, Any] = {"actor": actor, "occurrence_id": occurrence_id, "now": now, "locks": locks()}
    try:
        require_lines(lines)
        with transaction(db.session) as session:
            head = queries.head_of(session, actor=actor, occurrence_id=occurrence_id)
            if head.is_by_heads:
                raise NotFound("There are no names on this sheet.")
            wanted = wanted_of(_with_signed(request.form, lines), head, now)
            reason = request.form.get("reason", "")
            results = service.save_marks(session, marks=wanted, reason=reason, **given) if wanted else ()
            keep_lines(session, lines=lines, **given)
            for place, name in _walk_ins(request.form):
                sent_as = f"{request.form.get('once', '')}-{place}"
                present = Value(Status.PRESENT)
                add_walk_in(session, name=name, value=present, sent_as=sent_as, reason=reason, **given)
    except Invalid as error:
        return _page(occurrence_id, error), 422
    if conflicts := conflicts_of(wanted, results):
        return show(occurrence_id, conflicts=conflicts, correcting=correcting()), 409
    return to_sheet(occurrence_id)


def _page(occurrence_id: int, error: Invalid | None = None) -> str:
    found = queries.sheet(db.session(), actor=guard.actor(), occurrence_id=occurrence_id)
    head = found.head
    if head.is_by_heads:
        raise NotFound("There are no names on this sheet.")
    phase = head.phase(clock.now(), locks())
    if phase not in {Phase.OPEN, Phase.CLOSED}:
        return show(occurrence_id)
    guard.log_read(
        subject="sheet", subject_id=occurrence_id, persons=[line.person_id for line in found.lines]
    )
    typed, wrong = fields_of(request.form), error.fields if error else {}
    errors = {int(person): text for person, text in wrong.items() if whole(person)}
    rows = rows_of(found.lines, head)
    return render_template(
        "facilitator/enter.html",
        head=head,
        rows=[with_typed(row, typed.get(row.person_id, row.typed), errors) for row in rows],
        lines={
            line.person_id: request.form.get(f"{LINE}{line.person_id}", line.paper_line or "")
            for line in found.lines
        },
        correcting=(correcting(error) or Correcting()) if phase is Phase.CLOSED else None,
        once=request.form.get("once") or Walking().once,
        walk_ins=[request.form.get(f"walk-in-{place}", "") for place in range(WALK_INS)]
        if takes_names(head.kind, by_heads=head.is_by_heads)
        else [],
        error=wrong.get("name", ""),
    )


def _lines(form: Mapping[str, str]) -> dict[int, int | None]:
    """By person the line that was typed; 0, which is none, for what is no number."""
    typed = [
        (number(name.removeprefix(LINE)), text.strip())
        for name, text in form.items()
        if name.startswith(LINE)
    ]
    return {
        person: (number(text) or 0) if text else None
        for person, text in typed[:MOST_MARKS]
        if person is not None
    }


def _with_signed(form: Mapping[str, str], lines: Mapping[int, int | None]) -> dict[str, str]:
    """The form, with everybody who signed a line and has no other mark present."""
    signed = {
        f"status-{person}": Status.PRESENT.value
        for person, line in lines.items()
        if line is not None and not form.get(f"status-{person}")
    }
    return {**{name: form[name] for name in form}, **signed}


def _walk_ins(form: Mapping[str, str]) -> list[tuple[int, str]]:
    typed = ((place, form.get(f"walk-in-{place}", "").strip()) for place in range(WALK_INS))
    return [(place, name) for place, name in typed if name]
