"""Signing in and out."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access.ending import end_sign_in
from scheduler.domain.access.queries import Credentials, can_come_back, channels_of
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.at_the_door import wait_for
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import carry
from scheduler.web.auth.forms import SignInForm, typed
from scheduler.web.auth.home import home_of
from scheduler.web.auth.keys import party
from scheduler.web.auth.trying import Refusal, key_of
from scheduler.web.auth.trying import sign_in as try_to
from scheduler.web.forms import status_of
from scheduler.web.language import gettext as _


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
@guard.public
def sign_in() -> Response | tuple[str, int]:
    """Sign in with an address and a password, and go where one wanted to."""
    wanted = guard.safe_next(request.args.get("next"))
    form = SignInForm()
    if not form.validate_on_submit():
        if request.method == "GET" and current_user.is_authenticated:
            return redirect(wanted or home_of(guard.actor().roles), code=303)
        return render_template("auth/sign_in.html", form=form, party=party()), status_of(form)
    now_here = guard.actor().sign_in_id
    tried = try_to(typed(form.email), typed(form.password), wished=form.keep.data, instead_of=now_here)
    if isinstance(tried, Refusal):
        page = render_template("auth/sign_in.html", form=form, refusal=tried.value, party=party())
        return page, 422
    if isinstance(tried, Credentials):
        return wait_for(tried, key=key_of(typed(form.email)), wished=form.keep.data, wanted=wanted)
    carry(tried)
    return redirect(wanted or home_of(tried.roles), code=303)


@blueprint.get("/me/sign-out")
@guard.signed_in_only
def leave() -> str:
    """Asks whoever could not come back by themselves whether to sign out."""
    found = channels_of(db.session(), guard.actor().person_id or 0)
    return render_template("auth/leave.html", to_confirm=found.to_confirm if found else None)


def would_be_locked_out() -> bool:
    """Whether whoever is signed in came by a slip and has no other way in."""
    person_id = guard.actor().person_id
    return person_id is not None and not can_come_back(db.session(), person_id)


@blueprint.post("/sign-out")
@guard.public
def sign_out() -> Response:
    """End this sign-in here and on the server; doing it twice is harmless.

    Whoever would not get in again is asked first.
    """
    if request.form.get("sure") != "yes" and would_be_locked_out():
        return redirect(url_for("auth.leave"), code=303)
    sign_in_id = guard.actor().sign_in_id
    if sign_in_id is not None:
        with transaction(db.session) as database:
            end_sign_in(database, sign_in_id=sign_in_id, now=clock.now())
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("auth.sign_in"), code=303)
