"""Choosing what tells people of one display name apart on sheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries
from scheduler.domain.attendance.alike import checked
from scheduler.domain.attendance.holding import hold_sheet
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.service import note
from scheduler.errors import NotFound


def distinguish(
    session: Database, *, actor: Actor, occurrence_id: int, chosen: Mapping[int, str], now: datetime
) -> None:
    """Say for people on a sheet what tells them apart (empty: nothing); it is shown on sheets only.

    Raises NotFound for who may not take the sheet and for somebody who is not on it, and Invalid on field
    ``distinction``.
    """
    opened = hold_sheet(session, actor, occurrence_id, list(chosen))
    on_it = {line.person_id for line in queries.lines(session, occurrence_id, private=opened.private)} - {0}
    if opened.by_heads or not on_it.issuperset(chosen):
        raise NotFound("There is nobody like this on the sheet.")
    for person, text in chosen.items():
        row, wanted = session.get_one(Identity, person, populate_existing=True), checked(text) or None
        if row.distinction != wanted:
            row.distinction = wanted
            note(session, actor, "person.distinguished", person, now)
