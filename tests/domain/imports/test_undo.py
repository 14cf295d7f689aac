"""Taking a whole import back: everything as it was, and whoever stands in the way of that."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.imports.hindrance import ELSEWHERE, Hindrance
from scheduler.domain.imports.models import ImportBatch, ImportRow
from scheduler.domain.imports.undo import TOO_LATE, UNDONE, undo
from scheduler.domain.people import service as people_service
from scheduler.domain.people.models import Identity, OneTimeLink, Person
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.places.models import Room
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.reach import Reach
from scheduler.domain.stays.models import Stay
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.store.audit import AuditEntry, record
from scheduler.store.memory import Memory
from scheduler.store.transaction import transaction
from tests.domain.imports.lists import ANYWHERE, TODAY, Desk
from tests.support import factories
from tests.support.filled import tables_of
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
HEADING = "Name | Born | E-mail | Phone | Program | Site | Admitted on | Group"
ADA = (
    "Ada Lovelace | 1985 | ada@x.example | +1 555 010 0000"
    " | Outpatient | Elm Street | 2026-07-01 | Tuesday evening group"
)
TRACES = {"import_batch", "import_row", "audit_entry", "audit_person", "column_meaning", "outbox"}
"""Tables in which a list that was taken back leaves that it was there."""


def content(sessions: Sessions) -> dict[str, list[object]]:
    with sessions() as session:
        connection = session.connection()
        return {
            table.name: list(connection.execute(select(table).order_by(*table.primary_key)).all())
            for table in tables_of(connection)
            if table.name not in TRACES
        }


def test_everybody_who_was_made_is_gone_and_nothing_else_changed(
    desk: Desk, group: int, sessions: Sessions
) -> None:
    before = content(sessions)
    batch = desk.take(HEADING, ADA, "Grace Hopper | | | | | | |")
    assert content(sessions) != before
    assert desk.undo(batch) == 2
    assert content(sessions) == before
    with sessions() as session:
        assert session.get_one(ImportBatch, batch).undone_at == desk.now
        assert session.scalars(select(ImportRow.before)).all() == [None, None]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "import.undone")).one()
        assert entry.detail == {"removed": 2, "put_back": 0}


def test_what_was_changed_is_as_it_was(desk: Desk, group: int, sessions: Sessions) -> None:
    desk.take("Name | Phone", "Ada Lovelace | 555 010 0000")
    ada = desk.id_of("Ada Lovelace")
    with sessions() as session, transaction(session):
        factories.enrollment(session, factories.series(session, "Older group"), ada, TODAY)
    before = content(sessions)
    batch = desk.take(
        "Name | Phone | Born | E-mail | Admitted on | Group",
        "Ada Lovelace | 5550100000 | 1985 | ada@x.example | 2026-07-01 | Tuesday evening group",
    )
    with sessions() as session:
        stay = session.scalars(select(Stay)).one()
        assert {row.stay_id for row in session.scalars(select(Enrollment))} == {stay.id}
    desk.undo(batch)
    after = content(sessions)
    for name in ("identity", "stay", "enrollment", "person_role"):
        assert after[name] == before[name], name


def test_the_number_of_somebody_who_is_gone_is_nobody_elses(
    desk: Desk, group: int, sessions: Sessions
) -> None:
    batch = desk.take("Name", "Ada Lovelace")
    ada = desk.id_of("Ada Lovelace")
    desk.undo(batch)
    desk.take("Name", "Grace Hopper")
    assert desk.id_of("Grace Hopper") > ada


def _signs_in(session: Database, ada: int, desk: Desk, group: int) -> None:
    begin_sign_in(session, person_id=ada, lasts=timedelta(days=1), now=desk.now)


def _is_invited(session: Database, ada: int, desk: Desk, group: int) -> None:
    until = desk.now + timedelta(days=1)
    session.add(OneTimeLink(person_id=ada, purpose="slip", created_at=desk.now, expires_at=until))


def _is_enrolled(session: Database, ada: int, desk: Desk, group: int) -> None:
    other = factories.series(session, "Other group")
    enroll(session, actor=SYSTEM, series_id=other, person_id=ada, from_date=TODAY, now=desk.now)


def _is_marked(session: Database, ada: int, desk: Desk, group: int) -> None:
    sheet = Sheet(occurrence_id=factories.occurrence(session, group), opened_at=desk.now)
    session.add(sheet)
    session.flush()
    session.add(Mark(sheet_id=sheet.id, person_id=ada, status="present", marked_at=desk.now))


def _is_renamed(session: Database, ada: int, desk: Desk, group: int) -> None:
    people_service.rename(session, actor=SYSTEM, person_id=ada, name="Ada King", seen=1, now=desk.now)


def _works_here_now(session: Database, ada: int, desk: Desk, group: int) -> None:
    people_service.give_role(session, actor=SYSTEM, person_id=ada, role=Role.FACILITATOR, now=desk.now)


def _leaves_the_group(session: Database, ada: int, desk: Desk, group: int) -> None:
    session.execute(delete(Enrollment).where(Enrollment.person_id == ada))


def _is_discharged(session: Database, ada: int, desk: Desk, group: int) -> None:
    session.execute(update(Stay).values(discharged_on=TODAY, reason="left", revision=2))


def _is_on_hold(session: Database, ada: int, desk: Desk, group: int) -> None:
    factories.hold(session, ada, TODAY)


def _confirms_the_address(session: Database, ada: int, desk: Desk, group: int) -> None:
    session.execute(update(Identity).where(Identity.person_id == ada).values(email_confirmed_at=desk.now))


def _has_a_change_that_can_be_undone(session: Database, ada: int, desk: Desk, group: int) -> None:
    session.add(Memory(person_id=ada, kind="hold", made_at=desk.now, steps=[]))


def _is_in_the_audit(session: Database, ada: int, desk: Desk, group: int) -> None:
    later = desk.now + timedelta(minutes=1)
    record(session, at=later, actor=SYSTEM, action="anything", subject="person", person_id=ada)


def _is_merged_into(session: Database, ada: int, desk: Desk, group: int) -> None:
    session.add(Person(created_at=desk.now, merged_into=ada))


HINDRANCES = (
    *(_signs_in, _is_invited, _is_enrolled, _is_marked, _is_renamed, _works_here_now, _leaves_the_group),
    *(_is_discharged, _is_on_hold, _confirms_the_address, _has_a_change_that_can_be_undone),
    *(_is_in_the_audit, _is_merged_into),
)


@pytest.mark.parametrize("happens", HINDRANCES, ids=lambda act: act.__name__.strip("_"))
def test_whoever_is_in_use_stands_in_the_way(
    desk: Desk,
    group: int,
    sessions: Sessions,
    happens: Callable[[Database, int, Desk, int], None],
) -> None:
    batch = desk.take(HEADING, ADA, "Grace Hopper | | | | | | |")
    ada = desk.id_of("Ada Lovelace")
    assert desk.in_the_way(batch) == ()
    with sessions() as session, transaction(session):
        happens(session, ada, desk, group)
    before = content(sessions)
    assert [each.id for each in desk.in_the_way(batch)] == [ada]
    with pytest.raises(Refused, match=r"It is in use\. In the way: Ada"):
        desk.undo(batch)
    assert content(sessions) == before


CHANGED = (_signs_in, _is_enrolled, _is_marked, _works_here_now, _is_in_the_audit)


@pytest.mark.parametrize("happens", CHANGED, ids=lambda act: act.__name__.strip("_"))
def test_so_does_whoever_was_changed_by_it_and_is_in_use_since(
    desk: Desk,
    group: int,
    sessions: Sessions,
    happens: Callable[[Database, int, Desk, int], None],
) -> None:
    desk.take("Name | Phone", "Ada Lovelace | 555 010 0000")
    ada = desk.id_of("Ada Lovelace")
    later = Desk(sessions, desk.now + timedelta(hours=1))
    batch = later.take("Name | Phone | Born", "Ada Lovelace | 5550100000 | 1985")
    assert later.in_the_way(batch) == ()
    with sessions() as session, transaction(session):
        happens(session, ada, Desk(sessions, later.now + timedelta(hours=1)), group)
    assert [each.name for each in later.in_the_way(batch)] == ["Ada Lovelace"]


def test_whose_old_address_somebody_else_has_by_now_is_named_and_nothing_is_taken_back(
    desk: Desk, group: int, sessions: Sessions, people: Everybody
) -> None:
    desk.take(
        "Name | Phone | E-mail", "Ada Lovelace | 555 010 0000 | old@x.example", "Mary Ward | 555 010 0001 |"
    )
    later = Desk(sessions, desk.now + timedelta(hours=1))
    batch = later.take(
        "Name | Phone | E-mail",
        "Ada Lovelace | 555 010 0000 | new@x.example",
        "Mary Ward | 555 010 0001 | mary@x.example",
    )
    assert later.in_the_way(batch) == ()
    with sessions() as session, transaction(session):
        other = update(Identity).where(Identity.person_id == people.other_member.id)
        session.execute(other.values(email="old@x.example"))
    before = content(sessions)
    ada = Hindrance(desk.id_of("Ada Lovelace"), "Ada Lovelace", lost_address=True)
    assert later.in_the_way(batch) == (ada,)
    with pytest.raises(Refused) as refused:
        later.undo(batch)
    said = "It is in use. In the way: Ada Lovelace (their e-mail address of before is taken)."
    assert str(refused.value) == said
    assert content(sessions) == before
    with sessions() as session, transaction(session):
        session.execute(other.values(email=people.other_member.email))
    assert later.undo(batch) == 2
    with sessions() as session:
        emails = select(Identity.name, Identity.email).where(Identity.name.in_(["Ada Lovelace", "Mary Ward"]))
        assert dict(session.execute(emails).all()) == {"Ada Lovelace": "old@x.example", "Mary Ward": None}


def test_that_somebody_was_looked_at_is_no_use(desk: Desk, group: int, sessions: Sessions) -> None:
    batch = desk.take("Name", "Ada Lovelace")
    ada = desk.id_of("Ada Lovelace")
    with sessions() as session, transaction(session):
        for action in ("read", "export"):
            later = desk.now + timedelta(minutes=1)
            record(session, at=later, actor=SYSTEM, action=action, subject="people", persons=[ada])
    assert desk.undo(batch) == 1


def test_an_import_is_taken_back_once_in_time_and_from_a_page_that_is_new(
    desk: Desk, sessions: Sessions, people: Everybody
) -> None:
    batch = desk.take("Name", "Ada Lovelace")
    with pytest.raises(Refused, match=TOO_LATE):
        desk.undo(batch, desk.now + timedelta(days=7))
    with pytest.raises(Conflict), sessions() as session, transaction(session):
        undo(session, actor=SYSTEM, batch_id=batch, reach=ANYWHERE, revision=1, now=desk.now)
    desk.undo(batch)
    with pytest.raises(Refused, match=UNDONE):
        desk.undo(batch)
    with pytest.raises(Refused, match="was not applied"):
        desk.undo(desk.bring("Name", "Grace Hopper"))
    with pytest.raises(NotFound):
        desk.undo(10_000)


def test_what_is_out_of_reach_by_now_is_neither_named_nor_taken_back(
    desk: Desk, group: int, sessions: Sessions, people: Everybody
) -> None:
    batch = desk.take("Name | Admitted on", "Ada Lovelace | 2026-07-01", "Grace Hopper | 2026-07-01")
    with sessions() as session, transaction(session):
        oak = session.get_one(Room, factories.room(session, site="Oak Hill")).site_id
        ada = desk.id_of("Ada Lovelace")
        session.execute(update(Stay).where(Stay.person_id == ada).values(site_id=oak))
    limited = replace(desk, reach=Reach(people.coordinator.actor, frozenset({9}), on=TODAY))
    assert limited.in_the_way(batch) == (Hindrance(ada, "", ELSEWHERE),)
    with pytest.raises(Refused, match="It is in use"):
        limited.undo(batch)
    assert desk.undo(batch) == 2
