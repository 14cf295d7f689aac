"""Arriving by a printed slip: one button for whoever scanned it, one field for whoever types it."""

from typing import Final

from flask import make_response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import slip_codes
from scheduler.domain.access.slips import use_slip
from scheduler.domain.people.lockout import key_of
from scheduler.domain.people.roles import Role
from scheduler.extensions import db, limiter, origin
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import Begun, begun_with, carry, device, lasting, settings
from scheduler.web.auth.trying import Refusal, may_try
from scheduler.web.forms import Form, Line, status_of
from scheduler.web.language import lazy_gettext

OWNER: Final = (Role.MEMBER,)
"""A slip opens a member's pages only, and the phone stays signed in: nobody types anything."""


class SlipForm(Form):
    """The code on the paper."""

    code = Line(lazy_gettext("Code"), longest=40, needed=lazy_gettext("Type the code on your slip."))


@blueprint.get("/s/<code>")
@guard.public
def slip_scanned(code: str) -> Response:
    """What a camera opens. Looking uses nothing up and looks nothing up: link previews come here, too."""
    return _page(SlipForm(formdata=None), scanned=slip_codes.read(code))


@blueprint.route("/s", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@guard.public
def slip() -> Response:
    """Type the code, or send the one that was scanned; a right one signs in and leads to the calendar."""
    form = SlipForm()
    if not form.validate_on_submit():
        return _page(form, status=status_of(form))
    tried = _try(form.code.data or "")
    if isinstance(tried, Refusal):
        return _page(SlipForm(formdata=None), refusal=tried, status=422)
    carry(tried)
    return redirect(url_for("member.calendar_look"), code=303)


def _try(typed: str) -> Begun | Refusal:
    """Tries are counted by where they come from, since a code that is guessed belongs to nobody."""
    given = settings()
    key = key_of(given.secret_key, f"slips from {origin()}")
    if not may_try(key):
        return Refusal.WAIT
    with transaction(db.session) as session:
        arrived = use_slip(
            session,
            code=slip_codes.read(typed) or "",
            secret_key=given.secret_key,
            lasts=lasting(OWNER, wished=True),
            device=device(),
            key=key,
            instead_of=guard.actor().sign_in_id,
            now=clock.now(),
        )
    begun = begun_with(arrived.secret, OWNER, wished=True) if arrived else None
    return begun or Refusal.WRONG


def _page(
    form: SlipForm, *, scanned: str | None = None, refusal: Refusal | None = None, status: int = 200
) -> Response:
    viewer = current_user.short_name if current_user.is_authenticated else ""
    page = make_response(
        render_template(
            "auth/slip.html",
            form=form,
            scanned=scanned,
            refusal=refusal.value if refusal else "",
            here=viewer,
            title=settings().calendar_name,
        ),
        status,
    )
    page.headers["Cache-Control"] = "no-store"
    return page
