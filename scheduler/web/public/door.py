"""The code at a door, scanned: what a camera opens."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler.extensions import limiter
from scheduler.web import at_door, guard
from scheduler.web.public.blueprint import blueprint


@blueprint.get("/in/<code>")
@limiter.limit("60/minute", key_func=guard.asker)  # a whole group comes in by one network
@guard.public
def door(code: str) -> Response:
    """Exchange a fresh code for a pass of this browser, and lead on; nothing else is looked up or changed.

    Signing in takes longer than a code lives, so that it is judged here, before anybody is asked who they
    are. The pass says only which door was scanned, and when. It stands in the cookie and in no address: a
    link that is sent to somebody else opens nothing there once its code is over.
    """
    if not at_door.enter(code):
        answer = make_response(render_template("public/door_over.html", title=at_door.title()), 410)
    else:
        answer = make_response(redirect(url_for("member.check_in"), code=303))
    answer.headers["Cache-Control"] = "no-store"
    return answer
