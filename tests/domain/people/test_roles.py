"""Roles given and taken, people disabled and let in again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access import linking
from scheduler.domain.access.beginning import begin
from scheduler.domain.access.queries import Credentials, credentials, link_owner
from scheduler.domain.people import queries, service
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.sign_ins import Way, hash_of
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.support.people import Everybody, Someone

Sessions = sessionmaker[Database]


def is_signed_in(session: Database, person: Someone, now: datetime) -> bool:
    return queries.signed_in(session, secret_hash=hash_of(person.secret), now=now) is not None


def audit_of(session: Database, person: Someone) -> list[tuple[str, int | None, dict[str, object]]]:
    rows = session.execute(
        select(AuditEntry.action, AuditEntry.actor, AuditEntry.detail)
        .where(AuditEntry.person_id == person.id, AuditEntry.action != "person.made")
        .order_by(AuditEntry.id)
    )
    return [tuple(row) for row in rows]


def test_a_role_is_given_once_and_taken_once_and_each_ends_the_sign_ins(
    people: Everybody, session: Database, now: datetime
) -> None:
    who = people.administrator.actor
    for verb in (service.give_role, service.give_role, service.take_role, service.take_role):
        verb(session, actor=who, person_id=people.member.id, role=Role.FACILITATOR, now=now)
        session.flush()
    assert not is_signed_in(session, people.member, now)
    assert is_signed_in(session, people.other_member, now)
    found = queries.person_page(session, people.member.id)
    assert found is not None
    assert (found.roles, found.revision) == ({Role.MEMBER}, 3)
    assert audit_of(session, people.member) == [
        ("role.given", people.administrator.id, {"role": "facilitator"}),
        ("role.taken", people.administrator.id, {"role": "facilitator"}),
    ]


def test_somebody_disabled_has_no_way_in(people: Everybody, session: Database, now: datetime) -> None:
    hour = timedelta(hours=1)
    link = linking.make_link(session, person_id=people.member.id, purpose=Purpose.RESET, lasts=hour, now=now)
    linking.set_password(
        session, actor=people.member.actor, person_id=people.member.id, password_hash="h", now=now
    )
    service.disable(session, actor=people.administrator.actor, person_id=people.member.id, now=now)
    service.disable(session, actor=people.administrator.actor, person_id=people.member.id, now=now)
    assert not is_signed_in(session, people.member, now)
    assert credentials(session, email=people.member.email) is None
    assert link_owner(session, link_id=link, now=now) is None
    with pytest.raises(NotFound):
        linking.use_link(session, link_id=link, password_hash="new", key="k", now=now)
    begun = begin(session, person_id=people.member.id, password_hash="h", way=Way(), lasts=hour, now=now)
    assert begun is None
    service.enable(session, actor=people.administrator.actor, person_id=people.member.id, now=now)
    assert credentials(session, email=people.member.email) == Credentials(
        people.member.id, "h", frozenset({Role.MEMBER})
    )


def take(session: Database, person: Someone, now: datetime) -> None:
    service.take_role(session, actor=SYSTEM, person_id=person.id, role=Role.ADMINISTRATOR, now=now)


def disable(session: Database, person: Someone, now: datetime) -> None:
    service.disable(session, actor=SYSTEM, person_id=person.id, now=now)


@pytest.mark.parametrize("leave", [take, disable])
def test_the_last_administrator_stays(
    people: Everybody, session: Database, now: datetime, leave: Callable[[Database, Someone, datetime], None]
) -> None:
    with pytest.raises(Refused, match="Make another administrator first"):
        leave(session, people.administrator, now)
    service.give_role(
        session, actor=SYSTEM, person_id=people.coordinator.id, role=Role.ADMINISTRATOR, now=now
    )
    session.flush()
    leave(session, people.administrator, now)
    session.flush()
    with pytest.raises(Refused):
        leave(session, people.coordinator, now)


@pytest.mark.parametrize("leave", [take, disable])
def test_two_administrators_cannot_both_leave_at_once(
    people: Everybody, sessions: Sessions, now: datetime, leave: Callable[[Database, Someone, datetime], None]
) -> None:
    with sessions() as session, transaction(session):
        service.give_role(
            session, actor=SYSTEM, person_id=people.coordinator.id, role=Role.ADMINISTRATOR, now=now
        )

    def leaves(person: Someone) -> str:
        try:
            with sessions() as session, transaction(session):
                leave(session, person, now)
        except (Refused, Conflict) as refusal:
            return type(refusal).__name__
        return "left"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(leaves, [people.administrator, people.coordinator])) == ["Refused", "left"]


@pytest.mark.parametrize("verb", ["give_role", "take_role", "disable", "enable", "invite"])
def test_somebody_who_is_not_there_is_not_found(
    people: Everybody, session: Database, now: datetime, verb: str
) -> None:
    more = {"role": Role.MEMBER} if verb.endswith("role") else {}
    with pytest.raises(NotFound):
        getattr(linking if verb == "invite" else service, verb)(
            session, actor=SYSTEM, person_id=10_000, now=now, **more
        )


def test_an_invitation_needs_an_address(session: Database, now: datetime) -> None:
    made = service.make_person(session, actor=SYSTEM, name="Ann", email=None, roles=[], now=now)
    with pytest.raises(Refused, match="There is no e-mail address"):
        linking.invite(session, actor=SYSTEM, person_id=made, now=now)
