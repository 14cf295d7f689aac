"""Another program, site or counselor within the same stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.belonging import remember, take_hold
from scheduler.domain.admissions.outcome import Outcome, Verb
from scheduler.domain.people.roles import Actor
from scheduler.domain.stays.service import change_stay, load_stay
from scheduler.errors import Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision


def change(
    session: Database,
    *,
    actor: Actor,
    stay_id: int,
    revision: int,
    program_id: int | None,
    site_id: int | None,
    counselor_id: int | None,
    now: datetime,
) -> Outcome:
    """The stay goes on in another program, at another site, with another counselor; nothing else changes.

    Raises NotFound, Conflict where `revision` is not the newest, Refused once the stay has ended, Invalid on
    `program_id`, `site_id` and `counselor_id` for what is not there.
    """
    person_id = load_stay(session, stay_id).person_id
    take_hold(session, person_id, persons=[] if counselor_id is None else [counselor_id])
    stay = load_stay(session, stay_id)
    require_revision(stay, revision)
    if stay.discharged_on is not None:
        raise Refused("This stay has ended.")
    with remember(session, Verb.CHANGE, person_id=person_id, actor=actor, now=now) as memory:
        change_stay(
            session,
            stay=stay,
            program_id=program_id,
            site_id=site_id,
            counselor_id=counselor_id,
            now=now,
        )
    record(
        session,
        actor=actor,
        at=now,
        action="stay.changed",
        subject="stay",
        subject_id=stay_id,
        person_id=person_id,
        detail={
            "program": program_id,
            "site": site_id,
            "counselor": counselor_id,
        },
    )
    return Outcome(memory.id, stay_id, ())
