"""My sign-ins: the devices that are signed in, each ended at once."""

from datetime import timedelta
from typing import Final

from flask import flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access.ending import end_others, end_own
from scheduler.domain.access.queries import sign_ins_of
from scheduler.domain.attendance.devices import devices_of, end
from scheduler.domain.people.sign_ins import Method
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import settings
from scheduler.web.auth.sign_in import would_be_locked_out
from scheduler.web.language import gettext
from scheduler.web.language import lazy_gettext as _

HOW: Final[dict[Method, str]] = {
    Method.PASSWORD: _("By password"),
    Method.LINK: _("By a link that came by mail"),
    Method.CODE: _("By a code that came by mail"),
    Method.SLIP: _("By a printed slip"),
    Method.PASSKEY: _("By a passkey"),
}


@blueprint.get("/me/sign-ins")
@guard.signed_in_only
def sign_ins() -> str:
    """Where one is signed in, this device first."""
    who, idle = guard.actor(), timedelta(minutes=settings().staff_idle_minutes)
    found = sign_ins_of(db.session(), who.person_id or 0, now=clock.now(), idle=idle)
    mine = sorted(found, key=lambda each: each.id != who.sign_in_id)
    devices = devices_of(db.session(), who.person_id or 0)
    return render_template("auth/sign_ins.html", sign_ins=mine, this=who.sign_in_id, how=HOW, devices=devices)


@blueprint.post("/me/sign-ins/<int:sign_in_id>/end")
@guard.signed_in_only
def end_sign_in(sign_in_id: int) -> Response:
    """End one: it is over on that device at once, and here, if it is this one; asked first as to sign out."""
    who = guard.actor()
    if sign_in_id == who.sign_in_id and would_be_locked_out():
        return redirect(url_for("auth.leave"), code=303)
    with transaction(db.session) as database:
        end_own(database, actor=who, sign_in_id=sign_in_id, now=clock.now())
    if sign_in_id == who.sign_in_id:
        session.clear()
        flash(gettext("You are signed out."))
        return redirect(url_for("auth.sign_in"), code=303)
    flash(gettext("It is ended. That device is signed out."))
    return redirect(url_for("auth.sign_ins"), code=303)


@blueprint.post("/me/sign-ins/end-others")
@guard.signed_in_only
def end_other_sign_ins() -> Response:
    """End all but this one."""
    with transaction(db.session) as database:
        end_others(database, actor=guard.actor(), now=clock.now())
    flash(gettext("All other devices are signed out."))
    return redirect(url_for("auth.sign_ins"), code=303)


@blueprint.post("/me/devices/<int:device_id>/end")
@guard.signed_in_only
def end_device(device_id: int) -> Response:
    """End one of one's own devices that keep sheets: a tablet that was left somewhere."""
    who = guard.actor()
    with transaction(db.session) as database:
        end(database, actor=who, person_id=who.person_id or 0, device_id=device_id, now=clock.now())
    flash(gettext("It is ended and signed out. It gets no more names."))
    return redirect(url_for("auth.sign_ins"), code=303)
