"""``aftercare feed``: the address of a new calendar is the last line, and what is turned off is off."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.cli import main
from scheduler.domain.calendars.keeping import note_fetches
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.queries import owned
from scheduler.domain.calendars.sources import alike
from scheduler.domain.calendars.tokens import hash_of
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.schedule.kinds import Kind
from scheduler.store.transaction import transaction
from tests.support.people import Everybody

HEADING = "id\towner\tname\ttitles\tstate\tlast fetched (UTC)\tby"


@pytest.fixture(autouse=True)
def _settings(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("AFTERCARE_BASE_URL", "https://my.example.org")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["feed", *words])


def listed(*words: str) -> list[str]:
    """The lines below the one that names the columns."""
    heading, *lines = run("list", *words).output.splitlines()
    assert heading == HEADING
    return lines


def test_the_last_line_is_the_address_of_the_new_feed(
    people: Everybody, sessions: sessionmaker[Database]
) -> None:
    done = run("create", people.member.email, "--titles", "full", "--alarm", "30")
    assert done.exit_code == 0, done.output
    address = done.output.splitlines()[-1]
    start, token, name = address.rsplit("/", 2)
    assert (start, name) == ("https://my.example.org/feeds", "calendar.ics")
    with sessions() as session:
        feed = session.query(Feed).one()
        assert (feed.token_hash, feed.person_id) == (hash_of(token), people.member.id)
        assert (feed.titles, feed.show_place) == ("full", False)
        assert owned(session, feed.id).wishes.kinds == alike(30)


def test_kinds_and_language_may_be_chosen(people: Everybody, sessions: sessionmaker[Database]) -> None:
    only = ("--kind", "skills", "--kind", "medication")
    done = run("create", people.member.email, *only, "--daily-dosing", "--language", "es")
    assert done.exit_code == 0, done.output
    with sessions() as session:
        wishes = owned(session, 1).wishes
    assert [kind.value for kind in Kind if wishes.of(kind).shown] == ["skills", "medication"]
    assert (wishes.daily_dosing, wishes.language) == (True, "es")


def test_the_list_names_owner_titles_and_state(people: Everybody) -> None:
    run("create", people.member.email)
    run("create", people.facilitator.email, "--titles", "discreet", "--name", "Tablet")
    assert run("list").output.splitlines() == [
        HEADING,
        "1\tmember@example.org\tCalendar\tplain\tlive\tnever\t-",
        "2\tfacilitator@example.org\tTablet\tdiscreet\tlive\tnever\t-",
    ]
    assert [line.split("\t")[0] for line in listed(people.facilitator.email)] == ["2"]


def test_somebody_without_an_address_is_named_by_their_number(
    people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        number = make_person(
            session, actor=SYSTEM, name="Ada Nguyen", email=None, roles=[Role.MEMBER], now=now
        )
    assert run("create", str(number)).exit_code == 0
    run("create", people.member.email)
    assert listed(str(number)) == [f"1\t{number}\tCalendar\tplain\tlive\tnever\t-"]
    assert run("confirm", str(number)).output == "Confirmed calendars: 0.\n"


def test_where_there_is_none_the_list_says_so(people: Everybody) -> None:
    assert run("list").output == "No calendars.\n"
    run("create", people.facilitator.email)
    assert run("list", people.member.email).output == "No calendars.\n"


def test_a_fetch_is_listed_with_its_program(
    people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    run("create", people.member.email)
    with sessions() as session, transaction(session):
        note_fetches(session, {1: ("google", now)})
    assert listed()[0].split("\t")[5:] == [f"{now.astimezone(UTC):%Y-%m-%d %H:%M}", "google"]


@pytest.mark.parametrize(("words", "state"), [((), "farewell"), (("--now",), "gone")])
def test_a_feed_is_turned_off(
    people: Everybody, sessions: sessionmaker[Database], words: tuple[str, ...], state: str
) -> None:
    run("create", people.member.email)
    done = run("revoke", "1", *words)
    assert done.exit_code == 0, done.output
    assert listed() == [f"1\tmember@example.org\tCalendar\tplain\t{state}\tnever\t-"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "nobody@example.org"), "Error: Nobody has the address or number nobody@example.org."),
        *(
            (
                ("create", "member@example.org", "--alarm", minutes),
                "Error: A reminder comes from 0 minutes to a week before the start.",
            )
            for minutes in ("99999", "-5")
        ),
        (("create", "member@example.org", "--titles", "loud"), "Error: Invalid value for '--titles'"),
        (("revoke", "17"), "Error: There is no such feed."),
        (("list", "nobody@example.org"), "Error: Nobody has the address or number nobody@example.org."),
    ],
)
def test_bad_input_is_one_clear_line(
    people: Everybody, words: tuple[str, ...], said: str, now: datetime
) -> None:
    done = run(*words)
    assert done.exit_code != 0
    assert said in done.output.splitlines()[-1]


def test_suspended_feeds_are_confirmed_one_person_s_or_everybody_s(
    people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    for person in (people.member, people.other_member, people.facilitator):
        run("create", person.email)
    with sessions() as session, transaction(session):
        session.execute(update(Feed).values(suspended_at=now))
    assert [line.split("\t")[4] for line in listed()] == ["gone"] * 3
    assert run("confirm", people.member.email).output == "Confirmed calendars: 1.\n"
    assert run("confirm").output == "Confirmed calendars: 2.\n"
    assert [line.split("\t")[4] for line in listed()] == ["live"] * 3
