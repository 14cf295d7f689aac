"""Who a walk-in was: looked up by the exact full name, on the spot or afterwards."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import queries
from scheduler.domain.attendance.assembly import Head, WalkInLine
from scheduler.domain.attendance.matching import Matched, Member, mark_member, member_called
from scheduler.domain.attendance.merging import Outcome
from scheduler.domain.attendance.walk_ins import unmatched, walk_ins_of
from scheduler.domain.people.finding import Sight
from scheduler.domain.people.names import clean, short_name
from scheduler.domain.people.roles import Role
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.display import clock as clock_face
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.rows import word_of
from scheduler.web.facilitator.saving import correcting
from scheduler.web.facilitator.sheet import TAKERS, show
from scheduler.web.facilitator.typed import number
from scheduler.web.facilitator.walk_in_rows import typed_in, value_in, walk_in_row
from scheduler.web.facilitator.walking_in import asked_again, to_walk_ins
from scheduler.web.language import gettext
from scheduler.web.navigation import stand_with
from scheduler.web.sheet_locks import locks

Answer = Response | tuple[str, int]


_looks_up = limiter.shared_limit("20/minute", scope="look-up", key_func=guard.asker)


@blueprint.get("/walk-ins")
@guard.allow(Role.FACILITATOR, Role.COORDINATOR)
def walk_ins() -> str:
    """Walk-ins whom nobody matched yet, on the sheets that one may take."""
    found = unmatched(db.session(), guard.actor())
    if found:
        guard.log_read(subject="walk_ins")
    if not guard.actor().has(Role.FACILITATOR):
        stand_with("coordinator.people")
    return render_template("facilitator/walk_ins.html", found=found)


@blueprint.post("/sheets/<int:occurrence_id>/look-up")
@guard.allow(*TAKERS)
@_looks_up
def look_up(occurrence_id: int) -> Answer:
    """Show the one member who has exactly this name, or that there is none; it marks nobody."""
    try:
        member = member_called(
            db.session(),
            actor=guard.actor(),
            occurrence_id=occurrence_id,
            name=request.form.get("name", ""),
            sight=_sight(),
            on=clock.now().date(),
        )
    except Invalid as error:
        guard.log_read(subject="look_up", subject_id=occurrence_id)
        return _not_found(occurrence_id, error)
    return _page(occurrence_id, member), 200


@blueprint.post("/sheets/<int:occurrence_id>/match")
@guard.allow(*TAKERS)
@_looks_up
def match_member(occurrence_id: int) -> Answer:
    """Give the member with this name the mark, that of a walk-in where one is named."""
    form, now, walk_in = request.form, clock.now(), number(request.form.get("walk_in"))
    try:
        with transaction(db.session) as session:
            head = queries.head_of(session, actor=guard.actor(), occurrence_id=occurrence_id)
            done = mark_member(
                session,
                actor=guard.actor(),
                occurrence_id=occurrence_id,
                name=form.get("name", ""),
                sight=_sight(),
                value=value_in(form, head, now) if walk_in is None else None,
                walk_in_id=walk_in,
                seen=number(form.get("seen")) or 0,
                keep=form.get("choose") == "theirs",
                reason=form.get("reason", ""),
                now=now,
                locks=locks(),
            )
    except Invalid as error:
        if "reason" in error.fields:
            return show(occurrence_id, correcting=correcting(error)), 422
        if "status" not in error.fields:  # asked for before anybody is looked up
            guard.log_read(subject="look_up", subject_id=occurrence_id)
        return _not_found(occurrence_id, error)
    except (NotFound, Refused):
        guard.log_read(subject="look_up", subject_id=occurrence_id)
        raise
    except Conflict as error:
        guard.log_read(subject="look_up", subject_id=occurrence_id)
        flash(gettext(str(error)))
        return walk_ins(), 409
    guard.log_read(subject="look_up", subject_id=occurrence_id, persons=[done.member.person_id])
    if done.outcome is Outcome.CONFLICT:
        return _page(occurrence_id, done.member, conflict=done), 409
    _say_done(done)
    return redirect(url_for("facilitator.walk_ins"), code=303) if walk_in else to_walk_ins(occurrence_id)


def _sight() -> Sight:
    return guard.reach().of_people()


def _not_found(occurrence_id: int, error: Invalid) -> tuple[str, int]:
    if number(request.form.get("walk_in")) is None:
        return asked_again(occurrence_id, error)
    found = unmatched(db.session(), guard.actor())
    guard.log_read(subject="walk_ins")
    wrong = {
        "walk_in": number(request.form.get("walk_in")),
        "name": clean(request.form.get("name", ""))[:200],
        "error": gettext(next(iter(error.fields.values()))),
    }
    return render_template("facilitator/walk_ins.html", found=found, wrong=wrong), 422


def _page(occurrence_id: int, member: Member, conflict: Matched | None = None) -> str:
    session, walk_in = db.session(), number(request.form.get("walk_in"))
    head = queries.head_of(session, actor=guard.actor(), occurrence_id=occurrence_id)
    lines = walk_ins_of(session, occurrence_id) if walk_in is not None else ()
    line = next((line for line in lines if line.id == walk_in), None)
    guard.log_read(subject="look_up", subject_id=occurrence_id, persons=[member.person_id])
    return render_template(
        "facilitator/look_up.html",
        head=head,
        member=member,
        short=short_name(member.name),
        walk_in=walk_in_row(line, head) if line else None,
        typed=typed_in(request.form),
        reason=request.form.get("reason", ""),
        conflict=_both(conflict, head, line) if conflict else None,
        now=clock.now(),
    )


def _both(done: Matched, head: Head, line: WalkInLine | None) -> dict[str, object]:
    """What stands and what is wanted, as two answers to one question."""
    by = queries.short_names(db.session(), {done.saved.by} if done.saved.by else set())
    return {
        "theirs": word_of(done.saved.value, head),
        "theirs_status": done.saved.value.status,
        "by": by.get(done.saved.by or 0) or gettext("the system"),
        "at": clock_face(done.saved.at, head.timezone) if done.saved.at else "",
        "mine": word_of(done.value, head),
        "mine_status": done.value.status,
        "seen": done.saved.revision,
        "walked_in": line.name if line else None,
    }


def _say_done(done: Matched) -> None:
    flash(gettext("They are on the sheet."))  # without the name: a cookie can be read
    if done.member.on_hold:
        flash(gettext("They are on hold. The mark stands all the same."))
    elif not done.member.in_a_stay:
        flash(gettext("They are not in a program now. The mark stands all the same."))
