"""Signing in by what comes by mail: six digits for the browser that asked, or a link for any."""

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import codes, digits
from scheduler.domain.access.queries import link_owner
from scheduler.domain.people import links
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.roles import Role
from scheduler.domain.people.sign_ins import Method, Way
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth import states
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import Begun, begun_with, carry, device, lasting, settings
from scheduler.web.auth.forms import CodeForm, KeepForm, SendCodeForm, typed
from scheduler.web.auth.home import home_of
from scheduler.web.auth.trying import Refusal, key_of, may_try
from scheduler.web.forms import status_of

Answer = Response | tuple[str, int]
OWNER = (Role.MEMBER,)
"""Whom a mailbox is enough for; who is more signs in otherwise."""


@blueprint.route("/sign-in/send-code", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@guard.public
def send_code() -> Answer:
    """Ask for a code: the same words, in the same time, for every address."""
    wanted = guard.safe_next(request.args.get("next"))
    form = SendCodeForm()
    if not form.validate_on_submit():
        return render_template("auth/send_code.html", form=form), status_of(form)
    browser = digits.new_browser()
    with transaction(db.session) as session:
        scope = digits.scope_of_browser(browser)
        codes.ask_code(session, email=typed(form.email), scope=scope, now=clock.now())
    state = {"browser": browser, "key": key_of(typed(form.email)), "keep": form.keep.data, "next": wanted}
    states.put("code", state, lasts=timedelta(minutes=settings().code_minutes))
    return redirect(url_for("auth.type_code"), code=303)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@guard.public
def type_code() -> Answer:
    """Type the code that was sent; it works in the browser that asked for it, and once."""
    state = states.found("code")
    if state is None:
        return redirect(url_for("auth.send_code"), code=303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form), status_of(form)
    tried = _try_code(state, typed(form.code))
    if isinstance(tried, Refusal):
        return _code_page(CodeForm(formdata=None), tried.value), 422
    carry(tried)
    return redirect(state["next"] or home_of(guard.actor().roles), code=303)


@blueprint.route("/sign-in-link/<token>", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@guard.public
def sign_in_link(token: str) -> Answer:
    """One button. Looking uses nothing up: mail programs look, too."""
    link_id = links.id_of(settings().secret_key, token)
    owner = link_owner(db.session(), link_id=link_id, now=clock.now()) if link_id else None
    if link_id is None or owner is None or owner.purpose is not Purpose.SIGN_IN:
        return over()
    form = KeepForm()
    if not form.validate_on_submit():
        return render_template("auth/sign_in_link.html", form=form), status_of(form)
    with transaction(db.session) as session:
        secret = codes.sign_in_by_link(
            session,
            link_id=link_id,
            way=Way(Method.LINK, device()),
            lasts=lasting(OWNER, wished=form.keep.data),
            key=key_of(owner.email),
            instead_of=guard.actor().sign_in_id,
            now=clock.now(),
        )
    begun = begun_with(secret, OWNER, wished=form.keep.data)
    if begun is None:
        return over()
    carry(begun)
    return redirect(home_of(guard.actor().roles), code=303)


def over() -> tuple[str, int]:
    """Used, late, forged: one page, so that it tells nothing about which."""
    return render_template("auth/link_over.html", ask=url_for("auth.send_code")), 410


def _try_code(state: Any, code: str) -> Begun | Refusal:
    if not may_try(state["key"]):
        return Refusal.WAIT
    secret_key, now = settings().secret_key, clock.now()
    scope = digits.scope_of_browser(state["browser"])
    with transaction(db.session) as session:
        link_id = codes.guess(
            session, purpose=Purpose.SIGN_IN, scope=scope, typed=code, secret_key=secret_key, now=now
        )
        secret = link_id and codes.sign_in_by_link(
            session,
            link_id=link_id,
            way=Way(Method.CODE, device()),
            lasts=lasting(OWNER, wished=state["keep"]),
            key=state["key"],
            instead_of=guard.actor().sign_in_id,
            now=now,
        )
    return begun_with(secret or None, OWNER, wished=state["keep"]) or Refusal.WRONG


def _code_page(form: CodeForm, refusal: str = "") -> str:
    return render_template("auth/type_code.html", form=form, refusal=refusal, minutes=settings().code_minutes)
