"""``aftercare check``: what a production installation still lacks."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock, config
from scheduler.cli import main
from scheduler.cli.check import of_backups, of_work, telling
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.store.ledger import Ended, Line
from scheduler.store.ledger_file import LedgerFile
from scheduler.store.outbox import Backlog
from scheduler.store.transaction import transaction

KEY = "k3J-vQ8xw_Zr5tY2uI9oP7aS4dF6gH1j"
COMPLETE = {
    "PRODUCTION": "1",
    "SECRET_KEY": KEY,
    "BASE_URL": "https://my.example.org",
    "PROXIES": "1",
    "MAIL_URL": "smtps://mail.example.org",
    "MAIL_FROM": "calendar@example.org",
    "ORGANIZATION": "Elm House",
    "HELP_LINE": "(555) 010-0142",
    "HELP_HOURS": "weekdays, 9 to 5",
}


def lines() -> tuple[int, list[str]]:
    done = CliRunner().invoke(main, ["check"])
    return done.exit_code, done.output.splitlines()


def test_a_fresh_installation_is_told_all_that_it_lacks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    tmp_path.chmod(0o755)
    code, said = lines()
    assert code == 1
    assert [line for line in said if "style sheets" not in line] == [
        "- AFTERCARE_PRODUCTION is not 1: unsafe values are not refused.",
        "- AFTERCARE_BASE_URL is http://127.0.0.1:5000: people need https.",
        "- AFTERCARE_STAFF_SECOND_FACTOR is 0: staff sign in by a password alone.",
        f"- AFTERCARE_MAIL_URL is empty: messages stay in {tmp_path}/mail.",
        "- AFTERCARE_MAIL_FROM is not set: nobody can answer, and servers refuse it.",
        "- AFTERCARE_ORGANIZATION is the example's: Lindenfield.",
        "- AFTERCARE_HELP_LINE is the example's: (555) 010-0199.",
        "- AFTERCARE_HELP_HOURS is the example's: every day, 8 AM to 8 PM.",
        f"- AFTERCARE_SECRET_KEY is not set: the key lies in {tmp_path}/secret_key, beside what it protects.",
        f"- Others on this machine can read {tmp_path}. Run: chmod go= {tmp_path}",
        "- The database is empty. Run: aftercare db upgrade",
        "- No backup is known. Run: aftercare backup FILE",
    ]


def test_one_that_lacks_nothing_is_told_so(
    configured: Path,
    sessions: sessionmaker[Database],
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    tmp_path: Path,
) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(f"AFTERCARE_{name}", value)
    configured.mkdir(mode=0o700)
    Path(database_url.partition(":///")[2]).chmod(0o600)
    code, said = lines()
    nobody = "- Nobody is an administrator. Run: aftercare person create (--help tells how)"
    none = "- No backup is known. Run: aftercare backup FILE"
    assert (code, [line for line in said if "style sheets" not in line]) == (1, [nobody, none])
    with sessions() as session, transaction(session):
        make_person(
            session,
            actor=SYSTEM,
            name="Yusuf",
            email="y@example.org",
            roles=[Role.ADMINISTRATOR],
            now=clock.now(),
        )
    assert CliRunner().invoke(main, ["backup", str(tmp_path / "b")]).exit_code == 0
    said = lines()[1]
    assert [line for line in said if "style sheets" not in line] in ([], ["Nothing is missing."])


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("CALENDAR_NAME", "My recovery", "recovery"),
        ("PLAIN_TITLE", "Sober evening", "Sober"),
        ("MAIL_FROM", "detox@example.org", "detox"),
        ("BASE_URL", "https://my.rehab-elm.example.org", "rehab"),
    ],
)
def test_what_tells_strangers_what_this_is_is_named_and_not_refused(
    configured: Path,
    sessions: sessionmaker[Database],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    word: str,
) -> None:
    for each, usual in (COMPLETE | {name: value}).items():
        monkeypatch.setenv(f"AFTERCARE_{each}", usual)
    found = list(telling(config.load()))
    assert found == [f"AFTERCARE_{name} says “{word}”: it shows on locked screens, in calendars and in mail."]
    assert f"- {found[0]}" in lines()[1]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            config.Settings(base_url="https://elmrehab.example.org"),
            "AFTERCARE_BASE_URL says “rehab”: it shows on locked screens, in calendars and in mail.",
        ),
        (
            config.Settings(mail_from="Elm Sober Living <calendar@example.org>"),
            "AFTERCARE_MAIL_FROM says “Sober”: it shows on locked screens, in calendars and in mail.",
        ),
        (
            config.Settings(mail_from="calendar@my-aftercare.example.org"),
            "AFTERCARE_MAIL_FROM says “aftercare”: it shows on locked screens, in calendars and in mail.",
        ),
        (
            config.Settings(organization="Elm Street Recovery"),
            "AFTERCARE_ORGANIZATION says “Recovery”: it shows at the top of every page.",
        ),
    ],
)
def test_names_and_words_that_stand_together_are_found_too(settings: config.Settings, said: str) -> None:
    assert list(telling(settings)) == [said]


def test_what_calendars_say_of_their_maker_is_looked_at_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.cli.check.PRODID", "-//Aftercare//EN")
    assert list(telling(config.Settings())) == [
        "Calendars name their maker with “Aftercare”: -//Aftercare//EN."
    ]


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ([], ["No backup is known. Run: aftercare backup FILE"]),
        ([1, 90], []),
        ([48], []),
        ([49, 90], ["The last backup that is known was made 2026-07-13 19:00 UTC."]),
    ],
)
def test_a_backup_that_is_old_or_was_never_made_is_told(
    now: datetime, tmp_path: Path, ages: list[int], said: list[str]
) -> None:
    ledger = LedgerFile(tmp_path / "ledger.jsonl")
    ledger.append(Line(Ended.BACKED_UP, now - timedelta(hours=age), "b") for age in ages)
    assert list(of_backups(ledger, now)) == said


def test_an_installation_that_tells_nothing_is_not_warned() -> None:
    assert list(telling(config.Settings())) == []


@pytest.mark.parametrize(
    ("given_up", "error", "waits", "said"),
    [
        (0, None, None, []),
        (0, None, 15, []),
        (0, None, 16, ["A task waits since 2026-07-15 19:44 UTC: does a worker run?"]),
        (
            2,
            "the mail server answered 550",
            None,
            ["Tasks given up after 8 tries: 2. The last: the mail server answered 550."],
        ),
        (1, None, None, ["Tasks given up after 8 tries: 1. The last: the worker died."]),
    ],
)
def test_work_that_was_left_undone_is_told(
    now: datetime, given_up: int, error: str | None, waits: int | None, said: list[str]
) -> None:
    since = now - timedelta(minutes=waits) if waits else None
    assert list(of_work(Backlog(given_up, error, since), now)) == said
