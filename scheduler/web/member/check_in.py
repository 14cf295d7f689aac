"""*I'm here*: a member who scanned the code at the door puts themselves on the sheet."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance.checking_in import check_in as come_in
from scheduler.domain.people.roles import Role
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import at_door, guard
from scheduler.web.language import gettext
from scheduler.web.member.blueprint import blueprint
from scheduler.web.sheet_locks import locks


@blueprint.get("/check-in")
@guard.allow(Role.MEMBER)
def check_in() -> str:
    """One button for whoever has a pass. The same for all: it says of no session who belongs to it."""
    return render_template("member/check_in.html", given=_given(), refused=False)


@blueprint.post("/check-in")
@limiter.limit("60/minute", key_func=guard.asker)
@guard.allow(Role.MEMBER)
def come() -> Response | str:
    """Mark them present, or late by the clock of their scan; else somebody has to look: no more is told."""
    given, actor = _given(), guard.actor()
    if given is None:
        return redirect(url_for("member.check_in"), code=303)
    with transaction(db.session) as session:
        is_in = come_in(
            session,
            actor=actor,
            occurrence_id=given.occurrence_id,
            scanned_at=given.scanned_at,
            once=given.once,
            now=clock.now(),
            locks=locks(),
        )
    if not is_in:
        return render_template("member/check_in.html", given=given, refused=True)
    at_door.use(actor.person_id or 0)
    flash(gettext("You are on the sheet."))
    return redirect(url_for("member.week"), code=303)


def _given() -> at_door.Pass | None:
    """The pass of this browser, unless it let somebody else in."""
    given = at_door.found()
    return given if given and given.used_by in (None, guard.actor().person_id) else None
