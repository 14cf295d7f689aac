"""Making a person."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.people import queries, service, sign_ins
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.errors import Invalid


def test_a_person_signs_in_with_the_roles_that_they_were_given(session: Database, now: datetime) -> None:
    roles = [Role.MEMBER, Role.FACILITATOR]
    person_id = service.make_person(
        session, actor=SYSTEM, name=" Renée  Tamm\x00", email="R@X.org", roles=roles, now=now
    )
    secret = begin_sign_in(session, person_id=person_id, lasts=timedelta(hours=1), now=now)
    found = queries.signed_in(session, secret_hash=sign_ins.hash_of(secret), now=now)
    assert found is not None
    actor = Actor(person_id=person_id, sign_in_id=found.actor.sign_in_id, roles=frozenset(roles))
    assert found == queries.SignedIn(actor, "Renée T.", seen_at=now, second_step=False)


def test_a_sign_in_ends_with_its_hours(session: Database, now: datetime) -> None:
    person_id = service.make_person(session, actor=SYSTEM, name="Renee", email=None, roles=[], now=now)
    secret = begin_sign_in(session, person_id=person_id, lasts=timedelta(hours=1), now=now)
    later = now + timedelta(hours=1)
    assert queries.signed_in(session, secret_hash=sign_ins.hash_of(secret), now=later) is None


@pytest.mark.parametrize(
    ("name", "email", "wrong"),
    [
        ("\u200b\u202e", None, {"name": "Give a name of at most 200 characters."}),
        ("Renee", "a@example.org,b@example.org", {"email": "This is not an e-mail address."}),
        ("Renee", "straße@example.org", {"email": "This is not an e-mail address."}),
        ("Renee", "a\u200b@example.org", {"email": "This is not an e-mail address."}),
    ],
)
def test_a_name_nobody_sees_and_an_address_nobody_has_are_refused(
    session: Database, now: datetime, name: str, email: str | None, wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        service.make_person(session, actor=SYSTEM, name=name, email=email, roles=[], now=now)
    assert refusal.value.fields == wrong


def test_an_address_belongs_to_one_person(session: Database, now: datetime) -> None:
    service.make_person(session, actor=SYSTEM, name="A", email="a@example.org", roles=[], now=now)
    with pytest.raises(Invalid) as refusal:
        service.make_person(session, actor=SYSTEM, name="B", email=" A@example.org", roles=[], now=now)
    assert refusal.value.fields == {"email": "Another person has this e-mail address."}
