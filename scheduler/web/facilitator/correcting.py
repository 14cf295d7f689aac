"""A sheet that was handed in is corrected."""

from __future__ import annotations

from scheduler.web import guard
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sheet import TAKERS, Correcting, show


@blueprint.get("/sheets/<int:occurrence_id>/correct")
@guard.allow(*TAKERS)
def correct(occurrence_id: int) -> str:
    """Every mark, and why it is changed. A sheet that is not handed in, or is locked, looks as always."""
    return show(occurrence_id, correcting=Correcting())
