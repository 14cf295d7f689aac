"""What a person sees when something is not there, not theirs, or went wrong."""

from flask import Flask, current_app, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from scheduler.errors import Conflict, Invalid, NotFound, Refused

Answer = tuple[str, int]

KNOWN = frozenset({400, 404, 405, 409, 410, 413, 422, 429, 500, 503})
"""The statuses that have a page of their own, ``templates/errors/<status>.html``."""


def prepare(app: Flask) -> None:
    """Answer each kind of error with its page; no page tells more than its status."""
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(Conflict, lambda error: _page(409, reason=str(error), conflict=error))
    app.register_error_handler(Invalid, lambda error: _page(422, reason=str(error)))
    app.register_error_handler(Refused, lambda error: _page(422, reason=str(error)))
    app.register_error_handler(CSRFError, lambda _error: _page(400))
    app.register_error_handler(SecurityError, _not_ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)


def _http(error: HTTPException) -> Answer | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    return _page(404 if status == 403 else status)


def _not_ours(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    # Asked for under another host's name: no page can be made, since every link on it would lead there.
    return "This is not the name of this service.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _database(_error: OperationalError) -> Answer:
    # The driver's text holds the statement and its values, so it goes no further.
    current_app.logger.error("the database did not answer")
    return _page(503)


def _page(status: int, **more: object) -> Answer:
    name = status if status in KNOWN else (400 if status < 500 else 500)
    try:
        return render_template(f"errors/{name}.html", **more), status
    except OperationalError as error:  # the page asks who is looking, and that may be the first question
        return _database(error)
