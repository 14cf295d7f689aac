"""The second step at the door: after a right password, and before anybody is signed in."""

from datetime import timedelta
from typing import Any, Final

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import beginning, second_step
from scheduler.domain.access.digits import keyed
from scheduler.domain.access.queries import Credentials, credentials_of
from scheduler.domain.people.sign_ins import Way
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth import states
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import Begun, begun_with, carry, device, lasting, settings
from scheduler.web.auth.forms import CodeForm, typed
from scheduler.web.auth.home import home_of
from scheduler.web.auth.keys import party
from scheduler.web.auth.trying import Refusal, may_try
from scheduler.web.forms import status_of

LASTS: Final = timedelta(minutes=5)
"""How long a right password waits for its second step."""


def wait_for(known: Credentials, *, key: str, wished: bool, wanted: str | None) -> Response:
    """Lead to the second step of whom the password was right for; nobody is signed in by it."""
    state = {"person": known.person_id, "same": _mark(known), "key": key, "keep": wished, "next": wanted}
    states.put("second", state, lasts=LASTS)
    return redirect(url_for("auth.door_step"), code=303)


@blueprint.route("/sign-in/second-step", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@guard.public
def door_step() -> Response | tuple[str, int]:
    """Type the code of an app or a printed one, or use a passkey."""
    state = states.found("second")
    known = credentials_of(db.session(), state["person"]) if state else None
    if state is None or known is None or _mark(known) != state["same"]:
        return redirect(url_for("auth.sign_in"), code=303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form, known), status_of(form)
    tried = _try(known, state, typed(form.code))
    if isinstance(tried, Refusal):
        return _page(CodeForm(formdata=None), known, tried.value), 422
    carry(tried)
    return redirect(state["next"] or home_of(guard.actor().roles), code=303)


def _try(known: Credentials, state: Any, code: str) -> Begun | Refusal:
    if not may_try(state["key"]):
        return Refusal.WAIT
    now = clock.now()
    with transaction(db.session) as session:
        secret = second_step.check(
            session, person_id=known.person_id, typed=code, secret_key=settings().secret_key, now=now
        ) and beginning.begin(
            session,
            person_id=known.person_id,
            way=Way(device=device(), second_step=True),
            lasts=lasting(known.roles, wished=state["keep"]),
            key=state["key"],
            password_hash=known.password_hash or "",
            instead_of=guard.actor().sign_in_id,
            now=now,
        )
    return begun_with(secret or None, known.roles, wished=state["keep"]) or Refusal.WRONG


def _mark(known: Credentials) -> str:
    """What changes with the password, and tells nothing of it."""
    return keyed(settings().secret_key, "second step", known.password_hash or "")


def _page(form: CodeForm, known: Credentials, refusal: str = "") -> str:
    return render_template("auth/door_step.html", form=form, known=known, refusal=refusal, party=party())
