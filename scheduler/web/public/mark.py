"""The organization's own mark, where a setting names one."""

from flask import abort, current_app, send_file
from flask.typing import ResponseReturnValue

from scheduler.config import Settings
from scheduler.web import guard
from scheduler.web.public.blueprint import blueprint

AN_HOUR = 3600


@blueprint.get("/mark")
@guard.public
def mark() -> ResponseReturnValue:
    """The picture beside the organization's name; 404 where it uses ours."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.mark:
        abort(404)
    return send_file(settings.mark, max_age=AN_HOUR)
