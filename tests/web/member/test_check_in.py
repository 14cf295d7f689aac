"""At the door: from the screen to the sheet, by links and forms alone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.access.linking import set_password
from scheduler.domain.attendance import confirming
from scheduler.domain.attendance.models import Mark
from scheduler.domain.people import passwords
from scheduler.domain.people.models import SignIn
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.schedule.models import Series
from scheduler.extensions import limiter
from scheduler.logs import redacted
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.evenings import AT_SEVEN, Group
from tests.support.filling import TOKEN, send
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
Traveller = time_machine.Traveller
PASSWORD = "slow river under the birches"
OVER = "This code is over"
LEADER = "See the leader"


@pytest.fixture(autouse=True)
def five_past() -> Iterator[Traveller]:
    limiter.enabled = False
    with time_machine.travel(AT_SEVEN + timedelta(minutes=5), tick=False) as traveller:
        yield traveller
    limiter.enabled = True


def marks(sessions: Sessions) -> list[tuple[int, str | None, int | None, int | None]]:
    with sessions() as session:
        rows = session.execute(
            select(Mark.person_id, Mark.status, Mark.late_minutes, Mark.marked_by).order_by(Mark.person_id)
        )
        return [tuple(row) for row in rows]


def scan(client: FlaskClient, door: str) -> str:
    """What stands on the page that the camera leads to."""
    answer = client.get(door, follow_redirects=True)
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.text


def press(client: FlaskClient) -> str:
    """The one button, wherever it leads; empty where there is none."""
    page = client.get("/member/check-in").text
    found = TOKEN.search(page)
    if "I’m here" not in page or found is None:
        return ""
    return client.post("/member/check-in", data={"csrf_token": found[1]}, follow_redirects=True).text


def test_one_button_puts_them_on_the_sheet_and_looking_does_not(
    clients: Clients, people: Everybody, sessions: Sessions, door: str, five_past: Traveller
) -> None:
    client, renee = clients(people.member), people.member.id
    page = scan(client, door)
    assert "I’m here" in page
    assert "Tuesday evening group" not in page
    assert marks(sessions) == []
    five_past.shift(timedelta(minutes=2))
    assert "You are on the sheet." in press(client)
    assert "You are on the sheet." in press(client)
    assert marks(sessions) == [(renee, "late", 5, renee)]
    five_past.shift(timedelta(minutes=8))
    assert press(client) == ""
    assert "Scan the code again" in client.get("/member/check-in").text


def test_a_picture_of_the_screen_opens_nothing_after_a_minute_and_another_code_never(
    clients: Clients, people: Everybody, sessions: Sessions, door: str, five_past: Traveller
) -> None:
    def is_refused(path: str) -> bool:
        client = clients(people.other_member)
        answer = client.get(path)
        return (answer.status_code, OVER in answer.text, press(client)) == (410, True, "")

    tampered = f"{door[:-1]}{'0' if door[-1] != '0' else '1'}"
    of_another = door.replace("/1-", "/2-")
    assert [is_refused(path) for path in (tampered, of_another, "/in/1", "/in/x")] == [True] * 4
    five_past.shift(timedelta(seconds=59))
    assert "I’m here" in scan(clients(people.member), door)
    five_past.shift(timedelta(seconds=1))
    assert is_refused(door)
    assert marks(sessions) == []


def test_the_code_is_judged_at_the_scan_and_a_sign_in_may_take_its_time(
    clients: Clients, people: Everybody, sessions: Sessions, door: str, five_past: Traveller
) -> None:
    """A link that is forwarded while its pass lives leads nowhere: the pass stands in this browser alone."""
    with sessions() as session, transaction(session):
        hashed = passwords.hashed(PASSWORD)
        set_password(session, actor=SYSTEM, person_id=people.member.id, password_hash=hashed, now=AT_SEVEN)
    client = clients(None)
    answer = client.get(door)
    assert answer.location == "/member/check-in"
    sign_in = client.get(answer.location).location
    five_past.shift(timedelta(minutes=6))
    answer = send(client, sign_in, email=people.member.email, password=PASSWORD)
    assert answer.location == "/member/check-in"
    friend = clients(people.other_member)
    assert OVER in scan(friend, door)
    assert press(friend) == ""
    assert "You are on the sheet." in press(client)
    assert marks(sessions) == [(people.member.id, "late", 5, people.member.id)]


def test_a_pass_lets_one_person_in_and_is_gone_with_their_sign_in(
    clients: Clients, people: Everybody, sessions: Sessions, door: str
) -> None:
    client = clients(people.member)
    scan(client, door)
    assert "You are on the sheet." in press(client)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = people.other_member.secret
    assert press(client) == ""
    scan(client, door)
    send(client, "/me", to="/sign-out", sure="yes")
    with client.session_transaction() as cookie:
        assert "door" not in cookie


def test_a_pass_that_was_copied_to_another_browser_lets_in_nobody_else(
    clients: Clients, people: Everybody, sessions: Sessions, door: str
) -> None:
    mine, other = clients(people.member), clients(people.other_member)
    scan(mine, door)
    with mine.session_transaction() as cookie:
        given = dict(cookie["door"])
    with other.session_transaction() as cookie:
        cookie["door"] = given
    assert "You are on the sheet." in press(mine)
    assert LEADER in press(other)
    assert [person for person, *_ in marks(sessions)] == [people.member.id]
    scan(other, door)
    assert "You are on the sheet." in press(other)


def test_whoever_is_not_let_in_reads_the_same_words_whatever_the_reason(
    clients: Clients, people: Everybody, sessions: Sessions, group: Group, door: str
) -> None:
    dana, sheet = clients(people.facilitator), f"/facilitator/sheets/{group.occurrence}"
    renee = people.member.id
    fields = {f"was-{renee}": "|||", f"seen-{renee}": "0", f"status-{renee}": "absent"}
    send(dana, sheet, to=f"{sheet}/marks", **fields)

    def said(who: str) -> str:
        client = clients(getattr(people, who))
        scan(client, door)
        page = press(client)
        assert LEADER in page
        return re.sub(r'value="[^"]*"', "", page.partition("<main")[2].partition("</main>")[0])

    marked = said("member")
    with sessions() as session, transaction(session):
        given = {"actor": people.facilitator.actor, "occurrence_id": group.occurrence, "now": clock.now()}
        confirming.submit(session, **given, anyway=True)
    assert said("other_member") == marked
    assert clients(people.coordinator).get("/member/check-in").status_code == 404
    assert marks(sessions) == [(renee, "absent", None, people.facilitator.id)]


def test_no_line_of_a_log_has_a_code(door: str) -> None:
    line = f"GET {door}?x=1 410"
    assert redacted(line) == "GET /in/[hidden]?x=1 410"
    assert door.rpartition("-")[2] not in redacted(f"next=%2Fin%2F{door.rpartition('/')[2]}")


def test_the_screen_shows_a_code_and_nothing_of_the_session_while_its_door_is_open(
    clients: Clients, people: Everybody, sessions: Sessions, group: Group, five_past: Traveller
) -> None:
    five_past.move_to(AT_SEVEN - timedelta(minutes=45))
    dana, screen = clients(people.facilitator), f"/facilitator/sheets/{group.occurrence}/door"
    page = dana.get(screen).text
    assert "The code comes at 6:30 PM." in page
    assert 'data-turns-in="900.0"' in page
    five_past.move_to(AT_SEVEN + timedelta(minutes=5))
    assert f'href="{screen}"' in dana.get(f"/facilitator/sheets/{group.occurrence}").text
    page = dana.get(screen).text
    assert 'aria-label="QR code"' in page
    assert 'data-turns-in="30.0"' in page
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page
    for telling in ("Tuesday", "Renee", "Marcus", "Dana", "7:00", "<nav", "Lindenfield"):
        assert telling not in page
    five_past.shift(timedelta(seconds=12))
    assert 'data-turns-in="18.0"' in dana.get(screen).text
    with sessions() as session, transaction(session):
        session.get_one(Series, group.series).check_in = False
    assert "There is no code now." in dana.get(screen).text
    assert screen not in dana.get(f"/facilitator/sheets/{group.occurrence}").text
    with sessions() as session, transaction(session):
        session.get_one(Series, group.series).check_in = True
    five_past.move_to(AT_SEVEN + timedelta(minutes=90))
    page = dana.get(screen).text
    assert "There is no code now." in page
    assert "data-turns-in" not in page


def test_arrivals_are_on_record_where_they_tell_something_and_are_no_use_of_a_sign_in(
    clients: Clients, people: Everybody, sessions: Sessions, group: Group, door: str
) -> None:
    dana, address = clients(people.facilitator), f"/facilitator/sheets/{group.occurrence}/arrivals"
    with sessions() as session, transaction(session):
        session.query(SignIn).update({"seen_at": AT_SEVEN - timedelta(minutes=30)})

    def reads() -> int:
        with sessions() as session:
            return len(session.scalars(select(AuditEntry).where(AuditEntry.subject == "sheet")).all())

    assert dana.get(f"{address}?after=0").get_json() == {"after": 0, "marks": [], "says": None}
    before = reads()
    client = clients(people.member)
    scan(client, door)
    press(client)
    told = dana.get(f"{address}?after=0").get_json()
    row = {"status": "late", "late_minutes": 5, "left_minutes": None, "excuse": None, "revision": 1}
    assert told == {"after": 1, "marks": [{"person": people.member.id, **row}], "says": None}
    assert reads() == before + 2  # that she came, and that it was told
    assert dana.get(f"{address}?after=1").get_json() == {"after": 1, "marks": [], "says": None}
    assert dana.get(f"{address}?after=x").status_code == 200
    with sessions() as session:
        seen = session.scalars(select(SignIn.seen_at).where(SignIn.person_id == people.facilitator.id)).one()
    assert seen == AT_SEVEN - timedelta(minutes=30)
    for who in (people.other_facilitator, people.member):
        assert clients(who).get(address).status_code == 404
