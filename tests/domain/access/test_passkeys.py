"""Passkeys: added to one's own record, used once for each question, removed."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access import ceremonies, passkeys
from scheduler.domain.access.ceremonies import Asked, Party
from scheduler.domain.access.models import Challenge, Passkey
from scheduler.domain.access.queries import PasskeyView, passkeys_of
from scheduler.errors import Invalid, NotFound
from tests.support.authenticator import Device
from tests.support.people import Everybody, Someone

HERE = Party("my.example.org", "https://my.example.org")


def added(
    session: Database, person: Someone, device: Device, now: datetime, *, name: str = "my phone"
) -> int:
    asked = passkeys.ask_for_new(session, actor=person.actor, party=HERE, now=now)
    return made(session, person, device, asked, now, name=name)


def made(
    session: Database, person: Someone, device: Device, asked: Asked, now: datetime, *, name: str = "my phone"
) -> int:
    answer = ceremonies.read(device.makes(asked.options))
    assert answer is not None
    return passkeys.add(session, actor=person.actor, party=HERE, name=name, answer=answer, now=now)


def used(session: Database, device: Device, now: datetime, **more: bytes) -> int | None:
    asked = passkeys.ask_for_any(session, party=HERE, now=now)
    return answered(session, device.signs(asked.options, **more), now)


def answered(session: Database, typed: str, now: datetime) -> int | None:
    answer = ceremonies.read(typed)
    assert answer is not None
    return passkeys.owner_of(session, answer=answer, party=HERE, now=now)


def test_what_a_device_keeps_opens_the_door_for_its_owner(
    people: Everybody, session: Database, now: datetime
) -> None:
    device, later = Device(HERE.origin), now + timedelta(days=1)
    number = added(session, people.member, device, now, name=" my  phone ")
    assert passkeys_of(session, people.member.id) == (PasskeyView(number, "my phone", now, None),)
    assert used(session, device, later) == people.member.id
    assert passkeys_of(session, people.member.id) == (PasskeyView(number, "my phone", now, later),)
    assert passkeys_of(session, people.other_member.id) == ()


def test_the_question_at_the_door_names_nobody(people: Everybody, session: Database, now: datetime) -> None:
    added(session, people.member, Device(HERE.origin), now)
    asked = json.loads(passkeys.ask_for_any(session, party=HERE, now=now).options)
    assert asked.keys() == {"challenge", "timeout", "rpId", "allowCredentials", "userVerification"}
    assert (asked["rpId"], asked["allowCredentials"], asked["userVerification"]) == (
        HERE.host,
        [],
        "required",
    )


def test_an_answer_is_believed_once(people: Everybody, session: Database, now: datetime) -> None:
    device = Device(HERE.origin)
    added(session, people.member, device, now)
    answer = device.signs(passkeys.ask_for_any(session, party=HERE, now=now).options)
    assert answered(session, answer, now) == people.member.id
    assert answered(session, answer, now) is None


def test_a_question_is_over_after_five_minutes(people: Everybody, session: Database, now: datetime) -> None:
    device = Device(HERE.origin)
    added(session, people.member, device, now)
    for late, found in ((timedelta(minutes=5), None), (timedelta(minutes=4, seconds=59), people.member.id)):
        answer = device.signs(passkeys.ask_for_any(session, party=HERE, now=now).options)
        assert answered(session, answer, now + late) == found


def test_a_question_for_adding_does_not_open_the_door(
    people: Everybody, session: Database, now: datetime
) -> None:
    device = Device(HERE.origin)
    added(session, people.member, device, now)
    asked = passkeys.ask_for_new(session, actor=people.member.actor, party=HERE, now=now)
    as_at_the_door = json.dumps({"challenge": json.loads(asked.options)["challenge"], "rpId": HERE.host})
    assert answered(session, device.signs(as_at_the_door), now) is None


@pytest.mark.parametrize("what", ["another site", "not unlocked", "another's name", "unknown key", "a copy"])
def test_what_does_not_hold_opens_nothing(
    people: Everybody, session: Database, now: datetime, what: str
) -> None:
    device = Device(HERE.origin, count=7)
    added(session, people.member, device, now)
    if what == "another site":
        device.origin = "https://my.example.org.evil.example"
    elif what == "not unlocked":
        device.verifies = False
    elif what == "a copy":  # the count of a copied key does not grow with that of the other
        device.count = 3
    elif what == "unknown key":
        session.execute(update(Passkey).values(credential_id=b"another"))
    assert used(session, device, now, **({"handle": b"another"} if what == "another's name" else {})) is None


def test_one_that_was_not_unlocked_is_not_added(people: Everybody, session: Database, now: datetime) -> None:
    with pytest.raises(Invalid, match="did not hold"):
        added(session, people.member, Device(HERE.origin, verifies=False), now)


def test_nobody_adds_by_another_s_question(people: Everybody, session: Database, now: datetime) -> None:
    device = Device(HERE.origin)
    asked = passkeys.ask_for_new(session, actor=people.member.actor, party=HERE, now=now)
    answer = ceremonies.read(device.makes(asked.options))
    assert answer is not None
    with pytest.raises(Invalid, match="did not hold"):
        passkeys.add(
            session,
            actor=people.other_member.actor,
            party=HERE,
            name="mine",
            answer=answer,
            now=now,
        )
    assert passkeys_of(session, people.other_member.id) == ()


def test_all_of_a_person_s_have_one_handle(people: Everybody, session: Database, now: datetime) -> None:
    first, second = Device(HERE.origin), Device(HERE.origin)
    for device in (first, second):
        added(session, people.member, device, now)
    assert len(set(session.scalars(select(Passkey.user_handle)))) == 1
    assert first.handle == second.handle


def test_two_devices_that_are_asked_before_either_is_added_both_open_the_door(
    people: Everybody, session: Database, now: datetime
) -> None:
    first, second, third = (Device(HERE.origin) for _ in range(3))
    asked = [passkeys.ask_for_new(session, actor=people.member.actor, party=HERE, now=now) for _ in range(2)]
    for device, question in zip((second, first), asked, strict=True):
        made(session, people.member, device, question, now)
    added(session, people.member, third, now)
    assert third.handle == second.handle
    assert [used(session, device, now) for device in (first, second, third)] == [people.member.id] * 3


def test_one_that_was_asked_for_before_the_others_were_removed_opens_the_door(
    people: Everybody, session: Database, now: datetime
) -> None:
    old, new = Device(HERE.origin), Device(HERE.origin)
    number = added(session, people.member, old, now)
    asked = passkeys.ask_for_new(session, actor=people.member.actor, party=HERE, now=now)
    passkeys.remove(session, actor=people.member.actor, passkey_id=number, now=now)
    made(session, people.member, new, asked, now)
    assert (used(session, old, now), used(session, new, now)) == (None, people.member.id)


def test_a_removed_one_opens_nothing_and_nobody_removes_another_s(
    people: Everybody, session: Database, now: datetime
) -> None:
    device = Device(HERE.origin)
    number = added(session, people.member, device, now)
    with pytest.raises(NotFound):
        passkeys.remove(session, actor=people.other_member.actor, passkey_id=number, now=now)
    assert used(session, device, now) == people.member.id
    passkeys.remove(session, actor=people.member.actor, passkey_id=number, now=now)
    assert used(session, device, now) is None


def test_a_challenge_is_kept_as_a_hash(people: Everybody, session: Database, now: datetime) -> None:
    asked = passkeys.ask_for_any(session, party=HERE, now=now)
    rows = session.scalars(select(Challenge)).all()
    assert [(row.hash, row.person_id, row.expires_at) for row in rows] == [
        (ceremonies.hash_of(asked.challenge), None, now + timedelta(minutes=5))
    ]


parts = st.one_of(st.text(), st.integers(), st.none(), st.binary().map(lambda each: each.hex()), st.just({}))


@given(
    st.one_of(
        st.text(),
        st.recursive(parts, lambda inner: st.dictionaries(st.text(), inner)).map(json.dumps),
        st.fixed_dictionaries(
            {
                "id": parts,
                "rawId": parts,
                "type": st.sampled_from(["public-key", "x", None]),
                "response": st.fixed_dictionaries(
                    {
                        "clientDataJSON": st.sampled_from(["e30", "eyJjaGFsbGVuZ2UiOiJhYSJ9", "", 7, None]),
                        "authenticatorData": parts,
                        "attestationObject": parts,
                        "signature": parts,
                        "userHandle": parts,
                    }
                ),
            }
        ).map(json.dumps),
        st.just("[" * 19_000),
        st.just("x" * 30_000),
    )
)
def test_nonsense_is_refused_and_never_a_failure_of_ours(typed: str) -> None:
    answer = ceremonies.read(typed)
    if answer is not None:
        assert ceremonies.new_key(answer, HERE) is None
        assert ceremonies.new_count(answer, HERE, public_key=b"none", sign_count=0) is None
