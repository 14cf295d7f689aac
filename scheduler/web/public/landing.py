"""The first page: what this is, and the way in."""

from flask import render_template

from scheduler.web import guard
from scheduler.web.public.blueprint import blueprint


@blueprint.get("/")
@guard.public
def landing() -> str:
    """One sentence, two ways on, and no promise."""
    return render_template("public/landing.html")
