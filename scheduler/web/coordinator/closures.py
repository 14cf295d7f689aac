"""Closures: the list, closing a place, opening it again, and the list of everybody to call."""

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime
from secrets import token_hex
from typing import Final

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session as Database
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms, sites
from scheduler.domain.planning.calling import Calls, calls_of, set_reached
from scheduler.domain.planning.closed import (
    ClosureView,
    Touched,
    closure_view,
    closures,
    going_on_in,
    touched_by,
)
from scheduler.domain.planning.closing import change_end, close_place, lift_closure
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.closure_forms import ClosureForm, EndForm, closure_form
from scheduler.web.coordinator.closure_words import Summary, fate_of, summary_of, tone_of
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.forms import Form, is_part, refusals_on, status_of, wall_time
from scheduler.web.guard import actor, allow, log_read, reach
from scheduler.web.language import gettext
from scheduler.web.numbers import whole

blueprint.add_app_template_filter(fate_of, "fate")
blueprint.add_app_template_filter(tone_of, "fate_tone")

Answer = tuple[str, int] | Response
Act = Callable[[Database], int]
WRONG: Final = {
    "local_start": "from_day",
    "local_end": "until_day",
    "choices": "all",
    "place": "place",
}
"""Where the form says what is wrong with a draft."""


@blueprint.get("/closures")
@allow(Role.COORDINATOR)
def closures_page() -> str:
    """What is closed now, what will be, and what was."""
    found, now = closures(db.session(), within=reach().of_closures()), clock.now()
    return render_template(
        "coordinator/closure/list.html",
        now_closed=[each for each in found if each.is_on(now)],
        to_come=[each for each in reversed(found) if not each.is_over(now) and not each.is_on(now)],
        past=[each for each in found if each.is_over(now)],
    )


