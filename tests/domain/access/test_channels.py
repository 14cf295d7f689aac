"""Addresses and phone numbers: which one counts, from when on, and what ends with a change."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.access import channels, codes, digits
from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.access.linking import make_link, use_link
from scheduler.domain.access.queries import Channels, channels_of, credentials, has_link, link_owner
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import OneTimeLink, SignIn
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.people.service import make_person
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.store.audit import AuditEntry
from scheduler.store.outbox import Outbox
from tests.support.people import Everybody, Someone

HOUR = timedelta(hours=1)
NEW = "renee.new@example.org"


def of(session: Database, person: Someone) -> Channels:
    found = channels_of(session, person.id)
    assert found is not None
    return found


def asked(session: Database, person: Someone, now: datetime) -> int:
    """What the worker does with the message: the id of its link."""
    made = codes.make_code(
        session,
        person_id=person.id,
        purpose=Purpose.CONFIRM,
        scope=digits.scope_of_person(person.id),
        secret_key="key",
        lasts=HOUR,
        now=now,
    )
    return made.link_id


def ask(session: Database, person: Someone, email: str, now: datetime) -> int:
    channels.ask_change(session, actor=person.actor, email=email, now=now)
    return asked(session, person, now)


def sign_ins(session: Database, person: Someone) -> list[int]:
    return list(session.scalars(select(SignIn.id).where(SignIn.person_id == person.id)))


def test_the_old_address_counts_until_the_new_one_is_confirmed(
    people: Everybody, session: Database, now: datetime
) -> None:
    old = people.member.email
    link_id = ask(session, people.member, f" {NEW.upper()} ", now)
    assert of(session, people.member) == Channels(old, now, NEW, None, 1)
    assert credentials(session, email=old)
    assert credentials(session, email=NEW) is None
    channels.confirm(session, link_id=link_id, kept=None, now=now + HOUR / 2)
    assert of(session, people.member) == Channels(NEW, now + HOUR / 2, None, None, 2)
    assert credentials(session, email=old) is None
    assert credentials(session, email=NEW)


def test_a_changed_address_ends_other_sign_ins_and_all_links(
    people: Everybody, session: Database, now: datetime
) -> None:
    kept = sign_ins(session, people.member)[0]
    begin_sign_in(session, person_id=people.member.id, lasts=HOUR, now=now)
    others = make_link(session, person_id=people.member.id, purpose=Purpose.RESET, lasts=HOUR, now=now)
    link_id = ask(session, people.member, NEW, now)
    channels.confirm(session, link_id=link_id, kept=kept, now=now)
    assert sign_ins(session, people.member) == [kept]
    assert link_owner(session, link_id=others, now=now) is None


def test_a_link_confirms_once_and_not_late(people: Everybody, session: Database, now: datetime) -> None:
    link_id = ask(session, people.member, NEW, now)
    with pytest.raises(NotFound):
        channels.confirm(session, link_id=link_id, kept=None, now=now + HOUR)
    channels.confirm(session, link_id=link_id, kept=None, now=now)
    with pytest.raises(NotFound):
        channels.confirm(session, link_id=link_id, kept=None, now=now)


def test_the_answer_is_the_same_whether_somebody_has_the_address(
    people: Everybody, session: Database, now: datetime
) -> None:
    link_id = ask(session, people.member, people.other_member.email, now)
    assert of(session, people.member).pending == people.other_member.email
    with pytest.raises(NotFound):
        channels.confirm(session, link_id=link_id, kept=None, now=now)


def test_another_wish_ends_the_message_of_the_one_before(
    people: Everybody, session: Database, now: datetime
) -> None:
    """Or the first mailbox could confirm the second address."""
    first = ask(session, people.member, "one@example.org", now)
    ask(session, people.member, NEW, now)
    with pytest.raises(NotFound):
        channels.confirm(session, link_id=first, kept=None, now=now)


def test_a_link_confirms_no_other_address_than_the_one_it_went_to(
    people: Everybody, session: Database, now: datetime
) -> None:
    """Not even before the next message is sent, and not after staff set the address back."""
    first = ask(session, people.member, "one@example.org", now)
    channels.ask_change(session, actor=people.member.actor, email=NEW, now=now)
    with pytest.raises(NotFound):
        channels.confirm(session, link_id=first, kept=None, now=now)

    made = make_person(session, actor=SYSTEM, name="Ines Vidal", email=None, roles=[Role.MEMBER], now=now)
    ines = Someone(made, "", NEW, Actor(made, None, frozenset()), "")
    staff_set(session, people, made, now, email="ines@example.org")
    own = ask(session, ines, "another@example.org", now)
    staff_set(session, people, made, now, email="ines@example.org")
    with pytest.raises(NotFound):
        channels.confirm(session, link_id=own, kept=None, now=now)
    assert of(session, ines).confirmed_at is None


def test_many_messages_are_not_sent_for_anybody(people: Everybody, session: Database, now: datetime) -> None:
    for number in range(5):
        ask(session, people.member, f"somebody{number}@example.org", now)
    with pytest.raises(Refused, match="Wait an hour"):
        channels.ask_change(session, actor=people.member.actor, email=NEW, now=now + HOUR / 2)
    channels.ask_change(session, actor=people.member.actor, email=NEW, now=now + HOUR)


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "member@example.org"])
def test_what_is_no_new_address_is_refused(
    people: Everybody, session: Database, now: datetime, email: str
) -> None:
    with pytest.raises(Invalid) as error:
        channels.ask_change(session, actor=people.member.actor, email=email, now=now)
    assert list(error.value.fields) == ["email"]
    assert of(session, people.member).pending is None


def staff_set(
    session: Database, people: Everybody, person_id: int, now: datetime, *, email: str, phone: str = ""
) -> None:
    found = channels_of(session, person_id)
    channels.set_channels(
        session,
        actor=people.coordinator.actor,
        person_id=person_id,
        email=email,
        phone=phone,
        seen=found.revision if found else 0,
        now=now,
    )


def test_staff_give_somebody_a_first_address_which_counts_once_confirmed(
    people: Everybody, session: Database, now: datetime
) -> None:
    made = make_person(session, actor=SYSTEM, name="Ines Vidal", email=None, roles=[Role.MEMBER], now=now)
    staff_set(session, people, made, now, email=NEW, phone="(555) 010-0142")
    assert channels_of(session, made) == Channels(NEW, None, None, "(555) 010-0142", 2)
    assert credentials(session, email=NEW) is None
    assert not codes.may_sign_in_by_code(session, made)
    channels.ask_to_confirm(session, actor=people.coordinator.actor, person_id=made, now=now)
    link_id = asked(session, Someone(made, "", NEW, Actor(made, None, frozenset()), ""), now)
    channels.confirm(session, link_id=link_id, kept=None, now=now)
    assert codes.may_sign_in_by_code(session, made)
    with pytest.raises(Refused, match="no address to confirm"):
        channels.ask_to_confirm(session, actor=people.coordinator.actor, person_id=made, now=now)


def test_an_address_that_counts_stays_beside_the_one_that_staff_typed(
    people: Everybody, session: Database, now: datetime
) -> None:
    staff_set(session, people, people.member.id, now, email=NEW)
    assert of(session, people.member) == Channels(people.member.email, now, NEW, None, 2)
    assert sign_ins(session, people.member)


def test_an_address_that_is_taken_away_stops_at_once(
    people: Everybody, session: Database, now: datetime
) -> None:
    make_link(session, person_id=people.member.id, purpose=Purpose.INVITATION, lasts=HOUR, now=now)
    staff_set(session, people, people.member.id, now, email="")
    assert of(session, people.member) == Channels(None, None, None, None, 2)
    assert sign_ins(session, people.member) == []
    assert credentials(session, email=people.member.email) is None
    assert not has_link(session, people.member.id, purpose=Purpose.INVITATION), "nobody asks for it again"


def test_what_staff_may_not_do(people: Everybody, session: Database, now: datetime) -> None:
    with pytest.raises(Refused, match="changes their own address"):
        staff_set(session, people, people.administrator.id, now, email=NEW)
    with pytest.raises(Invalid, match="Another person has this"):
        staff_set(session, people, people.member.id, now, email=people.other_member.email)
    with pytest.raises(NotFound):
        staff_set(session, people, 10_000, now, email=NEW)
    with pytest.raises(Conflict):
        channels.set_channels(
            session,
            actor=people.coordinator.actor,
            person_id=people.member.id,
            email=NEW,
            phone="",
            seen=7,
            now=now,
        )


@pytest.mark.parametrize("typed", ["555 010-0142", "+1 (555) 010.0142", "555-0142 x12", "+49 30 901820"])
def test_a_phone_number_is_kept_as_it_is_read(
    people: Everybody, session: Database, now: datetime, typed: str
) -> None:
    channels.set_phone(session, actor=people.member.actor, phone=f" {typed} ", now=now)
    assert of(session, people.member).phone == typed
    channels.set_phone(session, actor=people.member.actor, phone="", now=now)
    assert of(session, people.member).phone is None


@pytest.mark.parametrize("typed", ["call me", "123", "5" * 60, "555 010 0142; DROP", "<b>5550100142</b>"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="not a phone number"):
        channels.clean_phone(typed)


def test_a_used_invitation_confirms_the_address(people: Everybody, session: Database, now: datetime) -> None:
    made = make_person(session, actor=SYSTEM, name="Ines", email=NEW, roles=[Role.MEMBER], now=now)
    link_id = make_link(session, person_id=made, purpose=Purpose.INVITATION, lasts=HOUR, now=now)
    use_link(session, link_id=link_id, password_hash="h", key="k", now=now + HOUR / 2)
    assert channels_of(session, made) == Channels(NEW, now + HOUR / 2, None, None, 1)


def test_records_name_no_address(people: Everybody, session: Database, now: datetime) -> None:
    link_id = ask(session, people.member, NEW, now)
    channels.confirm(session, link_id=link_id, kept=None, now=now)
    staff_set(session, people, people.other_member.id, now, email="m@example.org", phone="555 010 0142")
    kept = [str(row) for row in session.execute(select(Outbox.payload))]
    kept += [str(row) for row in session.execute(select(AuditEntry.detail))]
    kept += [str(row) for row in session.execute(select(OneTimeLink.code_hash))]
    assert not any("@" in text or "555" in text for text in kept)
