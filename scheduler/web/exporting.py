"""Everything held about a person, as a file: offered to administrators, and to everybody about themselves."""

from typing import Final

from flask import Response, abort, current_app

from scheduler import clock
from scheduler.config import FILES, Settings
from scheduler.domain.privacy.export import export
from scheduler.extensions import db
from scheduler.formats.record_json import record_json
from scheduler.formats.record_pdf import TEMPLATE, record_pdf
from scheduler.store.transaction import transaction
from scheduler.web import guard

TYPES: Final = {"json": "application/json", "pdf": "application/pdf"}


def record_file(person_id: int, form: str) -> Response:
    """The file, with a name that tells nothing; that it was made is on record before. Raises NotFound."""
    if form not in TYPES:
        abort(400)
    settings: Settings = current_app.extensions["settings"]
    with transaction(db.session) as session:
        held = export(session, actor=guard.actor(), person_id=person_id, form=form, now=clock.now())
    # Laid out with nothing held open: a long record takes a while.
    body = (
        record_pdf(held, zone=settings.timezone, template=FILES / TEMPLATE)
        if form == "pdf"
        else record_json(held)
    )
    named = {"Content-Disposition": f"attachment; filename=record.{form}"}
    return Response(body, mimetype=TYPES[form], headers=named)
