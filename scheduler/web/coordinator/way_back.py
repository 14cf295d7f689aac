"""The page that somebody came from, to lead back to after a change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from scheduler.domain.planning.queries import planned_occurrence
from scheduler.domain.schedule.queries import series_view
from scheduler.extensions import db

FIELD: Final = "back"
"""What a form sends it as: its own address with the query."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """A page of the coordinators that can be read: its endpoint, and its address on this server."""

    endpoint: str
    address: str


def way_back(typed: str) -> WayBack | None:
    """The page at that address; none for any other, or where what it was about is not there any more."""
    where = urlsplit(typed)
    if where.scheme or where.netloc or not where.path.startswith("/"):
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(where.path, method="GET")
    except HTTPException:
        return None
    if not endpoint.startswith("coordinator.") or not _is_there(values):
        return None
    return WayBack(endpoint, f"{where.path}?{where.query}" if where.query else where.path)


def _is_there(values: Mapping[str, int]) -> bool:
    session, series, occurrence = db.session(), values.get("series_id"), values.get("occurrence_id")
    if series is not None and series_view(session, series) is None:
        return False
    return occurrence is None or planned_occurrence(session, occurrence) is not None
