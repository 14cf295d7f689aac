"""Series from a list, in a browser without scripts: upload, review, apply, take back, download."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.models import RoleSite
from scheduler.domain.people.roles import Role
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Series
from scheduler.formats.table_files import read_table
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.center import Center
from tests.support import factories
from tests.support.filling import send
from tests.web.coordinator.desk import Desk, text_of
from tests.web.coordinator.test_import import LISTS, revision_in, selected_in, staged, upload

Sessions = sessionmaker[Database]
LIST = (
    "Title,Type,Day,Time,Length,Site,Room,Lead\n"
    "Choir,Group,Tuesday,7 PM,60,Elm Street,room 2,Dana Rowe\n"
    "Step study,12-step,Thursday,19:00,90,Elm Street,hall,\n"
    "Nowhere,Group,Friday,9 AM,60,Elm Street,room 9,\n"
)


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return desk.client


def titles(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(Series.title).order_by(Series.id)))


def test_a_list_is_seen_made_and_taken_back(client: FlaskClient, sessions: Sessions, center: Center) -> None:
    assert "From a list" in text_of(client.get("/coordinator/series").text)
    address = staged(client, LIST, to=f"{LISTS}/series")
    page = client.get(f"{address}?show=new").text
    shown = text_of(page)
    assert "New: 2 Refused: 1 Same as here: 0" in shown
    assert "Every Tuesday, 7:00 to 8:00 PM." in shown
    assert "Elm Street, room 2, Dana R. Next: July 21, 2026" in shown
    refused = text_of(client.get(f"{address}?show=refused").text)
    assert "There is no room “room 9” at Elm Street. There are: hall, room 2, room 3." in refused
    answer = send(client, address, to=f"{address}/apply", revision=revision_in(page))
    assert answer.status_code == 303
    assert titles(sessions) == ["Choir", "Step study"]
    result = client.get(address).text
    assert "Done: 2 new." in text_of(result)
    assert "2 series are new." in text_of(result)
    send(client, address, to=f"{address}/undo", revision=revision_in(result))
    assert titles(sessions) == []
    assert "2 series had been new, and are gone." in text_of(client.get(address).text)


def test_its_pages_stand_below_series_and_those_of_people_below_people(
    client: FlaskClient, center: Center
) -> None:
    for to, rows, nav in (
        (f"{LISTS}/series", LIST, "Series"),
        (f"{LISTS}", "First name,Last name\nAda,Byron\n", "People"),
    ):
        address = staged(client, rows, to=to)
        with_columns = upload(client, rows, to=to).location
        pages = [client.get(each).text for each in (to, with_columns, address)]
        answer = send(client, address, to=f"{address}/apply", revision=revision_in(pages[2]))
        assert answer.status_code == 303
        pages.append(client.get(address).text)
        bars = [re.findall(r'<nav class="nav.*?</nav>', page, re.DOTALL)[0] for page in pages]
        lit = [re.findall(r'aria-current="page">(?:<svg.*?</svg>)?([^<]+)<', bar) for bar in bars]
        assert lit == [[nav]] * 4


def test_what_is_taken_is_made_with_a_reason(client: FlaskClient, sessions: Sessions, center: Center) -> None:
    center.make()
    address = staged(client, LIST, to=f"{LISTS}/series")
    page = client.get(f"{address}?show=refused").text
    assert "Elm Street, room 2 is taken on July 21, 7:00 to 8:30 PM: Tuesday evening group." in text_of(page)
    assert "Reason to make it all the same" in text_of(page)
    reason = {"number": "2", "reason-2": "Both are small"}
    send(client, f"{address}?show=refused", to=address, revision=revision_in(page), **reason)
    page = client.get(f"{address}?show=new").text
    assert "Made all the same: Both are small" in text_of(page)
    send(client, address, to=f"{address}/apply", revision=revision_in(page))
    assert titles(sessions) == ["Tuesday evening group", "Choir", "Step study"]


def test_a_reason_that_was_typed_is_kept_with_any_button_of_the_page(
    client: FlaskClient, center: Center
) -> None:
    center.make()
    address = staged(client, LIST, to=f"{LISTS}/series")
    page = client.get(f"{address}?show=refused").text
    typed = {"number": "2", "reason-2": "Both are small", "lenient": "yes"}
    send(client, f"{address}?show=refused", to=address, revision=revision_in(page), **typed)
    shown = text_of(client.get(f"{address}?show=new").text)
    assert "Made all the same: Both are small" in shown
    assert "Without the room: there is no room “room 9”" in shown


def test_what_is_in_use_is_named_and_stays(client: FlaskClient, sessions: Sessions, center: Center) -> None:
    address = staged(client, LIST, to=f"{LISTS}/series")
    send(client, address, to=f"{address}/apply", revision=revision_in(client.get(address).text))
    with sessions() as session, session.begin():
        session.scalars(select(Series).where(Series.title == "Choir")).one().revision += 1
    page = client.get(address).text
    assert "This cannot be taken back: it is in use. Choir : It was changed." in text_of(page)
    assert "/undo" not in page


def test_series_of_a_site_that_one_does_not_plan_for_any_more_stay_unnamed(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    with sessions() as session, transaction(session):
        factories.room(session, "attic", site="Oak Hill")
    list_of_both = LIST + "Oak choir,Group,Sunday,9 AM,60,Oak Hill,attic,\n"
    address = staged(client, list_of_both, to=f"{LISTS}/series")
    send(client, address, to=f"{address}/apply", revision=revision_in(client.get(address).text))
    result = client.get(address).text
    assert "Oak choir" in result
    with sessions() as session, transaction(session):
        session.add(RoleSite(person_id=center.people.coordinator.id, role=Role.COORDINATOR, site_id=1))
    shown = text_of(client.get(address).text)
    assert "a series of another site: It is at a site that you do not plan for." in shown
    assert ("You cannot take this back." in shown, "in use" in shown) == (True, False)
    assert "New Choir Step study and 1 more" in shown
    assert "Oak choir" not in shown
    assert "Take it back" not in shown
    send(client, address, to=f"{address}/undo", revision=revision_in(result))
    assert "in use" not in text_of(client.get(address).text)
    assert titles(sessions) == ["Choir", "Step study", "Oak choir"]


def test_what_was_downloaded_is_read_again_as_the_same(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    center.make(leads=[center.people.facilitator.id])
    center.make(title="Choir", room_id=None, capacity=None)
    answer = send(client, "/coordinator/series", to="/coordinator/series/export", **{"as": "csv"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert read_table(answer.data).rows[1].cells == (
        "Tuesday evening group",
        "Evening class",
        "Group",
        "",
        "Every Tuesday",
        "7:00 PM",
        "90",
        "Elm Street",
        "room 2",
        "Dana Rowe",
        "12",
        "2026-07-21",
        "",
        "No",
        "Minutes",
        *("", "", "", ""),  # what counts has no limits
        "No",
    )
    address = staged(client, answer.text, to=f"{LISTS}/series")
    assert "Likely the same: 0 New: 0 Refused: 0 Same as here: 2" in text_of(client.get(address).text)
    with sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "series.exported")).one()
        assert entry.detail == {"kind": "csv", "rows": 2}
    assert (
        send(client, "/coordinator/series", to="/coordinator/series/export", **{"as": "pdf"}).status_code
        == 404
    )


def test_the_calendar_of_the_plan_names_nobody(client: FlaskClient, center: Center) -> None:
    center.make(title="Choir", members=[center.people.member.id], leads=[center.people.facilitator.id])
    center.make(
        title="Talk with Noor", discreet_title="Talk", kind=Kind.INDIVIDUAL, room_id=center.other_room
    )
    answer = send(client, "/coordinator/series", to="/coordinator/series/export", **{"as": "ics"})
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calendar.ics"'
    lines = answer.text.split("\r\n")
    assert sorted(line for line in lines if line.startswith("SUMMARY")) == ["SUMMARY:Choir", "SUMMARY:Talk"]
    assert [line for line in lines if line.startswith("RRULE")] != []
    assert "Noor" not in answer.text
    assert "Dana" not in answer.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Title,Day\n" + "x,Monday\n" * 1001, "This list has more than 1,000 rows. Split it."),
        ("Title\n" + "x\n" * 10_001, "The file has more than 10,000 rows."),
        ("", "The file is empty."),
    ],
)
def test_a_file_that_is_no_list_of_series_is_one_line(client: FlaskClient, data: str, said: str) -> None:
    answer = upload(client, data, to=f"{LISTS}/series")
    assert answer.status_code == 422
    assert said in text_of(answer.text)


def test_the_headings_may_stand_in_any_row(client: FlaskClient, sessions: Sessions, center: Center) -> None:
    columns = upload(client, f"PLAN FOR WINTER 2026\n\n{LIST}", to=f"{LISTS}/series").location
    shown = text_of(client.get(columns).text)
    assert "The headings stand in row 3. What stands above is not read: PLAN FOR WINTER 2026" in shown
    send(client, columns, to=columns.replace("columns", "headings"), revision="1", number="4")
    page = client.get(columns).text
    assert "The headings stand in row 4." in text_of(page)
    send(client, columns, to=columns.replace("columns", "headings"), revision="2", number="3")
    address = columns.removesuffix("/columns")
    send(client, columns, revision="3", **selected_in(client.get(columns).text))
    assert "New: 2 Refused: 1" in text_of(client.get(f"{address}?show=new").text)


def test_a_column_with_titles_and_days_is_needed(client: FlaskClient) -> None:
    columns = upload(client, "Shoe size\n37\n", to=f"{LISTS}/series").location
    answer = send(client, columns, revision="1", column0="")
    assert "Say which column holds the titles and the days." in text_of(answer.text)
