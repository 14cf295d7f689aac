"""Somebody asks: one answer, one way to it, and a record that points at nobody it is not sure of."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.privacy.asks import NEITHER, answer_asker
from scheduler.domain.privacy.models import Inquiry
from scheduler.errors import Invalid
from scheduler.store.audit import AuditEntry
from tests.support import factories
from tests.support.people import Everybody
from tests.support.statements import counted

MEMBER, STRANGER = "renée TAMM", "Somebody Else"


def asked(session: Database, people: Everybody, about: str, now: datetime, asker: str = "A brother") -> str:
    return answer_asker(session, actor=people.facilitator.actor, asker=asker, about=about, now=now)


@pytest.mark.parametrize("about", [MEMBER, STRANGER])
def test_a_member_and_a_stranger_have_the_same_answer(
    people: Everybody, session: Database, now: datetime, about: str
) -> None:
    assert asked(session, people, about, now) == NEITHER


def test_a_member_and_a_stranger_cost_the_same_statements(
    people: Everybody, session: Database, now: datetime
) -> None:
    sent = []
    for about in (MEMBER, STRANGER):
        with counted(session) as statements:
            asked(session, people, about, now)
            session.flush()
        sent.append(statements)
    assert sent[0] == sent[1]


def test_the_call_is_on_record_and_the_audit_names_nobody(
    people: Everybody, session: Database, now: datetime
) -> None:
    asked(session, people, MEMBER, now)
    asked(session, people, STRANGER, now)
    rows = session.execute(select(Inquiry.asker, Inquiry.person_id, Inquiry.taken_by).order_by(Inquiry.id))
    dana = people.facilitator.id
    assert [tuple(row) for row in rows] == [("A brother", people.member.id, dana), ("A brother", None, dana)]
    noted = select(AuditEntry.person_id, AuditEntry.detail).where(AuditEntry.action == "inquiry.answered")
    assert [tuple(row) for row in session.execute(noted)] == [(None, {}), (None, {})]


def test_of_two_people_of_one_name_neither_is_meant(
    people: Everybody, session: Database, now: datetime
) -> None:
    factories.member(session, "Renee Tamm")
    asked(session, people, MEMBER, now)
    assert session.scalars(select(Inquiry.person_id)).all() == [None]


@pytest.mark.parametrize(
    ("asker", "about", "field"), [("", "x", "asker"), ("x", "\u200b", "about"), ("x" * 201, "x", "asker")]
)
def test_a_name_that_is_none_is_refused(
    people: Everybody, session: Database, now: datetime, asker: str, about: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        asked(session, people, about, now, asker)
    assert list(refused.value.fields) == [field]
