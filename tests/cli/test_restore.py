"""``aftercare restore FILE``: what comes back, what stays ended, and what is refused."""

import errno
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine, func, make_url, select, text, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import NullPool

from scheduler import clock
from scheduler.cli import main
from scheduler.cli import restore as restoring
from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.access.models import Passkey
from scheduler.domain.admissions.admit import Admission, admit
from scheduler.domain.admissions.discharge import Leaving, discharge
from scheduler.domain.admissions.undo import undo
from scheduler.domain.calendars import service as calendars
from scheduler.domain.calendars.models import Feed, FeedBody
from scheduler.domain.calendars.standing import Ending
from scheduler.domain.people import service
from scheduler.domain.people.models import Account, Device, Identity, OneTimeLink, Person, PersonRole, SignIn
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.privacy.erase import erase
from scheduler.domain.privacy.merge import merge
from scheduler.domain.privacy.models import Erasure
from scheduler.domain.schedule.models import Series
from scheduler.domain.stays.reasons import DischargeReason
from scheduler.store import engine as engines
from scheduler.store import schema
from scheduler.store.audit import AuditEntry
from scheduler.store.backups import container, lite, server
from scheduler.store.revisions import CalendarRevision, raise_calendars
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.databases import PostgresDatabases
from tests.support.feeds import group, subscribe
from tests.support.people import Everybody

pytestmark = pytest.mark.databases("sqlite", "postgresql")

DAYS = timedelta(days=14)
OTHER = DischargeReason.OTHER


class Center:
    """An installation with Renee's calendar in it, and the commands to look after it."""

    def __init__(self, engine: Engine, people: Everybody, folder: Path) -> None:
        self.engine, self.people, self.folder = engine, people, folder
        self.file, self.ledger = folder / "monday.backup", folder / "instance" / "ledger.jsonl"

    def run(self, *words: str | Path) -> tuple[int, str]:
        self.engine.dispose()  # as a server that was stopped
        done = CliRunner().invoke(main, list(map(str, words)))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.exit_code, done.output

    def does(self, *words: str | Path) -> str:
        code, said = self.run(*words)
        assert code == 0, said
        return said

    def refuses(self, *words: str | Path) -> str:
        code, said = self.run(*words)
        assert code == 1, said
        return said.splitlines()[-1].removeprefix("Error: ")

    def do(self, verb: Callable[..., Any], **words: Any) -> Any:
        with Database(self.engine) as session, transaction(session):
            return verb(session, **words)

    def all(self, query: Any) -> list[Any]:
        with Database(self.engine) as session:
            return list(session.scalars(query))


@pytest.fixture
def center(
    configured: Path, engine: Engine, people: Everybody, sessions: sessionmaker[Database], tmp_path: Path
) -> Center:
    with sessions() as session, transaction(session):
        series = group(session, clock.now())
        factories.enrollment(session, series, people.member.id)
        for person in (people.member, people.other_member):
            subscribe(session, person, clock.now())
        session.add(
            FeedBody(
                feed_id=1,
                calendar_revision=1,
                feed_revision=1,
                wording="",
                etag="",
                last_modified=clock.now(),
                body=b"x",
            )
        )
    return Center(engine, people, tmp_path)


def names_of(center: Center) -> list[str]:
    return sorted(center.all(select(Identity.name)))


def test_what_was_lost_comes_back_and_what_was_there_is_kept(
    center: Center, dialect: str, database_url: str
) -> None:
    center.does("backup", center.file)
    before = names_of(center)
    center.do(service.make_person, actor=SYSTEM, name="New", email=None, roles=[Role.MEMBER], now=clock.now())
    said = center.does("restore", center.file, "--replace", "--yes").splitlines()
    assert said[0].startswith("There are 7 persons in this database, ")
    assert said[1].startswith("Restored: ")
    url = make_url(database_url)
    beside = {
        "sqlite": f"{url.database}.before-restore",
        "postgresql": f"the database {url.database}_before_restore",
    }
    assert said[2:] == [f"What was there before is kept: {beside[dialect]}."]
    assert names_of(center) == before
    kept = url.set(
        database=f"{url.database}{'.before-restore' if dialect == 'sqlite' else '_before_restore'}"
    )
    with closing(create_engine(kept, poolclass=NullPool).connect()) as connection:
        assert connection.scalar(select(func.count()).select_from(Person)) == 7
    if dialect == "sqlite":
        assert Path(str(url.database)).stat().st_mode & 0o777 == 0o600


