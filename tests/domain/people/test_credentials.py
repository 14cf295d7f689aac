"""Credentials: given, corrected, taken off; what stood stays, and what is valid is told by day."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.credentials import (
    CHANGED,
    CredentialView,
    Draft,
    correct_credential,
    credentials_of,
    give_credential,
    take_credential,
    valid_on,
)
from scheduler.domain.people.models import Credential
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.store.audit import AuditEntry
from tests.support.people import Everybody

JULY = date(2026, 7, 14)
DRAFT = Draft("  LCSW ", "12\t345", date(2026, 1, 1), date(2026, 7, 14))


def test_what_stood_stays_when_it_is_corrected_ended_or_taken_off(
    people: Everybody, session: Database, now: datetime
) -> None:
    dana, odile = people.facilitator.id, people.coordinator.actor
    first = give_credential(session, actor=odile, person_id=dana, draft=DRAFT, now=now)
    until = Draft("LCSW", "12 346", date(2026, 1, 1), date(2026, 7, 13))
    correct_credential(session, actor=odile, person_id=dana, credential_id=first, draft=until, now=now)
    [stands] = credentials_of(session, dana)
    assert stands == CredentialView(stands.id, dana, "LCSW", "12 346", date(2026, 1, 1), date(2026, 7, 13))
    kept = session.get_one(Credential, first)
    assert (kept.kind, kept.number, kept.valid_until) == ("LCSW", "12 345", JULY)
    assert session.get_one(Credential, stands.id).replaces_id == first
    correct_credential(session, actor=odile, person_id=dana, credential_id=stands.id, draft=until, now=now)
    assert credentials_of(session, dana) == (stands,), "the same again changes nothing"
    with pytest.raises(Conflict) as stale:
        take_credential(session, actor=odile, person_id=dana, credential_id=first, now=now)
    assert str(stale.value) == CHANGED
    with pytest.raises(NotFound):
        take_credential(session, actor=odile, person_id=people.member.id, credential_id=stands.id, now=now)
    take_credential(session, actor=odile, person_id=dana, credential_id=stands.id, now=now)
    assert credentials_of(session, dana) == ()
    told = select(AuditEntry.action, AuditEntry.detail).where(AuditEntry.person_id == dana)
    assert [tuple(row) for row in session.execute(told.order_by(AuditEntry.id))][-3:] == [
        (f"credential.{did}", {}) for did in ("given", "corrected", "taken")
    ], "no number stands in the audit"


def test_what_is_valid_on_a_day_has_both_its_dates(
    people: Everybody, session: Database, now: datetime
) -> None:
    dana, femi = people.facilitator.id, people.other_facilitator.id
    for draft in (DRAFT, Draft("CADC", valid_from=date(2026, 7, 15)), Draft("Open")):
        give_credential(session, actor=people.coordinator.actor, person_id=dana, draft=draft, now=now)

    def kinds(day: date) -> dict[int, list[str]]:
        found = valid_on(session, [dana, femi], day)
        return {person: [each.kind for each in held] for person, held in found.items()}

    assert kinds(date(2025, 12, 31)) == {dana: ["Open"]}
    assert kinds(date(2026, 1, 1)) == kinds(JULY) == {dana: ["LCSW", "Open"]}
    assert kinds(date(2026, 7, 15)) == {dana: ["CADC", "Open"]}
    assert valid_on(session, [], JULY) == {}


def test_all_that_is_wrong_is_said_at_once(people: Everybody, session: Database, now: datetime) -> None:
    wrong = Draft("\u200b", "9" * 61, date(2026, 7, 2), date(2026, 7, 1))
    with pytest.raises(Invalid) as refusal:
        give_credential(
            session, actor=people.coordinator.actor, person_id=people.facilitator.id, draft=wrong, now=now
        )
    assert refusal.value.fields == {
        "kind": "Say what it is.",
        "number": "Use at most 60 letters.",
        "valid_until": "The last day is before the first.",
    }
