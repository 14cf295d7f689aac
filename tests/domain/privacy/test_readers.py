"""Who saw whom, in one question."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Person, SignIn
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.privacy.readers import Entry, Wish, actions, all_entries, entries, one_record
from scheduler.store.audit import record
from tests.support.people import Everybody
from tests.support.statements import counted


@pytest.fixture
def written(people: Everybody, session: Database, now: datetime) -> None:
    """A read of a page, of a list, a change and an export, an hour apart; and what concerns others only."""
    renee, marcus, odile = people.member.id, people.other_member.id, people.coordinator
    hour = timedelta(hours=1)
    row = SignIn(
        person_id=odile.id,
        secret_hash="x",
        created_at=now,
        expires_at=now + hour,
        device="Firefox",
        method="passkey",
    )
    session.add(row)
    session.flush()
    actor = Actor(odile.id, row.id, frozenset())
    read = {"action": "read", "actor": actor}
    record(session, at=now, subject="person", subject_id=renee, person_id=renee, **read)
    record(session, at=now + hour, subject="people", persons=[marcus, renee], **read)
    record(session, at=now + hour, subject="people", persons=[marcus], **read)
    record(
        session, at=now + 2 * hour, actor=SYSTEM, action="person.renamed", subject="person", person_id=renee
    )
    yusuf = people.administrator.actor
    record(
        session, at=now + 3 * hour, actor=yusuf, action="person.exported", subject="person", person_id=renee
    )
    session.flush()


SINCE = timedelta(seconds=-1)


def seen(session: Database, person_id: int, *, since: datetime, until: datetime) -> list[Entry]:
    return list(all_entries(session, Wish(person_id=person_id, since=since, until=until)))


@pytest.mark.usefixtures("written")
def test_who_saw_a_person_is_one_question(session: Database, people: Everybody, now: datetime) -> None:
    day = timedelta(days=1)
    found = seen(session, people.member.id, since=now, until=now + day)
    said = [(entry.at, entry.by, entry.action, entry.subject, entry.device, entry.persons) for entry in found]
    assert said[:-1] == [
        (now + timedelta(hours=3), "Yusuf B.", "person.exported", "person", "", 1),
        (now + timedelta(hours=2), "", "person.renamed", "person", "", 1),
        (now + timedelta(hours=1), "Odile K.", "read", "people", "Firefox", 2),
        (now, "Odile K.", "read", "person", "Firefox", 1),
    ]
    assert said[-1][2] == "person.made"
    assert found[2].roles == {Role.COORDINATOR}


@pytest.mark.usefixtures("written")
def test_a_span_ends_before_its_second_instant(session: Database, people: Everybody, now: datetime) -> None:
    hour = timedelta(hours=1)
    found = seen(session, people.member.id, since=now + hour, until=now + 2 * hour)
    assert [entry.subject for entry in found] == ["people"]


@pytest.mark.usefixtures("written")
def test_entries_are_asked_for_by_actor_and_action(session: Database, people: Everybody) -> None:
    by_odile = entries(session, Wish(actor=people.coordinator.id, action="read"), most=10)
    assert [entry.subject for entry in by_odile.entries] == ["people", "people", "person"]
    assert by_odile.older is None
    assert actions(session) == ("person.exported", "person.made", "person.renamed", "read")


@pytest.mark.usefixtures("written")
def test_reads_and_acts_are_asked_for_apart_and_without_one_actor(
    session: Database, people: Everybody
) -> None:
    def found(**wish: Any) -> list[str]:
        page = entries(session, Wish(person_id=people.member.id, **wish), most=10)
        return [f"{entry.by} {entry.action}" for entry in page.entries]

    assert found(reads=True) == ["Odile K. read", "Odile K. read"]
    assert found(reads=True, not_by=people.coordinator.id) == []
    acts = ["Yusuf B. person.exported", " person.renamed", " person.made"]
    assert found(reads=False) == acts
    assert found(reads=False, not_by=people.administrator.id) == acts[1:]


@pytest.mark.usefixtures("written")
def test_pages_follow_each_other_without_a_gap(session: Database, people: Everybody) -> None:
    for wish in (Wish(), Wish(person_id=people.member.id), Wish(action="read")):
        whole, found, before = [entry.id for entry in all_entries(session, wish)], [], None
        while True:
            page = entries(session, wish, most=2, before=before)
            found += [entry.id for entry in page.entries]
            if page.older is None:
                break
            before = page.older
        assert found == whole
        assert len(whole) == len(set(whole)) > 2


@pytest.mark.usefixtures("written")
def test_what_was_read_of_a_record_that_goes_on_as_another_was_read_of_this_one(
    session: Database, people: Everybody
) -> None:
    renee, marcus = people.member.id, people.other_member.id
    session.get_one(Person, renee).merged_into = marcus
    session.flush()
    assert one_record(session, marcus) == (marcus, renee)
    found = all_entries(session, Wish(person_id=marcus, action="read"))
    assert sorted(entry.subject for entry in found) == ["people", "people", "person"]


@pytest.mark.usefixtures("written")
def test_a_page_costs_a_few_statements_however_long_it_is(session: Database, people: Everybody) -> None:
    with counted(session) as sent:
        entries(session, Wish(person_id=people.member.id), most=50, before=10_000)
    assert len(sent) <= 3