def test_nothing_is_replaced_unless_that_is_said(center: Center) -> None:
    center.does("backup", center.file)
    center.do(service.make_person, actor=SYSTEM, name="New", email=None, roles=[Role.MEMBER], now=clock.now())
    code, said = center.run("restore", center.file)
    assert code == 1
    assert said.startswith("There are 7 persons in this database, ")
    assert said.endswith("Error: Nothing was changed. To put the backup in their place, add --replace.\n")
    assert len(names_of(center)) == 7


def test_who_says_replace_is_asked_and_where_nobody_can_be_asked_must_say_yes(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    center.does("backup", center.file)
    center.do(service.make_person, actor=SYSTEM, name="New", email=None, roles=[Role.MEMBER], now=clock.now())
    words = ["restore", str(center.file), "--replace"]
    said = center.refuses(*words)
    assert said == "Nothing was changed. Nobody can be asked here: add --yes, too."
    monkeypatch.setattr(restoring, "_is_at_a_terminal", lambda: True)
    center.engine.dispose()
    declined = CliRunner().invoke(main, words, input="n\n")
    assert declined.exit_code == 1
    assert "There are 7 persons in this database, " in declined.output
    assert declined.output.endswith("Error: Nothing was changed.\n")
    assert len(names_of(center)) == 7
    center.engine.dispose()
    assert CliRunner().invoke(main, words, input="y\n").exit_code == 0
    assert len(names_of(center)) == 6


def test_an_empty_database_is_filled(
    center: Center, dialect: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    center.does("backup", center.file)
    before = names_of(center)
    if dialect == "sqlite":
        monkeypatch.setenv("AFTERCARE_DATABASE_URL", f"sqlite:///{center.folder}/new.sqlite3")
        said = center.does("restore", center.file)
    else:
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        with databases.empty() as url:
            monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
            said = center.does("restore", center.file)
            engine = create_engine(url, poolclass=NullPool)
            with Database(engine) as session:
                assert sorted(session.scalars(select(Identity.name))) == before
    assert "is kept" not in said or dialect == "postgresql"


def test_what_was_ended_since_stays_ended(center: Center) -> None:
    people, now = center.people, clock.now()
    center.does("backup", center.file)
    member, other, staff = people.member, people.other_member, people.facilitator
    feeds = {"actor": SYSTEM, "farewell": DAYS, "now": now}
    center.do(calendars.revoke_feed, feed_id=1, person_id=member.id, ending=Ending.NOW, **feeds)
    center.do(service.disable, actor=SYSTEM, person_id=other.id, now=now)
    center.do(service.take_role, actor=SYSTEM, person_id=staff.id, role=Role.FACILITATOR, now=now)
    said = center.does("restore", center.file, "--replace", "--yes")
    assert "feed confirm" not in said
    with Database(center.engine) as session:
        first, second = session.scalars(select(Feed).order_by(Feed.id))
        assert (first.revoked_at, first.farewell_until, first.suspended_at) == (now, None, None)
        assert (second.revoked_at, second.suspended_at) == (None, None)
        assert session.get_one(Person, other.id).disabled_at == now
        assert session.get(PersonRole, (staff.id, Role.FACILITATOR)) is None
        signed_in = set(session.scalars(select(SignIn.person_id)))
    assert not signed_in & {other.id, staff.id}
    assert {member.id, people.administrator.id} <= signed_in


def test_a_calendar_that_an_undone_discharge_had_ended_lives_on(center: Center) -> None:
    person, now, leaving = center.people.member.id, clock.now(), Leaving(clock.now().date(), OTHER, DAYS)
    begun = {"actor": SYSTEM, "now": now, "person_id": person}
    stay = center.do(admit, admission=Admission(now.date()), **begun).stay_id
    discharged = center.do(discharge, actor=SYSTEM, stay_id=stay, revision=1, leaving=leaving, now=now)
    center.do(undo, **{**begun, "now": now + timedelta(minutes=1)}, memory_id=discharged.memory_id)
    center.does("backup", center.file)
    center.does("restore", center.file, "--replace", "--yes")
    mine = select(Feed.revoked_at).where(Feed.person_id == person)
    assert center.all(mine) == [None]


def test_a_record_that_became_part_of_another_s_does_not_come_back(center: Center) -> None:
    first, second, now = center.people.facilitator.id, center.people.coordinator.id, clock.now()
    key = {"public_key": b"k", "user_handle": b"h", "name": "Key", "made_at": now}
    with Database(center.engine) as session, transaction(session):
        for person in (first, second):
            session.add(Passkey(person_id=person, credential_id=bytes([person]), **key))
            session.merge(Account(person_id=person, password_hash="hash", changed_at=now))
    center.does("backup", center.file)
    center.do(merge, actor=SYSTEM, first_id=first, second_id=second, now=clock.now())
    center.do(service.disable, actor=SYSTEM, person_id=first, now=clock.now())
    center.does("restore", center.file, "--replace", "--yes")
    disabled = select(Person.id).where(Person.disabled_at.is_not(None)).order_by(Person.id)
    assert center.all(disabled) == sorted([first, second])
    assert center.all(select(PersonRole.role).where(PersonRole.person_id == second)) == []
    ways = select(Account.person_id).union_all(select(Passkey.person_id))
    assert second not in center.all(ways)
    identity = center.all(select(Identity).where(Identity.person_id == second))[0]
    assert (identity.email, identity.email_confirmed_at) == (center.people.coordinator.email, None)


def test_whoever_was_erased_since_does_not_come_back(center: Center, dialect: str) -> None:
    center.does("backup", center.file)
    member = center.people.member
    center.do(erase, actor=SYSTEM, person_id=member.id, now=clock.now(), kept_until=date(2033, 7, 15))
    center.does("restore", center.file, "--replace", "--yes")
    assert member.name not in names_of(center)
    assert center.all(select(Erasure.kept_until)) == [date(2033, 7, 15)]
    if dialect == "sqlite":  # not even in what the file no longer uses
        content = Path(str(center.engine.url.database)).read_bytes()
        assert member.name.encode() not in content
        assert member.name.lower().encode() not in content


def test_what_the_database_did_not_yet_tell_the_ledger_is_not_lost(center: Center) -> None:
    """No worker ran between the change and the restore."""
    center.does("backup", center.file)
    center.do(service.disable, actor=SYSTEM, person_id=center.people.member.id, now=clock.now())
    assert "disabled" not in center.ledger.read_text()
    center.does("restore", center.file, "--replace", "--yes")
    assert center.all(select(Person.id).where(Person.disabled_at.is_not(None))) == [center.people.member.id]


def spoil_nothing(_center: Center) -> None:
    return


def lose_the_ledger(center: Center) -> None:
    center.ledger.unlink()


def take_another_ledger(center: Center) -> None:
    center.ledger.write_text('{"what":"backed-up","at":"2026-01-01T00:00:00+00:00","key":"another"}\n')


@pytest.mark.parametrize(
    ("spoil", "words", "why"),
    [
        (spoil_nothing, ["--without-ledger"], "The ledger was left aside."),
        (lose_the_ledger, [], "does not know this backup."),
        (take_another_ledger, [], "does not know this backup."),
    ],
)
def test_without_its_ledger_everything_ends_until_somebody_confirms(
    center: Center, spoil: Callable[[Center], None], words: list[str], why: str
) -> None:
    center.do(begin_sign_in, person_id=center.people.member.id, lasts=timedelta(days=90), now=clock.now())
    center.do(factories.device, person_id=center.people.facilitator.id)
    center.do(lambda session: session.execute(update(Device).values(sign_in_id=1)))
    center.does("backup", center.file)
    spoil(center)
    said = center.does("restore", center.file, "--replace", "--yes", *words)
    assert why in said
    assert said.endswith("Run: aftercare feed confirm\n")
    assert center.all(select(SignIn.id)) == []
    assert center.all(select(Device.sign_in_id)) == [None]
    assert center.all(select(OneTimeLink.id).where(OneTimeLink.used_at.is_(None))) == []
    assert None not in center.all(select(Feed.suspended_at))
    assert center.does("feed", "confirm") == "Confirmed calendars: 2.\n"


def test_calendars_load_anew_whatever_was_served_since(center: Center) -> None:
    center.does("backup", center.file)
    before = {row.person_id: row.revision for row in center.all(select(CalendarRevision))}
    sequence = center.all(select(Series.sequence))
    later = clock.now() + timedelta(days=400)  # a clock that went wrong for a while
    center.do(raise_calendars, person_ids=[center.people.member.id], now=later)
    center.does("restore", center.file, "--replace", "--yes")
    for row in center.all(select(CalendarRevision)):
        assert row.revision >= before[row.person_id] + 100_000
        assert row.raised_at > later
    assert center.all(select(Series.sequence)) == [number + 100_000 for number in sequence]
    assert center.all(select(FeedBody.feed_id)) == []


def test_a_restore_is_on_record(center: Center) -> None:
    center.does("backup", center.file)
    center.does("restore", center.file, "--replace", "--yes")
    last = center.all(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))[0]
    assert (last.action, last.actor, last.detail["ledger"]) == ("database.restored", None, True)
    assert [line.split('"')[3] for line in center.ledger.read_text().splitlines()] == [
        "backed-up",
        "restored",
    ]


def test_what_fails_once_the_backup_is_in_its_place_does_not_say_that_nothing_was_changed(
    center: Center, dialect: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk or the server is gone just then."""
    center.does("backup", center.file)
    before = names_of(center)
    center.do(service.make_person, actor=SYSTEM, name="New", email=None, roles=[Role.MEMBER], now=clock.now())
    place = restoring._put_in_place

    def place_and_lose(*given: Any) -> str:
        kept = place(*given)
        broken = OSError(errno.EIO, "Input/output error", "/mnt")
        monkeypatch.setattr(restoring, "sync_folder", raising(broken))
        monkeypatch.setattr(server, "_drop", raising(psycopg.OperationalError("the connection is lost")))
        return kept

    monkeypatch.setattr(restoring, "_put_in_place", place_and_lose)
    name = make_url(database_url).database
    beside, why = {
        "sqlite": (f"{name}.before-restore", "[Errno 5] Input/output error: '/mnt'"),
        "postgresql": (f"the database {name}_before_restore", "the connection is lost"),
    }[dialect]
    said = center.refuses("restore", center.file, "--replace", "--yes")
    assert said == (
        f"The backup is in its place. What was there before is kept: {beside}."
        f" But what was left to do after it failed: {why}"
    )
    assert names_of(center) == before
    assert '"restored"' in center.ledger.read_text()


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_given: object, **_more: object) -> None:
        raise error

    return fail


def test_it_waits_for_nobody_who_has_the_database_open(center: Center, engine: Engine) -> None:
    center.does("backup", center.file)
    with closing(engine.connect()) as connection:
        connection.execute(select(Person.id)).all()
        done = CliRunner().invoke(main, ["restore", str(center.file), "--replace", "--yes"])
    assert done.exit_code == 1
    assert done.output.startswith("Error: The database is in use. Stop `aftercare serve`")
    assert len(names_of(center)) == 6


def rewritten(center: Center, **values: object) -> None:
    """The backup with another manifest."""
    with container.aside(center.folder) as folder:
        manifest, data = container.read(center.file, folder, [])
        with container.new_file(center.file, replace=True) as target:
            container.write(target, replace(manifest, **values), data, [])  # type: ignore[arg-type]  # as given


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"dialect": "oracle"}, "The backup is of oracle, and this installation uses {dialect}."),
        (
            {"schema": "9999", "program": "9.9"},
            "The backup is of a newer version (9.9). Install that version.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    center: Center, dialect: str, values: dict[str, object], said: str
) -> None:
    center.does("backup", center.file)
    rewritten(center, **values)
    for command in (["restore", center.file, "--replace", "--yes"], ["backup", "verify", center.file]):
        assert center.refuses(*command) == said.format(dialect=dialect)
    assert len(names_of(center)) == 6


def test_rows_that_are_not_what_they_were_are_refused(center: Center) -> None:
    center.does("backup", center.file)
    with container.aside(center.folder) as folder:
        tables = dict(container.read(center.file, folder, [])[0].tables)
    person = tables["person"]
    for wrong, said in (
        ({**tables, "person": replace(person, count=9)}, "the table person has 6 rows in place of 9"),
        (
            {**tables, "person": replace(person, sha256="0")},
            "rows of the table person are not what they were",
        ),
        ({**tables, "diary": person}, "the table diary is missing"),
        (
            {name: rows for name, rows in tables.items() if name != "person"},
            "the table person is not expected",
        ),
    ):
        rewritten(center, tables=wrong)
        for command in (["restore", center.file, "--replace", "--yes"], ["backup", "verify", center.file]):
            assert center.refuses(*command) == f"The backup is not good: {said}."
    assert len(names_of(center)) == 6


def test_a_damaged_ledger_is_not_read_past(center: Center) -> None:
    center.does("backup", center.file)
    with center.ledger.open("a") as file:
        file.write("nonsense\n")
    said = center.refuses("restore", center.file, "--replace", "--yes")
    assert said == f"Line 2 of the ledger {center.ledger} cannot be read."


@pytest.mark.databases("sqlite")
def test_a_present_database_that_is_ruined_is_no_hindrance(center: Center, database_url: str) -> None:
    center.does("backup", center.file)
    before = names_of(center)
    center.engine.dispose()
    path = Path(str(make_url(database_url).database))
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    path.write_bytes(b"ruined" * 1000)
    assert center.refuses("restore", center.file).startswith("Nothing was changed.")
    center.does("restore", center.file, "--replace", "--yes")
    assert names_of(center) == before


@pytest.mark.databases("sqlite")
def test_a_backup_of_an_older_version_is_brought_to_the_form_of_this_one(
    center: Center, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = tmp_path / "old.sqlite3"
    engine = create_engine(f"sqlite:///{old}")
    engines.prepare(engine)
    schema.upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO person (id, created_at, revision) VALUES (7, '2026-01-01 00:00:00.000000', 1)")
        )
    engine.dispose()
    center.does("backup", center.file)
    copied = tmp_path / lite.NAME
    tables = lite.copy(old, copied)
    with container.aside(center.folder) as folder:
        manifest = container.read(center.file, folder, [])[0]
    older = replace(manifest, schema="0001", tables=tables, data=container.data_of(copied))
    with container.new_file(center.file, replace=True) as target:
        container.write(target, older, copied, [])
    center.does("backup", "verify", center.file)
    center.does("restore", center.file, "--replace", "--yes")
    assert center.all(select(Person.id)) == [7]
    with center.engine.connect() as connection:
        assert schema.form_of(connection) is schema.Form.READY
