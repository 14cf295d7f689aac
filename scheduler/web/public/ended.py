"""Whether a device that keeps sheets was ended: said without a sign-in, as that was ended too."""

from typing import Final

from flask import abort, jsonify, request
from werkzeug.wrappers import Response

from scheduler.domain.attendance import devices, tickets
from scheduler.extensions import db, limiter
from scheduler.web import guard
from scheduler.web.auth.carrying import settings
from scheduler.web.public.blueprint import blueprint

TICKET: Final = "X-Device"
"""The header with a device's ticket, empty from one that has none. Links and other sites never send it."""


@blueprint.get("/kept/ended")
@guard.public
@limiter.limit("60/minute")
def ended() -> Response:
    """Only who has the ticket can ask; one that nobody signed or knows is of no ended device."""
    if TICKET not in request.headers:
        abort(404)
    known = devices.known_by(db.session(), tickets.read(settings().secret_keys, request.headers[TICKET]))
    return jsonify({"ended": known is not None and known.is_ended})
