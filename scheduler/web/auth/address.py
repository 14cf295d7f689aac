"""One's own channels: another address, which counts once it is confirmed, and a phone number."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import channels, codes, digits
from scheduler.domain.access.queries import link_owner
from scheduler.domain.people import links
from scheduler.domain.people.links import Purpose
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import settings
from scheduler.web.auth.forms import CodeForm, EmailForm, PhoneForm, typed
from scheduler.web.auth.me import page
from scheduler.web.forms import Form, refusals_on, refuse
from scheduler.web.language import gettext as _

Answer = Response | tuple[str, int]


@blueprint.post("/me/email")
@limiter.limit("10/minute")
@guard.signed_in_only
def change_email() -> Answer:
    """Ask for another address: the same answer whether somebody else has it."""
    form = EmailForm()
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                channels.ask_change(session, actor=guard.actor(), email=typed(form.email), now=clock.now())
            flash(_("A message is on its way there. Type its code here, or open its link."))
            return redirect(url_for("auth.me"), code=303)
    return page(email=form)


@blueprint.post("/me/email/ask")
@limiter.limit("10/minute")
@guard.signed_in_only
def ask_to_confirm() -> Response:
    """Have a code sent, again or for the first time, to the address that waits for one's word."""
    who = guard.actor()
    try:
        with transaction(db.session) as session:
            channels.ask_to_confirm(session, actor=who, person_id=who.person_id or 0, now=clock.now())
        flash(_("A message is on its way there. Type its code here, or open its link."))
    except Refused as refused:
        flash(_(str(refused)))
    return redirect(url_for("auth.me"), code=303)


@blueprint.post("/me/email/confirm")
@limiter.limit("10/minute")
@guard.signed_in_only
def confirm_email() -> Answer:
    """Confirm the address that waits by the code that was sent to it."""
    form = CodeForm()
    if form.validate_on_submit():
        link_id = _guessed(typed(form.code))
        if link_id is not None and _confirmed(link_id, guard.actor().sign_in_id):
            return _thanks()
        refuse(form, "code", _("This is not the code, or its time is over."))
    return page(code=form)


@blueprint.post("/me/phone")
@guard.signed_in_only
def change_phone() -> Answer:
    """Set one's phone number, or none."""
    form = PhoneForm()
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                channels.set_phone(session, actor=guard.actor(), phone=typed(form.phone), now=clock.now())
            flash(_("Your phone number is saved."))
            return redirect(url_for("auth.me"), code=303)
    return page(phone=form)


@blueprint.route("/confirm-address/<token>", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@guard.public
def confirm_address(token: str) -> Answer:
    """One button, which confirms the address that the link was sent to. Looking uses nothing up."""
    link_id = links.id_of(settings().secret_key, token)
    owner = link_owner(db.session(), link_id=link_id, now=clock.now()) if link_id else None
    if link_id is None or owner is None or owner.purpose is not Purpose.CONFIRM:
        return _over()
    if not Form().validate_on_submit():
        return render_template("auth/confirm_address.html", owner=owner), 200
    mine = guard.actor().person_id == owner.person_id
    return _thanks() if _confirmed(link_id, guard.actor().sign_in_id if mine else None) else _over()


def _guessed(code: str) -> int | None:
    scope = digits.scope_of_person(guard.actor().person_id or 0)
    with transaction(db.session) as session:
        return codes.guess(
            session,
            purpose=Purpose.CONFIRM,
            scope=scope,
            typed=code,
            secret_key=settings().secret_key,
            now=clock.now(),
        )


def _confirmed(link_id: int, kept: int | None) -> bool:
    try:
        with transaction(db.session) as session:
            channels.confirm(session, link_id=link_id, kept=kept, now=clock.now())
    except (NotFound, Conflict):  # used meanwhile, or another person has the address by now
        return False
    return True


def _thanks() -> Response:
    flash(_("The address is confirmed."))
    return redirect(url_for("auth.me"), code=303)


def _over() -> tuple[str, int]:
    return render_template("auth/link_over.html", ask=url_for("auth.me")), 410
