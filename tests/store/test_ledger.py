"""The ledger: what is ended is written with the change, copied to a file, and read as it was."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.models import Person
from scheduler.errors import Refused
from scheduler.store.ledger import GIVES, KIND, Ended, Line, remember
from scheduler.store.ledger_file import LedgerFile, LedgerNotWritten, flush
from scheduler.store.outbox import TRIES, Outbox
from scheduler.store.transaction import transaction
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


@pytest.fixture
def ledger(tmp_path: Path) -> LedgerFile:
    return LedgerFile(tmp_path / "kept" / "ledger.jsonl")


def disabled_and_signed_out(sessions: Sessions, people: Everybody, now: datetime) -> list[Line]:
    with sessions() as session, transaction(session):
        remember(session, what=Ended.DISABLED, person_id=people.member.id, now=now)
        remember(session, what=Ended.SIGN_IN, key="ab12", now=now + timedelta(seconds=1))
        remember(session, what=Ended.FEED, key="cd", until=now + timedelta(days=14), now=now)
    return [
        Line(Ended.DISABLED, now, person_id=people.member.id, made_at=now),
        Line(Ended.SIGN_IN, now + timedelta(seconds=1), "ab12"),
        Line(Ended.FEED, now, "cd", until=now + timedelta(days=14)),
    ]


def test_what_is_ended_comes_to_the_file_once_and_as_it_was(
    sessions: Sessions, people: Everybody, now: datetime, ledger: LedgerFile
) -> None:
    lines = disabled_and_signed_out(sessions, people, now)
    assert flush(sessions, ledger, now=now) == 3
    assert flush(sessions, ledger, now=now) == 0
    assert list(ledger.read()) == lines
    assert ledger.path.stat().st_mode & 0o777 == 0o600


def test_what_was_given_up_or_is_leased_is_copied_too(
    sessions: Sessions, people: Everybody, now: datetime, ledger: LedgerFile
) -> None:
    lines = disabled_and_signed_out(sessions, people, now)
    with sessions() as session, transaction(session):
        for row in session.scalars(select(Outbox).where(Outbox.kind == KIND)):
            row.attempts, row.run_at = TRIES, now + timedelta(days=1)
    flush(sessions, ledger, now=now)
    assert list(ledger.read()) == lines


def test_a_change_that_is_taken_back_is_not_remembered(
    sessions: Sessions, people: Everybody, now: datetime, ledger: LedgerFile
) -> None:
    with sessions() as session:
        remember(session, what=Ended.DISABLED, person_id=people.member.id, now=now)
        session.rollback()
    assert flush(sessions, ledger, now=now) == 0
    assert not ledger.exists()


def test_nobody_cannot_be_remembered(session: Database, now: datetime) -> None:
    with pytest.raises(NoResultFound):
        remember(session, what=Ended.DISABLED, person_id=404, now=now)


@pytest.mark.parametrize("cut", [1, 30])
@pytest.mark.parametrize("before", [0, 1, 200])
def test_a_line_that_was_cut_off_is_left_out_and_written_again(
    now: datetime, ledger: LedgerFile, before: int, cut: int
) -> None:
    old = [Line(Ended.SIGN_IN, now, f"{number:064}") for number in range(before)]
    torn = Line(Ended.LINK, now, "7", made_at=now)
    ledger.append([*old, torn])
    with ledger.path.open("r+b") as file:
        file.truncate(ledger.path.stat().st_size - cut)
    assert list(ledger.read()) == old
    ledger.append([torn])
    assert list(ledger.read()) == [*old, torn]


def test_what_is_true_only_once_the_rest_is_done_goes_again_where_that_fails(
    now: datetime, ledger: LedgerFile
) -> None:
    old, new = (Line(Ended.BACKED_UP, now, name) for name in ("old", "new"))
    ledger.append([old])
    with suppress(ZeroDivisionError), ledger.appended([new]):
        assert list(ledger.read()) == [old, new]
        raise ZeroDivisionError
    assert list(ledger.read()) == [old]


def test_where_it_cannot_be_written_the_error_says_where_and_why(now: datetime, ledger: LedgerFile) -> None:
    ledger.path.mkdir(parents=True)
    with pytest.raises(LedgerNotWritten) as told:
        ledger.append([Line(Ended.SIGN_IN, now, "ab")])
    assert (told.value.filename, told.value.strerror) == (str(ledger.path), "Is a directory")


@pytest.mark.parametrize(
    "damage", [b"nonsense\n", b"{}\n", b"[]\n", b'{"what":"unheard","at":"2026-07-15"}\n']
)
def test_a_damaged_line_is_named(now: datetime, ledger: LedgerFile, damage: bytes) -> None:
    ledger.append([Line(Ended.SIGN_IN, now, "ab")])
    with ledger.path.open("ab") as file:
        file.write(damage)
    ledger.append([Line(Ended.SIGN_IN, now, "cd")])
    with pytest.raises(Refused, match=r"Line 2 of the ledger .*ledger.jsonl cannot be read\."):
        list(ledger.read())


def test_what_ends_for_a_person_ends_for_each_record_that_became_theirs_and_nothing_else_does(
    sessions: Sessions, people: Everybody, now: datetime, ledger: LedgerFile
) -> None:
    first, second = people.member.id, people.other_member.id
    given = {Ended.ENABLED, Ended.ROLE_GIVEN, Ended.ROLE_LIMITED}
    with sessions() as session, transaction(session):
        session.get_one(Person, second).merged_into = first
        for what in (Ended.DISABLED, *sorted(given)):
            remember(session, what=what, person_id=first, now=now)
    flush(sessions, ledger, now=now)
    assert given == GIVES
    assert [(line.what, line.person_id, line.made_at) for line in ledger.read()] == [
        (Ended.DISABLED, first, now),
        (Ended.DISABLED, second, now),
        *((what, first, now) for what in sorted(given)),
    ]
