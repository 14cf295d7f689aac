"""When a sign-in was last used: written after the answer went out, seldom, and never failing a page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from flask import Response, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as Database

from scheduler import clock
from scheduler.domain.access.ending import mark_seen
from scheduler.domain.people.roles import STAFF
from scheduler.errors import Conflict
from scheduler.extensions import db
from scheduler.store.transaction import transaction

View = TypeVar("View", bound=Callable[..., Any])

STAFF_EVERY: Final = timedelta(minutes=1)
MEMBERS_EVERY: Final = timedelta(hours=1)
"""As exact as the idle limit needs it; of members the hour is enough to know a device by."""


def note(response: Response) -> Response:
    """Have the use of this sign-in written once the answer is out, where the last note of it is old."""
    # Only where the page asked who is looking: the one about a database that is away must not.
    user = g.get("_login_user")  # Flask-Login's
    if user is None or not user.is_authenticated or _is_unasked():
        return response
    every = STAFF_EVERY if user.actor.has(*STAFF) else MEMBERS_EVERY
    sign_in_id, engine = user.actor.sign_in_id, db.engine
    if clock.now() - user.seen_at >= every:
        response.call_on_close(lambda: _write(engine, sign_in_id))
    return response


def unasked(view: View) -> View:
    """Name a view as one that a page asks for by itself: a sign-in that nobody uses is idle all the same."""
    view.unasked = True  # type: ignore[attr-defined]  # functions take attributes
    return view


def _is_unasked() -> bool:
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), "unasked", False))


def _write(engine: Engine, sign_in_id: int) -> None:
    try:
        with Database(engine) as session, transaction(session):
            mark_seen(session, sign_in_id=sign_in_id, now=clock.now())
    except (Conflict, DBAPIError):
        return  # the next request writes it