@blueprint.route("/closures/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def closures_new() -> Answer:
    """Close a place: asks, shows what it will do, does it. ``?place=`` chooses it: ``site-3``, ``room-7``."""
    form = _form()
    shown: Summary | None = None
    if form.validate_on_submit():
        with refusals_on(form, **WRONG):
            draft, key = form.draft(_zone()), form.form.data or ""

            def act(session: Database) -> int:
                done = close_place(session, actor=actor(), draft=draft, form=key, now=clock.now())
                return done.closure_id

            shown = _rehearsed(act)
            if form.seen.data == _fingerprint(form, shown):
                with transaction(db.session) as session:
                    closure_id = act(session)
                return _to(closure_id)
    form.seen.data = _fingerprint(form, shown) if shown and not form.errors else ""
    form.form.data = form.form.data or token_hex(8)
    page = render_template("coordinator/closure/new.html", form=form, shown=shown)
    return page, status_of(form)


@blueprint.get("/closures/<int:closure_id>")
@allow(Role.COORDINATOR)
def closures_one(closure_id: int) -> Answer:
    """What a closure does, and everybody whom it concerns."""
    return _page(_load(closure_id))


@blueprint.post("/closures/<int:closure_id>/calls")
@allow(Role.COORDINATOR)
def closures_call(closure_id: int) -> Answer:
    """Tick somebody off, or take the tick back; with htmx the answer is the list."""
    closure = _load(closure_id)
    person = whole(request.form.get("person"))
    if person is None:
        raise NotFound
    with transaction(db.session) as session:
        set_reached(
            session,
            actor=actor(),
            closure_id=closure_id,
            person_id=person,
            is_reached=request.form.get("reached") == "yes",
            reach=reach(),
            now=clock.now(),
        )
    if is_part():
        return render_template("coordinator/closure/_calls.html", **_calls(closure)), 200
    return redirect(url_for("coordinator.closures_one", closure_id=closure_id, _anchor="calls"), code=303)


@blueprint.post("/closures/<int:closure_id>/lift")
@allow(Role.COORDINATOR)
def closures_lift(closure_id: int) -> Answer:
    """Open the place again: shows what comes back, then does it."""
    closure, form = _load(closure_id), EndForm()

    def act(session: Database) -> int:
        lift_closure(
            session, actor=actor(), closure_id=closure_id, revision=form.revision.seen, now=clock.now()
        )
        return closure_id

    return _decide(closure, form, act, lifts=True)


@blueprint.post("/closures/<int:closure_id>/end")
@allow(Role.COORDINATOR)
def closures_end(closure_id: int) -> Answer:
    """Until another time: shows what comes back and what is stopped besides, then does it."""
    closure, form = _load(closure_id), EndForm()

    def act(session: Database) -> int:
        change_end(
            session,
            actor=actor(),
            closure_id=closure_id,
            revision=form.revision.seen,
            local_end=wall_time(form.until_day, form.until_time),
            now=clock.now(),
        )
        return closure_id

    return _decide(closure, form, act, lifts=False, is_sound=form.validate_on_submit())


def _decide(closure: ClosureView, form: EndForm, act: Act, *, lifts: bool, is_sound: bool = True) -> Answer:
    """Rehearse it and show it; do it once that is what was shown."""
    shown: Summary | None = None
    if is_sound:
        with refusals_on(form, local_end="until_day"):
            shown = _rehearsed(act, before=closure.id)
            if request.form.get("seen") == _fingerprint(form, shown):
                with transaction(db.session) as session:
                    act(session)
                flash(
                    gettext("%(place)s is open again.", place=closure.place) if lifts else gettext("Saved.")
                )
                return _to(closure.id)
    if form.errors or shown is None:
        return _page(closure, end=form)
    seen = _fingerprint(form, shown)
    page = render_template(
        "coordinator/closure/change.html", closure=closure, form=form, shown=shown, seen=seen, lifts=lifts
    )
    return page, 200


def _rehearsed(act: Act, *, before: int | None = None) -> Summary:
    """What it would do, by doing it and taking it back."""
    known = {} if before is None else {each.occurrence_id: each for each in touched_by(db.session(), before)}
    with rehearsal(db.session) as session:
        closure_id = act(session)
        sessions = touched_by(session, closure_id)
        changed = [each for each in sessions if _says(each) != _says(known.get(each.occurrence_id))]
        calls = calls_of(session, closure_id, [each.occurrence_id for each in changed], reach=reach())
        going_on = going_on_in(session, closure_id, now=clock.now()) if before is None else ()
        return summary_of(changed, going_on, calls)


def _says(each: Touched | None) -> object:
    return None if each is None else (each.did, each.became, each.to_place, each.takes_place)


def _page(closure: ClosureView, *, end: Form | None = None) -> Answer:
    now = clock.now()
    form = end or EndForm(
        formdata=None,
        data={
            "until_day": closure.local_end.date(),
            "until_time": closure.local_end.time(),
            "revision": closure.revision,
        },
    )
    page = render_template(
        "coordinator/closure/one.html",
        is_over=closure.is_over(now),
        is_on=closure.is_on(now),
        may_open=not closure.is_online or reach().sites is None,
        going_on=() if closure.is_over(now) else going_on_in(db.session(), closure.id, now=now),
        form=form,
        **_calls(closure),
    )
    return page, status_of(form)


def _calls(closure: ClosureView) -> dict[str, object]:
    """What the list of calls shows; who is on it is on record."""
    session, now = db.session(), clock.now()
    sessions = _to_tell(closure, touched_by(session, closure.id), now)
    calls = calls_of(session, closure.id, [each.occurrence_id for each in sessions], reach=reach())
    log_read(subject="closure", subject_id=closure.id, persons=calls.persons)
    return {"closure": closure, "sessions": sessions, "calls": calls, "counts": _counts(calls)}


def _to_tell(closure: ClosureView, sessions: Collection[Touched], now: datetime) -> list[Touched]:
    """All that it changed; once it is lifted, what is still to come: that it takes place again."""
    if closure.lifted_at is None:
        return list(sessions)
    return [each for each in sessions if each.starts_at > now]


def _counts(calls: Calls) -> tuple[int, int]:
    return len(calls.reached), len(calls.persons)


def _load(closure_id: int) -> ClosureView:
    closure = closure_view(db.session(), closure_id)
    if closure is None:
        raise NotFound
    return closure


def _form() -> ClosureForm:
    session = db.session()
    found = sites(session, within=reach().of_sites())
    offered = rooms(session, within=reach().of_rooms())
    return closure_form(
        found,
        offered,
        may_close_online=reach().sites is None,
        place=request.args.get("place", ""),
        now=clock.now(),
        zone=_zone(),
    )


def _zone() -> str:
    """The center's own; a place with another clock says so in the preview."""
    zone: str = current_app.extensions["settings"].timezone
    return zone


def _to(closure_id: int) -> Response:
    return redirect(url_for("coordinator.closures_one", closure_id=closure_id), code=303)


def _fingerprint(form: Form, shown: Summary) -> str:
    """The same for a form that says the same and does the same as when it was looked at."""
    typed = [f"{field.short_name}={field.data}" for field in form if field.short_name != "seen"]
    said = [
        f"{each.occurrence_id} {each.did} {each.became} {each.to_place}"
        for each in (*shown.sessions, *shown.going_on)
    ]
    return hashlib.sha256("\n".join([*typed, *said]).encode()).hexdigest()
