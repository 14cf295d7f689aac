"""Somebody asks whether a person comes here. The answer is the same for a member and for a stranger."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import names
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor
from scheduler.domain.privacy.models import Inquiry
from scheduler.errors import Invalid
from scheduler.store.audit import record

NEITHER: Final = "neither"
"""The code of the one answer there is: neither confirmed nor denied."""


def answer_asker(session: Database, *, actor: Actor, asker: str, about: str, now: datetime) -> str:
    """Put on record that ``asker`` asked about somebody called ``about``, and answer the code of what to say.

    ``actor`` is somebody signed in. Who is meant is looked up by the whole name, and found or not, the same
    statements are sent. Where two have the name, nobody is meant: the record must not point at one of them.
    Raises :class:`Invalid` for an empty or overlong name.
    """
    asking = _name(asker, "asker", "Type who asks.")
    meant = names.search_name(_name(about, "about", "Type the name they asked about."))
    named = select(Identity.person_id).where(Identity.search_name == meant, Identity.search_name != "")
    found = session.scalars(named.limit(2)).all()
    row = Inquiry(
        at=now,
        taken_by=actor.person_id or 0,
        asker=asking,
        person_id=found[0] if len(found) == 1 else None,
        answer=NEITHER,
    )
    session.add(row)
    session.flush()
    # Without the person: a line that names one would say that there is one.
    record(session, at=now, actor=actor, action="inquiry.answered", subject="inquiry", subject_id=row.id)
    return row.answer


def _name(typed: str, field: str, empty: str) -> str:
    name = names.clean(typed)
    if not name:
        raise Invalid(empty, field)
    if len(name) > names.LONGEST:
        raise Invalid("Use at most 200 letters.", field)
    return name
