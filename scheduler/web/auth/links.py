"""Links by mail: asking for one, and setting a password by one."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import linking
from scheduler.domain.access.queries import LinkOwner, link_owner
from scheduler.domain.people import links, lockout, passwords
from scheduler.domain.people.links import TO_A_PASSWORD
from scheduler.errors import NotFound
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import settings
from scheduler.web.auth.forms import ForgotForm, NewPasswordForm, typed
from scheduler.web.forms import refusals_on, status_of
from scheduler.web.language import gettext as _

Answer = Response | tuple[str, int]


@blueprint.route("/forgot", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@guard.public
def forgot() -> Answer:
    """Ask for a link to a new password: the same words, in the same time, for every address."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("auth/forgot.html", form=form), status_of(form)
    with transaction(db.session) as session:
        linking.ask_reset(session, email=typed(form.email), now=clock.now())
    return render_template("auth/forgot_sent.html", minutes=settings().reset_minutes), 200


@blueprint.route("/set-password/<token>", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@guard.public
def set_password(token: str) -> Answer:
    """Set a password by an invitation or a reset. Looking uses nothing up: mail programs look, too."""
    link_id = links.id_of(settings().secret_key, token)
    owner = link_owner(db.session(), link_id=link_id, now=clock.now()) if link_id else None
    if link_id is None or owner is None or owner.purpose not in TO_A_PASSWORD:
        return _over()
    form = NewPasswordForm()
    if form.validate_on_submit():
        with refusals_on(form):
            passwords.require_good(
                typed(form.password), about=[owner.name, owner.email, settings().organization]
            )
            return _set(link_id, owner, typed(form.password))
    return render_template("auth/set_password.html", form=form, owner=owner), status_of(form)


def _set(link_id: int, owner: LinkOwner, password: str) -> Answer:
    db.session.rollback()  # nothing is held open while the hash is made
    password_hash = passwords.hashed(password)
    key = lockout.key_of(settings().secret_key, owner.email)
    try:
        with transaction(db.session) as session:
            linking.use_link(session, link_id=link_id, password_hash=password_hash, key=key, now=clock.now())
    except NotFound:
        return _over()
    flash(_("Your password is set. Sign in with it."))
    return redirect(url_for("auth.sign_in"), code=303)


def _over() -> tuple[str, int]:
    """Used, expired, forged: one page, so that it tells nothing about which."""
    return render_template("auth/link_over.html", ask=url_for("auth.forgot")), 410
