"""Taking a list over: what is made and changed, all or nothing, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.imports.apply import NOTHING
from scheduler.domain.imports.export import export
from scheduler.domain.imports.forget import clean_up, forget
from scheduler.domain.imports.judging import Choice, Outcome
from scheduler.domain.imports.models import ImportBatch, ImportRow
from scheduler.domain.imports.people_columns import HEADINGS
from scheduler.domain.imports.stage import choose
from scheduler.domain.people.models import Identity, OneTimeLink, Person, PersonRole
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.places.models import Site
from scheduler.domain.planning.reach import Reach
from scheduler.domain.schedule.models import Series
from scheduler.domain.stays.models import Stay
from scheduler.errors import Conflict, Refused
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.revisions import CalendarRevision
from scheduler.store.transaction import transaction
from tests.domain.imports.lists import TODAY, Desk
from tests.support import factories
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
HEADING = "Name | Born | E-mail | Phone | Program | Site | Admitted on | Group"
ADA = (
    "Ada Lovelace | 1985 | Ada@x.example | +1 555 010 0000"
    " | outpatient | elm street | 2026-07-01 | tuesday evening group"
)


def test_a_new_person_is_a_member_with_a_stay_and_a_group(desk: Desk, group: int, sessions: Sessions) -> None:
    batch = desk.take(HEADING, ADA)
    ada = desk.id_of("Ada Lovelace")
    with sessions() as session:
        found = session.get_one(Identity, ada)
        assert (found.short_name, found.search_name, found.birth_year) == ("Ada L.", "ada lovelace", 1985)
        assert (found.email, found.email_confirmed_at, found.phone) == (
            "ada@x.example",
            None,
            "+1 555 010 0000",
        )
        assert session.scalars(select(PersonRole.role).where(PersonRole.person_id == ada)).all() == ["member"]
        assert session.get_one(CalendarRevision, ada).revision == 1
        stay = session.scalars(select(Stay).where(Stay.person_id == ada)).one()
        assert (stay.admitted_on, stay.discharged_on, stay.reason) == (date(2026, 7, 1), None, None)
        assert (stay.program_id is not None, stay.site_id is not None) == (True, True)
        enrolled = session.scalars(select(Enrollment).where(Enrollment.person_id == ada)).one()
        assert (enrolled.series_id, enrolled.stay_id, enrolled.from_date) == (group, stay.id, TODAY)
        assert session.get_one(ImportBatch, batch).source is None
        assert session.get_one(ImportBatch, batch).counts == {
            "rows": 1,
            "new": 1,
            "changed": 0,
            "left_out": 0,
        }


def test_the_audit_has_one_entry_with_everybody_and_no_names(
    desk: Desk, group: int, sessions: Sessions
) -> None:
    batch = desk.take(HEADING, ADA, "Grace Hopper | | | | | | |")
    with sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "import.applied")).one()
        assert (entry.subject, entry.subject_id) == ("import", batch)
        assert entry.detail == {"rows": 2, "new": 2, "changed": 0, "left_out": 0}
        persons = set(session.scalars(select(AuditPerson.person_id).where(AuditPerson.entry_id == entry.id)))
    assert persons == {desk.id_of("Ada Lovelace"), desk.id_of("Grace Hopper")}


def test_a_changed_person_gets_what_the_row_says_and_an_old_address_opens_nothing(
    desk: Desk, group: int, sessions: Sessions
) -> None:
    desk.take(HEADING, ADA)
    ada = desk.id_of("Ada Lovelace")
    with sessions() as session, transaction(session):
        link = OneTimeLink(
            person_id=ada, purpose="sign_in", created_at=desk.now, expires_at=desk.now + timedelta(days=1)
        )
        session.add(link)
    batch = desk.take(
        "Name | Phone | Born | Mail",
        "ADA LOVELACE | 15550100000 | 1986 | new@x.example",
        choices={2: Choice.SAME},
    )
    with sessions() as session:
        found = session.get_one(Identity, ada)
        assert (found.name, found.birth_year, found.email) == ("Ada Lovelace", 1986, "new@x.example")
        assert session.get_one(Person, ada).revision == 2
        assert session.scalars(select(OneTimeLink.used_at)).one() is not None
        row = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch)).one()
        assert (row.outcome, row.revision_after) == ("changed", 2)
        assert row.before == {"birth_year": 1985, "email": "ada@x.example"}


def test_a_list_that_was_downloaded_changes_nothing(desk: Desk, group: int, sessions: Sessions) -> None:
    desk.take(
        HEADING, ADA, "Grace Hopper | | | | | | |", "Mary Ward | 1970 | | 555 010 0002 | | | 2026-05-01 |"
    )
    with sessions() as session, transaction(session):
        found = export(session, actor=SYSTEM, kind="csv", reach=desk.reach, today=TODAY, now=desk.now)
    assert found.headings == tuple(HEADINGS.values())
    assert found.rows[0] == (
        *("Ada Lovelace", "1985", "ada@x.example", "+1 555 010 0000", "Outpatient", "Elm Street"),
        *("2026-07-01", "", "Tuesday evening group", "2026-07-15"),
    )
    again = desk.bring(" | ".join(found.headings), *(" | ".join(row) for row in found.rows))
    assert [row.outcome for row in desk.look(again).rows] == [Outcome.SAME] * len(found.rows)
    with pytest.raises(Refused, match=NOTHING):
        desk.apply(again)


def test_places_are_counted_with_those_who_have_them(
    desk: Desk, group: int, sessions: Sessions, people: Everybody
) -> None:
    with sessions() as session, transaction(session):
        session.execute(update(Series).values(capacity=2))
        factories.enrollment(session, group, people.member.id)
    batch = desk.bring("Name | Group", "A B | Tuesday evening group", "C D | Tuesday evening group")
    assert [row.outcome for row in desk.look(batch).rows] == [Outcome.NEW, Outcome.REFUSED]
    assert desk.apply(batch).new == 1
    with sessions() as session:
        assert len(session.scalars(select(Enrollment)).all()) == 2


def test_a_place_that_a_hold_frees_is_free_for_a_list(
    desk: Desk, group: int, sessions: Sessions, people: Everybody
) -> None:
    with sessions() as session, transaction(session):
        session.execute(update(Series).values(capacity=1))
        factories.enrollment(session, group, people.member.id)
        factories.hold(session, people.member.id, TODAY, freed=True)
    assert desk.apply(desk.bring("Name | Group", "A B | Tuesday evening group")).new == 1


def test_nothing_is_half_done(desk: Desk, group: int, sessions: Sessions) -> None:
    batch = desk.bring(HEADING, ADA, "Grace Hopper | | grace@x.example | | | | |")
    look = desk.look
    with sessions() as session:
        before = set(session.scalars(select(Identity.name)))
    with sessions() as session, transaction(session):  # somebody takes an address after it was looked at
        found = look(batch)
        session.execute(update(Identity).where(Identity.name == "Renee Tamm").values(email="grace@x.example"))
    assert [row.outcome for row in found.rows] == [Outcome.NEW, Outcome.NEW]
    assert desk.apply(batch).new == 1
    with sessions() as session:
        assert set(session.scalars(select(Identity.name))) == before | {"Ada Lovelace"}


def test_a_list_is_applied_once(desk: Desk, group: int) -> None:
    batch = desk.take(HEADING, ADA)
    with pytest.raises(Refused, match="Bring the file again"):
        desk.apply(batch)


def test_who_is_limited_to_sites_names_one_and_touches_nobody_elsewhere(
    desk: Desk, group: int, sessions: Sessions, people: Everybody
) -> None:
    with sessions() as session, transaction(session):
        factories.room(session, "cellar", site="Oak Lane")
        oak = session.scalars(select(Site.id).where(Site.name == "Oak Lane")).one()
        factories.stay(session, people.member.id)
        session.execute(update(Stay).values(site_id=oak))
        session.execute(
            update(Identity).where(Identity.person_id == people.member.id).values(birth_year=1990)
        )
    limited = Actor(
        people.coordinator.id, None, frozenset({Role.COORDINATOR}), frozenset({(Role.COORDINATOR, 1)})
    )
    there = Desk(sessions, desk.now, limited, Reach(limited, frozenset({1}), on=TODAY))
    batch = there.bring(
        "Name | Born | Site",
        "Ada Lovelace | | Elm Street",
        "A B | |",
        "C D | | Oak Lane",
        "Renee Tamm | 1990 | Elm Street",
    )
    found = there.look(batch).rows
    assert [row.outcome for row in found] == [Outcome.NEW, Outcome.REFUSED, Outcome.REFUSED, Outcome.NEW]
    assert found[1].effect.reasons == ("Name the site.",)
    assert found[2].effect.reasons == ("There is no site “Oak Lane”. There are: Elm Street.",)


def test_what_a_list_said_is_forgotten_in_time_and_with_whoever_is_erased(
    desk: Desk, group: int, sessions: Sessions
) -> None:
    applied = desk.take(HEADING, ADA)
    waiting = desk.bring("Name", "Grace Hopper")
    with sessions() as session, transaction(session):
        clean_up(session, now=desk.now + timedelta(hours=23))
        assert session.get_one(ImportBatch, waiting).source is not None
        clean_up(session, now=desk.now + timedelta(hours=25))
        assert session.get_one(ImportBatch, waiting, populate_existing=True).source is None
        assert session.scalars(select(ImportRow.before)).one()
        clean_up(session, now=desk.now + timedelta(days=8))
        assert (
            session.scalars(select(ImportRow).execution_options(populate_existing=True)).one().before is None
        )
    other = desk.bring("Name", "Mary Ward")
    with sessions() as session, transaction(session):
        forget(session, person_id=desk.id_of("Ada Lovelace"))
    with sessions() as session:
        assert session.get(ImportBatch, other) is None
        assert session.get_one(ImportBatch, applied).applied_at == desk.now


def test_a_stale_page_decides_nothing(desk: Desk, sessions: Sessions) -> None:
    batch = desk.bring("Name", "Ada Lovelace")
    with pytest.raises(Conflict), sessions() as session, transaction(session):
        choose(session, batch_id=batch, revision=1, choices={2: Choice.OUT})
