"""For programs that watch over the service. They tell nothing else."""

from scheduler.extensions import db
from scheduler.store import schema
from scheduler.web import guard
from scheduler.web.public.blueprint import blueprint

Answer = tuple[str, int, dict[str, str]]
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/healthz")
@guard.public
def healthz() -> Answer:
    """The process lives; nothing else is asked."""
    return "ok\n", 200, PLAIN


@blueprint.get("/readyz")
@guard.public
def readyz() -> Answer:
    """The database answers and has the expected form; a database that does not answer is a 503 by itself."""
    form = schema.form_of(db.session.connection())
    return f"{form}\n", 200 if form is schema.Form.READY else 503, PLAIN
