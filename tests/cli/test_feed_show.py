"""``aftercare feed show``: what a calendar contains and why, without its address, and on record."""

from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.cli import main
from scheduler.domain.calendars import service
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import OfKind, Titles, alike
from scheduler.domain.calendars.standing import Ending
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.feeds import FULL, PHONE, group, subscribe
from tests.support.people import Everybody

pytestmark = pytest.mark.usefixtures("configured")


def show(*words: str) -> str:
    done = CliRunner().invoke(main, ["feed", "show", *words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(autouse=True)
def _planned(people: Everybody, sessions: sessionmaker[Database]) -> None:
    """A group in an online room that the member belongs to and the facilitator leads; a daily dose."""
    now = datetime.fromisoformat("2026-07-15T20:00+00:00")
    with sessions() as session, transaction(session):
        weekly = group(session, now, room_id=factories.online_room(session))
        factories.enrollment(session, weekly, people.member.id, from_date=date(2026, 6, 2))
        factories.post(session, weekly, people.facilitator.id)
        dose = factories.series(session, "Dose", kind="medication", rule="FREQ=DAILY")
        factories.enrollment(session, dose, people.member.id)


def test_somebody_without_a_calendar_is_told_what_a_new_one_would_contain(people: Everybody) -> None:
    said = show(people.member.email)
    assert said.startswith("No calendar; a new one: plain titles, from ")
    assert "\nAppointment\n  Every Tuesday, 7:00 to 8:30 PM, from " in said
    assert "\n  Enrolled since June 2, 2026. (series 1, group)\n" in said
    assert "\nLeft out: series 2, medication. Daily dosing is not chosen.\n" in said
    assert said.endswith("\nEntries: 1.\n")
    assert "Tuesday evening group" not in said


def test_the_choices_of_a_calendar_are_kept_and_no_address_is_printed(
    people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    tablet = Choices("Tablet", Titles.PLAIN, kinds={"group": OfKind(shown=False)}, daily_dosing=True)
    with sessions() as session, transaction(session):
        paths = [subscribe(session, people.member, now, choices) for choices in (PHONE, FULL)]
        subscribe(session, people.member, now, tablet)
    newest, full = show(people.member.email), show(people.member.email, "--feed", "2")
    assert newest.startswith("Calendar 3 (Tablet): plain titles")
    assert "Left out: series 1, group. Its kind is not chosen." in newest
    assert "(series 2, medication)" in newest
    assert "\nTuesday evening group, Online room B\n" in full
    secret = [path.split("/")[2] for path in paths]
    assert [word for word in (*secret, "https://", "cal_") if word in newest + full] == []
    assert "\nAppointment, Online room B\n" in show(people.member.email, "--feed", "2", "--titles", "plain")


def test_a_calendar_that_is_off_says_so_and_one_that_is_on_comes_first(
    people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    def turn_off(feed: int, ending: Ending) -> None:
        with sessions() as session, transaction(session):
            service.revoke_feed(
                session,
                actor=people.member.actor,
                feed_id=feed,
                person_id=people.member.id,
                ending=ending,
                farewell=timedelta(days=14),
                now=real_now,
            )

    real_now = clock.now()
    off = f"It is off since {real_now.astimezone(UTC):%Y-%m-%d %H:%M} UTC. "
    until = f"{real_now.astimezone(UTC) + timedelta(days=14):%Y-%m-%d %H:%M}"
    with sessions() as session, transaction(session):
        for choices in (PHONE, FULL):
            subscribe(session, people.member, now, choices)
    turn_off(2, Ending.FAREWELL)
    assert "off since" not in show(people.member.email)
    assert show(people.member.email, "--feed", "2").splitlines()[1] == (
        f"{off}It is empty until {until} UTC, then it is gone. This would stand in it:"
    )
    turn_off(1, Ending.NOW)
    said = show(people.member.email).splitlines()
    assert said[0].startswith("Calendar 2 (Laptop): full titles")
    assert said[1].startswith(off)
    assert show(people.member.email, "--feed", "1").splitlines()[1] == (
        f"{off}Its address does not answer. This would stand in it:"
    )


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "at the start"),
        (1, "1 minute before"),
        (90, "90 minutes before"),
        (120, "2 hours before"),
        (1440, "1 day before"),
        (10080, "7 days before"),
    ],
)
def test_a_reminder_is_told_in_the_largest_whole_unit(
    people: Everybody, sessions: sessionmaker[Database], now: datetime, minutes: int, said: str
) -> None:
    with sessions() as session, transaction(session):
        subscribe(session, people.member, now, Choices("Phone", Titles.PLAIN, kinds=alike(minutes)))
    assert f"\n  Reminds {said}.\n" in show(people.member.email)


def test_who_leads_is_told_so_and_looking_is_on_record(
    people: Everybody, sessions: sessionmaker[Database]
) -> None:
    assert "Leads it: has a post since " in show(str(people.facilitator.id))
    with sessions() as session:
        rows = session.query(AuditEntry).where(AuditEntry.action == "feed.shown")
        assert [(row.person_id, row.subject) for row in rows] == [(people.facilitator.id, "person")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody@example.org",), "Error: Nobody has the address or number nobody@example.org."),
        (("member@example.org", "--feed", "7"), "Error: There is no such feed."),
        (("member@example.org", "--titles", "loud"), "Error: Invalid value for '--titles'"),
    ],
)
def test_bad_input_is_one_clear_line(words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, ["feed", "show", *words])
    assert done.exit_code != 0
    assert said in done.output.splitlines()[-1]


def test_another_persons_calendar_is_not_shown_as_theirs(
    people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        subscribe(session, people.facilitator, now - timedelta(days=1))
    done = CliRunner().invoke(main, ["feed", "show", people.member.email, "--feed", "1"])
    assert (done.exit_code, done.output) == (1, "Error: There is no such feed.\n")
