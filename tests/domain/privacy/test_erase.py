"""Erasing: every trace of a name goes, every count stays, and what is another's is left alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.models import Passkey, RecoveryCode, SecondFactor
from scheduler.domain.attendance.models import Correction, Mark, Sheet, WalkIn, WalkInName
from scheduler.domain.calendars.models import Feed, FeedKind
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import OfKind, Titles
from scheduler.domain.imports.models import ImportBatch, ImportRow
from scheduler.domain.people import lockout
from scheduler.domain.people.finding import found_by
from scheduler.domain.people.models import Identity, KeptApart, Lockout, OneTimeLink, Person, SignIn
from scheduler.domain.people.names import ERASED
from scheduler.domain.people.queries import people as all_people
from scheduler.domain.people.queries import signed_in
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.people.service import enable
from scheduler.domain.people.sign_ins import hash_of
from scheduler.domain.privacy.erase import FORGET_MAIL, Erased, erase, kept_until
from scheduler.domain.privacy.models import Erasure, Inquiry
from scheduler.domain.privacy.titles import NEUTRAL, Typed, typed_about
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.models import Stay
from scheduler.errors import NotFound, Refused
from scheduler.store import outbox
from scheduler.store.audit import AuditEntry
from scheduler.store.ledger import KIND as LEDGER
from scheduler.store.memory import Memory
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.filled import tables_of
from tests.support.people import Everybody

Sessions = sessionmaker[Database]

UNTIL = date(2033, 7, 15)
TRACES = ("Renee", "Tamm", "renee", "tamm", "'member@example.org", "555 0134", "Renees sister")
KEY = "a key"


@dataclass(frozen=True, slots=True)
class Life:
    """Ids of what Renee has, and the token of her calendar."""

    group: int
    own: int
    token: str


@pytest.fixture
def life(sessions: Sessions, people: Everybody, now: datetime) -> Life:
    """Renee Tamm with something in every table that may name her."""
    renee, marcus = people.member.id, people.other_member.id
    with sessions() as session, transaction(session):
        identity = session.get_one(Identity, renee)
        identity.phone, identity.birth_year, identity.pending_email = "555 0134", 1980, "renee@example.org"
        group = factories.series(session)
        own = factories.series(session, "Renee Tamm, Monday", kind="individual")
        met = factories.occurrence(session, group)
        alone = factories.occurrence(session, own, booked=False)
        session.get_one(Occurrence, alone).move_reason = "Renees sister visits"
        sheet = Sheet(occurrence_id=met, opened_at=now)
        session.add(sheet)
        session.flush()
        for person in (renee, marcus):
            factories.enrollment(session, group, person)
            mark = Mark(sheet_id=sheet.id, person_id=person, status="present", marked_at=now)
            session.add(mark)
            session.flush()
            why = "Renee Tamm came late" if person == renee else "Came late"
            session.add(Correction(mark_id=mark.id, revision=1, reason=why))
        for name in ("Renee T.", "renée tamm", "Rene T."):
            walk_in = WalkIn(sheet_id=sheet.id, status="present", marked_at=now)
            session.add(walk_in)
            session.flush()
            session.add(WalkInName(walk_in_id=walk_in.id, name=name, written_at=now))
        factories.enrollment(session, own, renee)
        choices = Choices("Renee’s phone", Titles.PLAIN, kinds={"medication": OfKind(shown=False)})
        token = make_feed(session, actor=SYSTEM, person_id=renee, choices=choices, now=now)
        _means(session, renee, marcus, now)
        _papers(session, people, now)
    return Life(group, own, token)


def _means(session: Database, renee: int, marcus: int, now: datetime) -> None:
    session.add_all(
        [
            Passkey(
                person_id=renee,
                credential_id=b"1",
                public_key=b"2",
                user_handle=b"3",
                name="Renee",
                made_at=now,
            ),
            SecondFactor(person_id=renee, sealed_secret="sealed", made_at=now),
            RecoveryCode(person_id=renee, code_hash="hash"),
            OneTimeLink(person_id=renee, purpose="reset", created_at=now, expires_at=now),
            KeptApart(person_id=renee, other_id=marcus, made_at=now),
            KeptApart(person_id=marcus, other_id=renee, made_at=now),
            Memory(person_id=renee, kind="hold", made_at=now, steps=[]),
            Lockout(key=lockout.key_of(KEY, "member@example.org"), failures=1, last_failure_at=now),
            Stay(person_id=renee, admitted_on=date(2026, 1, 7), changed_at=now),
        ]
    )
    outbox.enqueue(session, kind="reset", payload={"person_id": renee}, now=now)
    outbox.enqueue(session, kind="reset", payload={"person_id": marcus}, now=now)


def _papers(session: Database, people: Everybody, now: datetime) -> None:
    made = {
        "kind": "people",
        "made_at": now,
        "mapping": {},
        "choices": {},
        "counts": {},
        "source": b"Renee Tamm",
    }
    applied, waiting = ImportBatch(**made, applied_at=now), ImportBatch(**made)
    session.add_all([applied, waiting])
    session.flush()
    before: dict[str, str | int | None] = {"name": "Renee Tamm"}
    row = ImportRow(
        batch_id=applied.id,
        number=1,
        person_id=people.member.id,
        outcome="changed",
        revision_after=2,
        before=before,
    )
    asked = Inquiry(
        at=now,
        taken_by=people.coordinator.id,
        asker="Renees sister",
        person_id=people.member.id,
        answer="neither",
    )
    session.add_all([row, asked])


def erased(sessions: Sessions, person_id: int, now: datetime, **more: Any) -> Erased:
    with sessions() as session, transaction(session):
        given = {"actor": SYSTEM, "kept_until": UNTIL, "secret_key": KEY, **more}
        return erase(session, person_id=person_id, now=now, **given)


def traces(engine: Engine) -> dict[str, list[str]]:
    """In which table which trace of Renee is found."""
    with engine.connect() as connection:
        texts = {table.name: repr(connection.execute(select(table)).all()) for table in tables_of(connection)}
    found = {name: [trace for trace in TRACES if trace in text] for name, text in texts.items()}
    return {name: trace for name, trace in found.items() if trace}


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables_of(connection)
        }


@pytest.mark.usefixtures("life")
def test_no_table_names_somebody_who_was_erased(
    engine: Engine, sessions: Sessions, people: Everybody, now: datetime
) -> None:
    assert traces(engine).keys() == {
        *(
            "identity",
            "series",
            "occurrence",
            "correction",
            "walk_in_name",
            "feed",
            "passkey",
            "import_batch",
            "import_row",
            "inquiry",
        )
    }
    assert erased(sessions, people.member.id, now) == Erased(people.member.id, now, UNTIL)
    assert traces(engine) == {}


@pytest.mark.usefixtures("life")
def test_what_was_recorded_stays_and_counts_the_same(
    engine: Engine, sessions: Sessions, people: Everybody, now: datetime
) -> None:
    before = counts(engine)
    erased(sessions, people.member.id, now)
    after = counts(engine)
    changed = {name: after[name] - before[name] for name in before if after[name] != before[name]}
    added = {"audit_entry", "audit_person", "erasure", "outbox"}
    assert {name for name, by in changed.items() if by > 0} <= added
    assert {name for name, by in changed.items() if by < 0} == {
        *("sign_in", "one_time_link", "passkey", "second_factor", "recovery_code", "person_role"),
        *("kept_apart", "memory", "lockout", "import_batch", "feed_kind", "walk_in_name"),
    }
    with sessions() as session:
        reasons = session.scalars(select(Correction.reason).order_by(Correction.mark_id)).all()
        assert reasons == [ERASED, "Came late"]
        marks = session.scalars(select(Mark.status).order_by(Mark.person_id)).all()
        stay = session.scalars(select(Stay)).one()
        assert marks == ["present", "present"]
        assert (stay.discharged_on, stay.reason) == (now.date(), "other")


def test_nobody_finds_or_signs_in_somebody_erased(
    sessions: Sessions, people: Everybody, life: Life, now: datetime
) -> None:
    renee = people.member
    erased(sessions, renee.id, now)
    with sessions() as session:
        identity, feed = session.get_one(Identity, renee.id), session.scalars(select(Feed)).one()
        assert (identity.name, identity.short_name, identity.search_name) == (ERASED, ERASED, "")
        assert found_by(session, "renee") == found_by(session, "erased") == []
        everybody = all_people(session, limit=50, skip=0)
        assert renee.id not in {each.id for each in everybody.shown}
        assert signed_in(session, secret_hash=hash_of(renee.secret), now=now) is None
        assert session.scalars(select(SignIn).where(SignIn.person_id == renee.id)).all() == []
        assert (feed.token_hash, feed.name, feed.farewell_until) == (f"erased {feed.id}", "", None)
        assert (feed.revoked_at, session.query(FeedKind).count()) == (now, 0)
        assert session.get_one(Person, renee.id).erased_at == now
    with sessions() as session, transaction(session), pytest.raises(Refused, match="Nobody stands"):
        enable(session, actor=SYSTEM, person_id=renee.id, now=now)


def test_titles_and_reasons_of_their_own_sessions_are_emptied_and_of_others_not(
    sessions: Sessions, people: Everybody, life: Life, now: datetime
) -> None:
    with sessions() as session:
        assert typed_about(session, people.member.id) == Typed(titles=1, reasons=3)
    erased(sessions, people.member.id, now)
    with sessions() as session:
        titles = dict(session.execute(select(Series.id, Series.title)).all())
        reasons = session.scalars(select(Occurrence.move_reason)).all()
        assert titles == {life.group: "Tuesday evening group", life.own: NEUTRAL}
        assert set(reasons) == {""}
        assert typed_about(session, people.other_member.id) == Typed(0, 1)


@pytest.mark.usefixtures("life")
def test_what_waited_to_be_sent_to_them_is_dropped_and_the_mail_folder_is_looked_through_twice(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    erased(sessions, people.member.id, now)
    query = select(Outbox.kind, Outbox.payload, Outbox.run_at).where(Outbox.kind != LEDGER)
    with sessions() as session:
        waiting = [tuple(row) for row in session.execute(query.order_by(Outbox.id))]
    renee = {"person_id": people.member.id}
    assert waiting == [
        ("reset", {"person_id": people.other_member.id}, now),
        (FORGET_MAIL, renee, now),
        (FORGET_MAIL, renee, now + timedelta(minutes=5)),
    ]


@pytest.mark.usefixtures("life")
def test_the_erasure_is_on_record_without_a_name_and_twice_is_the_same_as_once(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    renee, yusuf = people.member.id, people.administrator
    erased(sessions, renee, now, actor=yusuf.actor)
    again = erased(sessions, renee, now + timedelta(days=400), kept_until=date(2040, 1, 1))
    assert again == Erased(renee, now, UNTIL)
    query = select(AuditEntry.actor, AuditEntry.person_id, AuditEntry.detail)
    with sessions() as session:
        noted = session.execute(query.where(AuditEntry.action == "person.erased")).all()
        kept = session.get_one(Erasure, renee)
        lines = session.scalars(select(Outbox.payload).where(Outbox.kind == LEDGER)).all()
    assert [tuple(row) for row in noted] == [(yusuf.id, renee, {"kept_until": "2033-07-15"})]
    assert (kept.at, kept.made_by, kept.kept_until) == (now, yusuf.id, UNTIL)
    assert [line["person"] for line in lines if line["what"] == "erased"] == [renee]


def test_the_last_administrator_and_nobody_cannot_be_erased(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    with pytest.raises(Refused, match="Somebody must be able"):
        erased(sessions, people.administrator.id, now)
    with pytest.raises(NotFound):
        erased(sessions, 10_000, now)
    assert erased(sessions, people.administrator.id, now, force=True).person_id == people.administrator.id


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([], date(2033, 7, 15)),
        ([(date(2020, 1, 1), date(2020, 2, 29))], date(2027, 2, 28)),
        ([(date(2020, 1, 1), date(2020, 6, 1)), (date(2024, 1, 1), date(2024, 12, 31))], date(2031, 12, 31)),
        ([(date(2026, 1, 1), None)], date(2033, 7, 15)),
    ],
)
def test_what_the_law_keeps_is_kept_from_the_end_of_the_last_stay(
    sessions: Sessions,
    people: Everybody,
    now: datetime,
    stays: list[tuple[date, date | None]],
    expected: date,
) -> None:
    with sessions() as session, transaction(session):
        for first, last in stays:
            row = Stay(person_id=people.member.id, admitted_on=first, discharged_on=last, changed_at=now)
            session.add(row)
        session.flush()
        assert kept_until(session, people.member.id, years=7, today=now.date()) == expected
