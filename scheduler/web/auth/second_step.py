"""One's own second step: an app on the phone, and printed codes for when it is away."""

import pyotp
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import sealing
from scheduler.domain.access import second_step as steps
from scheduler.domain.access.queries import SecondStep, second_step_of
from scheduler.domain.people.roles import STAFF, Actor
from scheduler.errors import NotFound
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import settings
from scheduler.web.auth.forms import CodeForm, typed
from scheduler.web.auth.keys import party
from scheduler.web.auth.me import my_record
from scheduler.web.auth.trying import key_of, may_try
from scheduler.web.forms import refusals_on, refuse, status_of
from scheduler.web.language import gettext as _
from scheduler.web.qr import qr_of

Answer = Response | tuple[str, int]


@blueprint.get("/me/second-step")
@guard.setting_up
def second_step() -> Answer:
    """What one has beside a password, and the way to it."""
    return _page(CodeForm(formdata=None))


@blueprint.post("/me/second-step/begin")
@guard.setting_up
def begin_second_step() -> Response:
    """Make the secret for an app; it counts once a code of the app was typed."""
    with transaction(db.session) as session:
        steps.set_up(session, actor=_staff(), secret_key=settings().secret_key, now=clock.now())
    return redirect(url_for("auth.second_step"), code=303)


@blueprint.post("/me/second-step/confirm")
@limiter.limit("20/minute")
@guard.setting_up
def confirm_second_step() -> Answer:
    """Confirm the app; the printed codes are shown, this once."""
    form = CodeForm()
    if form.validate_on_submit() and _may_try(form):
        with refusals_on(form):
            with transaction(db.session) as session:
                codes = steps.confirm(
                    session,
                    actor=_staff(),
                    typed=typed(form.code),
                    secret_key=settings().secret_key,
                    now=clock.now(),
                )
            return render_template("auth/recovery_codes.html", codes=codes), 200
    return _page(form)


@blueprint.post("/me/second-step/codes")
@limiter.limit("20/minute")
@guard.signed_in_only
def new_recovery_codes() -> Answer:
    """Replace the printed codes, by a code of the app or the last printed one."""
    form = CodeForm()
    if _is_mine(form):
        with transaction(db.session) as session:
            codes = steps.new_codes(
                session, actor=_staff(), secret_key=settings().secret_key, now=clock.now()
            )
        return render_template("auth/recovery_codes.html", codes=codes), 200
    return _page(form)


@blueprint.post("/me/second-step/remove")
@limiter.limit("20/minute")
@guard.signed_in_only
def remove_second_step() -> Answer:
    """Remove the app, by one of its codes or a printed one; whoever needs one sets up another at once."""
    form = CodeForm()
    if _is_mine(form):
        with transaction(db.session) as session:
            steps.remove(session, actor=guard.actor(), now=clock.now())
        flash(_("The app is removed."))
        return redirect(url_for("auth.second_step"), code=303)
    return _page(form)


def _staff() -> Actor:
    """Who asks, if they work here: others need no second step. Raises :class:`NotFound`."""
    who = guard.actor()
    if not who.has(*STAFF):
        raise NotFound
    return who


def _may_try(form: CodeForm) -> bool:
    """Count a try as at the door, by the address, or by the person who has none."""
    me = my_record()
    if may_try(key_of(me.email or f"person {me.id}")):
        return True
    refuse(form, "code", _("Too many tries. Wait a while."))
    return False


def _is_mine(form: CodeForm) -> bool:
    """Whether a right code was typed, which is used up by it."""
    if not form.validate_on_submit() or not _may_try(form):
        return False
    with transaction(db.session) as session:
        right = steps.check(
            session,
            person_id=guard.actor().person_id or 0,
            typed=typed(form.code),
            secret_key=settings().secret_key,
            now=clock.now(),
        )
    if not right:
        refuse(form, "code", steps.WRONG)
    return right


def _page(form: CodeForm) -> tuple[str, int]:
    has = second_step_of(db.session(), guard.actor().person_id or 0)
    secret = _waiting(has)
    page = render_template(
        "auth/second_step.html",
        form=form,
        has=has,
        secret=secret,
        qr=qr_of(_address(secret)) if secret else "",
        party=party(),
        works_here=guard.actor().has(*STAFF),
        required=settings().second_factor_required,
    )
    return page, status_of(form)


def _waiting(has: SecondStep) -> str | None:
    """The secret that waits to be confirmed by this sign-in."""
    if has.sealed_secret is None or has.confirmed_at or has.begun_by != guard.actor().sign_in_id:
        return None
    return sealing.opened(settings().secret_key, has.sealed_secret)


def _address(secret: str) -> str:
    """What an app reads; it shows the service by its host, which tells no more than its address."""
    host = settings().base_url.partition("://")[2].rstrip("/")
    return pyotp.TOTP(secret).provisioning_uri(name=my_record().short_name, issuer_name=host)
