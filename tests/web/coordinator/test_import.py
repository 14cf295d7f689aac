"""People from a list, in a browser without scripts: upload, columns, review, apply, take back, download."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.domain.imports.forget import forget
from scheduler.domain.imports.models import ImportBatch
from scheduler.domain.people.models import Identity
from scheduler.formats.table_files import read_table
from scheduler.formats.tables import LARGEST_FILE
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.transaction import transaction
from tests.domain.planning.center import Center
from tests.support.filling import TOKEN, send
from tests.web.coordinator.desk import Desk, text_of

Sessions = sessionmaker[Database]
LISTS = "/coordinator/import"
LIST = """Full name,DOB,Mail,Shoe size
Ada Lovelace,1985-12-10,ada@example.org,37
Renée Tamm,1990,,38
,1990,,39
"""


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return desk.client


def upload(client: FlaskClient, data: bytes | str = LIST, *, to: str = LISTS) -> TestResponse:
    found = TOKEN.search(client.get(LISTS).text)
    assert found
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{found[1]}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
    )
    content = data.encode() if isinstance(data, str) else data
    body = head.encode() + content + b"\r\n--x--\r\n"
    return client.post(to, data=body, content_type="multipart/form-data; boundary=x")


def staged(client: FlaskClient, data: str = LIST, *, to: str = LISTS) -> str:
    """Upload a list and take the columns as they were guessed; answers the address of what it does."""
    columns = upload(client, data, to=to).location
    page = client.get(columns).text
    guessed = selected_in(page)
    return send(client, columns, revision="1", **guessed).location


def selected_in(page: str) -> dict[str, str]:
    """What the selects of a page stand at."""
    found = {}
    for name, options in re.findall(r'<select[^>]* name="(column\d+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def revision_in(page: str) -> str:
    return page.split('name="revision" value="')[1].split('"', maxsplit=1)[0]


def names_in(sessions: Sessions) -> set[str]:
    with sessions() as session:
        return set(session.scalars(select(Identity.name)))


def test_columns_are_guessed_by_their_headings_with_samples_beside(client: FlaskClient) -> None:
    page = client.get(upload(client).location).text
    assert selected_in(page) == {"column0": "name", "column1": "born", "column2": "email", "column3": ""}
    assert "Ada Lovelace, Renée Tamm" in text_of(page)


def test_a_choice_of_columns_is_remembered_for_the_next_list(client: FlaskClient) -> None:
    columns = upload(client, "Wer,Nummer\nAda Lovelace,1\n").location
    assert send(client, columns, revision="1", column0="name", column1="").status_code == 303
    again = client.get(upload(client, "WER,nummer\nGrace Hopper,2\n").location).text
    assert selected_in(again) == {"column0": "name", "column1": ""}


def test_columns_without_a_name_are_refused_in_plain_words(client: FlaskClient) -> None:
    columns = upload(client).location
    answer = send(client, columns, revision="1", column0="", column1="born", column2="born", column3="")
    assert answer.status_code == 422
    assert "Say which column holds the names." in text_of(answer.text)
    assert "This is chosen already, for DOB." in text_of(answer.text)


def test_the_page_says_what_a_list_does_before_anything_is_saved(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    before = names_in(sessions)
    address = staged(client)
    page = text_of(client.get(address).text)
    assert "Likely duplicates: 1 New: 1 Changed: 0 Refused: 1 Same as here: 0" in page
    assert "In the list 1990 Here Renee Tamm" in page
    assert "There is no name." in text_of(client.get(f"{address}?show=refused").text)
    assert "ada@example.org" in client.get(f"{address}?show=new").text
    assert names_in(sessions) == before


def test_applying_makes_them_and_undo_takes_them_back(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    before = names_in(sessions)
    address = staged(client)
    answer = send(client, address, to=f"{address}/apply", revision=revision_in(client.get(address).text))
    assert answer.status_code == 303
    assert names_in(sessions) == before | {"Ada Lovelace"}
    page = client.get(address).text
    assert "1 person is new. 2 rows were left out." in text_of(page)
    send(client, address, to=f"{address}/undo", revision=revision_in(page))
    assert names_in(sessions) == before
    taken_back = text_of(client.get(address).text)
    assert "All of it was taken back. 1 person had been new, and is gone." in taken_back
    assert "0 " not in taken_back.split("All of it")[1].split("gone.")[0]


def test_a_decision_of_a_duplicate_is_kept_and_done(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    address = staged(client, "Name,Birth year\nRenee Tamm,1990\n")
    page = client.get(address).text
    chosen = {"number": "2", "choice-2": "same"}
    assert send(client, address, revision=revision_in(page), **chosen).status_code == 303
    page = client.get(address).text
    assert "Year of birth: 1990" in text_of(page)
    send(client, address, to=f"{address}/apply", revision=revision_in(page))
    with sessions() as session:
        assert session.get_one(Identity, center.people.member.id).birth_year == 1990


def test_choices_on_the_page_go_with_the_button_that_applies(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    address = staged(client, "Name,Birth year\nRenee Tamm,1990\nAda Lovelace,\n")
    page = client.get(address).text
    assert "“Same person” would change: Year of birth: 1990" in text_of(page)
    sent = {"number": "2", "choice-2": "same", "revision": revision_in(page)}
    assert send(client, address, to=f"{address}/apply", **sent).status_code == 303
    with sessions() as session:
        assert session.get_one(Identity, center.people.member.id).birth_year == 1990
    assert "1 person is new. 1 person was changed." in text_of(client.get(address).text)


def test_choices_are_kept_by_whatever_leads_to_other_rows(client: FlaskClient, center: Center) -> None:
    address = staged(client, "Name,Birth year\nRenee Tamm,1990\nAda Lovelace,\n")
    revision = revision_in(client.get(address).text)
    answer = send(client, address, revision=revision, number="2", show="new", **{"choice-2": "out"})
    assert answer.location == f"{address}?show=new&page=1#rows"
    page = client.get(f"{address}?show=duplicate").text
    assert re.search(r'name="choice-2" value="out" checked', page)


def test_rows_that_were_left_out_are_named_and_can_be_mended(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    address = staged(client, "Name,Born,E-mail\nRenee Tamm,1990,\nAda Lovelace,,\nGrace,,=1\n")
    send(client, address, to=f"{address}/apply", revision=revision_in(client.get(address).text))
    page = client.get(address).text
    assert "Renee Tamm row 2 Likely here already. Nobody decided." in text_of(page)
    assert "Grace row 4 A cell holds a formula. Put its value there." in text_of(page)
    with sessions() as session:
        ada = session.scalars(select(Identity).where(Identity.name == "Ada Lovelace")).one().person_id
    assert f'href="/coordinator/people/{ada}">Ada Lovelace</a>' in page
    answer = send(client, address, to=f"{address}/left-out")
    table = read_table(answer.data)
    assert table.headings == ("Row", "Name", "Born", "E-mail", "Left out because")
    assert [row.cells[:2] for row in table.rows] == [("2", "Renee Tamm"), ("4", "Grace")]
    send(client, address, to=f"{address}/undo", revision=revision_in(page))
    assert "Grace" not in client.get(address).text
    assert send(client, LISTS, to=f"{address}/left-out").status_code == 404


def test_a_page_of_a_list_that_is_gone_never_applies_another(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    address = staged(client)
    revision = revision_in(client.get(address).text)
    with sessions() as session, transaction(session):
        forget(session, person_id=center.people.other_member.id)
    other = staged(client, "Name\nGrace Hopper\n")
    assert other != address
    answer = send(client, LISTS, to=f"{address}/apply", revision=revision)
    assert answer.location == LISTS
    assert "This list is gone. Bring the file again." in text_of(client.get(LISTS).text)
    assert "Grace Hopper" not in names_in(sessions)


def test_all_duplicates_of_a_page_are_decided_at_once(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    address = staged(client, "Name,Born\nRenee Tamm,1990\nMarcus Tull,\n")
    page = client.get(address).text
    assert "Likely duplicates: 1" in text_of(page)
    send(client, address, revision=revision_in(page), number="2", all="new")
    page = client.get(address).text
    send(client, address, to=f"{address}/apply", revision=revision_in(page))
    with sessions() as session:
        renees = session.scalars(select(Identity).where(Identity.name == "Renee Tamm")).all()
    assert len(renees) == 2


def test_rows_that_can_be_the_same_as_nobody_are_not_offered_to_be(
    client: FlaskClient, center: Center
) -> None:
    address = staged(client, "Name\nAda Lovelace\nAda Lovelace\n")
    page = client.get(address).text
    assert "All here are the same" not in page
    send(client, address, revision=revision_in(page), number="3", all="same")
    assert "1 row is left out until you decide." in text_of(client.get(address).text)
    other = text_of(client.get(f"{address}?show=new").text)
    assert "1 row under “Likely duplicates” is left out until you decide." in other
    assert "All here are the same" in client.get(staged(client, "Name,Born\nRenee Tamm,1990\n")).text


def test_columns_that_are_left_out_are_named_above_the_button(client: FlaskClient) -> None:
    page = text_of(client.get(upload(client).location).text)
    assert "Left out: Shoe size Show what follows" in page
    assert "Left out:" not in client.get(upload(client, "Name,Born\nAda,1985\n").location).text


def test_the_page_says_how_dates_were_read_and_they_can_be_flipped(client: FlaskClient) -> None:
    data = "Name,Admitted on\nAda Lovelace,3/4/2026\nGrace Hopper,32/1/2026\n"
    address = staged(client, data)
    page = text_of(client.get(address).text)
    assert "Dates are read as month/day/year." in page
    assert "Admitted on March 4, 2026" in page
    columns = f"{address}/columns"
    answer = send(client, columns, revision="2", column0="name", column1="admitted", order="day")
    assert answer.status_code == 303
    page = text_of(client.get(address).text)
    assert "Dates are read as day/month/year." in page
    assert "Admitted on April 3, 2026" in page
    assert '<option selected value="day">' in client.get(columns).text


def test_dates_of_columns_with_different_orders_are_told_apart(client: FlaskClient) -> None:
    rows = "Ada,23/5/1990,3/4/2026\nGrace,1/2/1990,5/24/2026\nEdsger,,24/5/2026\n"
    page = text_of(client.get(staged(client, f"Name,DOB,Admitted on\n{rows}")).text)
    assert "“DOB” is read as day/month/year. “Admitted on” is read as month/day/year." in page
    assert "Some dates of “Admitted on” do not fit: their rows are refused." in page


def test_rows_are_taken_without_what_cannot_be_read_if_that_is_chosen(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    address = staged(client, "Name,E-mail,Program\nAda Lovelace,ada at home,\nGrace Hopper,,Night\n")
    page = client.get(address).text
    assert "Take such rows without what cannot be read" in page
    assert "There is no program “Night”." in text_of(client.get(f"{address}?show=refused").text)
    send(client, address, revision=revision_in(page), lenient="yes")
    page = client.get(address).text
    assert "New: 2 Changed: 0 Refused: 0" in text_of(page)
    assert "Without the e-mail: this is not an e-mail address. (ada at home)" in text_of(page)
    send(client, address, to=f"{address}/apply", revision=revision_in(page))
    with sessions() as session:
        ada = session.scalars(select(Identity).where(Identity.name == "Ada Lovelace")).one()
    assert ada.email is None
    other = staged(client, "Name,E-mail\nBarbara Liskov,at home\n")
    for wish, refused in (("yes", 0), ("", 1)):
        send(client, other, revision=revision_in(client.get(other).text), lenient=wish)
        assert f"Refused: {refused}" in text_of(client.get(other).text)


def test_a_form_sent_twice_or_late_makes_nobody_twice(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    address = staged(client)
    revision = revision_in(client.get(address).text)
    for _ in range(2):
        assert send(client, LISTS, to=f"{address}/apply", revision=revision).status_code == 303
    with sessions() as session:
        assert len(session.scalars(select(Identity).where(Identity.name == "Ada Lovelace")).all()) == 1
    other = staged(client, "Name\nGrace Hopper\n")
    assert send(client, LISTS, to=f"{other}/apply", revision="1").status_code == 409
    assert "Grace Hopper" not in names_in(sessions)


def test_a_list_that_is_left_is_forgotten(client: FlaskClient, sessions: Sessions) -> None:
    address = staged(client)
    send(client, LISTS, to=f"{address}/leave")
    with sessions() as session:
        assert session.scalars(select(ImportBatch.source)).one() is None
    assert "What was in it is gone." in text_of(client.get(address).text)
    assert client.get(f"{address}/columns").status_code == 303


def test_who_is_in_the_way_is_named_and_on_record(
    client: FlaskClient, desk: Desk, sessions: Sessions, center: Center
) -> None:
    address = staged(client)
    send(client, address, to=f"{address}/apply", revision=revision_in(client.get(address).text))
    with sessions() as session, transaction(session):
        ada = session.scalars(select(Identity).where(Identity.name == "Ada Lovelace")).one().person_id
    center.make(members=[ada])
    page = client.get(address).text
    assert "This cannot be taken back: it is in use." in text_of(page)
    assert "Ada Lovelace" in page
    send(client, LISTS, to=f"{address}/undo", revision="9")
    assert "Ada Lovelace" in names_in(sessions)


def test_whose_old_address_is_taken_is_named_and_who_has_it_is_not(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    for email in ("old@example.org", "new@example.org"):
        address = staged(client, f"Name,Phone,Mail\nAda Lovelace,555 010 0000,{email}\n")
        send(client, address, to=f"{address}/apply", revision=revision_in(client.get(address).text))
    other = center.people.other_member
    with sessions() as session, transaction(session):
        session.execute(
            update(Identity).where(Identity.person_id == other.id).values(email="old@example.org")
        )
    page = client.get(address).text
    assert text_of(page[page.index("This cannot be") :]).startswith(
        "This cannot be taken back: it is in use."
        " Somebody else has their old e-mail address by now. Put these right by hand: Ada Lovelace"
    )
    assert "Signed in, enrolled" not in page
    assert other.name not in page
    send(client, LISTS, to=f"{address}/undo", revision="9")
    with sessions() as session:
        ada = select(Identity.email).where(Identity.name == "Ada Lovelace")
        assert session.scalars(ada).one() == "new@example.org"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel file, or one with a password"),
        (b"%PDF-1.7\n1 0 obj\n", "This is neither a CSV nor an XLSX file."),
        (b"PK\x03\x04 not a workbook", "The file is damaged"),
        (b"name\n" + b"Ada Lovelace\n" * 10_001, "more than 10,000 rows"),
        (b"a" * (LARGEST_FILE + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_one_line(client: FlaskClient, data: bytes, said: str) -> None:
    answer = upload(client, data)
    assert answer.status_code == 422
    assert said in text_of(answer.text)


def test_no_file_is_asked_for(client: FlaskClient) -> None:
    answer = send(client, LISTS)
    assert (answer.status_code, "Choose a file." in text_of(answer.text)) == (422, True)


def test_a_form_far_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    assert upload(client, b"a" * LARGEST_FILE * 2).status_code == 413
    assert upload(client, b"a" * 3_000_000, to="/coordinator/series/new").status_code == 413


def test_the_download_has_the_columns_that_a_list_is_read_by_and_is_on_record(
    client: FlaskClient, sessions: Sessions, center: Center
) -> None:
    answer = send(client, "/coordinator/people", to="/coordinator/people/export", **{"as": "csv"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list.csv"'
    table = read_table(answer.data)
    assert [row.cells[0] for row in table.rows] == ["Marcus Tull", "Renee Tamm"]
    with sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
        named = session.scalars(select(AuditPerson.person_id).where(AuditPerson.entry_id == entry.id))
        assert set(named) == {center.people.member.id, center.people.other_member.id}
    page = text_of(client.get(staged(client, answer.data.decode("utf-8-sig"))).text)
    assert "New: 0 Changed: 0 Refused: 0 Same as here: 2" in page


def test_another_kind_of_file_is_not_there(client: FlaskClient) -> None:
    answer = send(client, "/coordinator/people", to="/coordinator/people/export", **{"as": "exe"})
    assert answer.status_code == 404
