"""What stands on paper is entered afterwards, and keeps its order."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.confirming import submit
from scheduler.domain.attendance.models import Mark
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.evenings import Group
from tests.support.people import Everybody
from tests.web.facilitator.conftest import token_of


def order(page: str) -> list[str]:
    return re.findall(r'class="who">([^<]*)<', page.partition('id="walk-ins"')[0])


def fields(page: str) -> dict[str, str]:
    """All that the form holds as it came."""
    inputs = re.findall(
        r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', page.partition('<ul class="list"')[2]
    )
    return dict(inputs)


def enter(client: FlaskClient, address: str, code: int, **typed: str) -> str:
    page = client.get(f"{address}/enter").text
    sent = {"csrf_token": token_of(client), "once": "a", **fields(page)}
    more = {name.replace("_", "-"): value for name, value in typed.items()}
    answer = client.post(f"{address}/enter", data={**sent, **more})
    assert answer.status_code == code, answer.text
    return answer.text


def test_lines_make_marks_and_the_sheet_keeps_the_order_of_the_paper(
    clients: Clients, people: Everybody, group: Group, sessions: sessionmaker[Database]
) -> None:
    dana, address = clients(people.facilitator), f"/facilitator/sheets/{group.occurrence}"
    renee, marcus = people.member.id, people.other_member.id
    assert order(dana.get(address).text) == ["Marcus T.", "Renee T."]
    enter(
        dana, address, 303, **{f"line_{renee}": "1", f"status_{marcus}": "absent", "walk_in_0": "Nora Quist"}
    )
    page = dana.get(address).text
    assert order(page) == ["Renee T.", "Marcus T."]
    assert "Nora Q." in page
    with sessions() as session:
        marks = session.execute(select(Mark.person_id, Mark.status, Mark.paper_line)).all()
    assert sorted(map(tuple, marks)) == [(renee, "present", 1), (marcus, "absent", None)]
    again = dana.get(f"{address}/enter").text
    assert re.findall(r'name="line-\d+"[^>]*value="(\d*)"', again) == ["1", ""]
    same = {f"line_{renee}": "3", f"line_{marcus}": "3"}
    assert "each once" in enter(dana, address, 422, **same)
    assert "each once" in enter(dana, address, 422, **{f"line_{renee}": "x"})
    with sessions() as session, transaction(session):
        actor, number = people.facilitator.actor, group.occurrence
        submit(session, actor=actor, occurrence_id=number, now=group.during, anyway=True)
    late = {f"line_{marcus}": "2", f"status_{marcus}": "late"}
    assert "why it is changed" in enter(dana, address, 422, **late)
    enter(dana, address, 303, **late, reason="Found the paper")
    assert "Found the paper" in dana.get(address).text


def test_minutes_late_and_the_time_somebody_left_are_entered_too(
    clients: Clients, people: Everybody, group: Group, sessions: sessionmaker[Database]
) -> None:
    dana, address = clients(people.facilitator), f"/facilitator/sheets/{group.occurrence}"
    renee, marcus = people.member.id, people.other_member.id
    page = dana.get(f"{address}/enter").text
    shown = [re.search(rf'<label for="{field}-{renee}">([^<]*)', page) for field in ("late", "left")]
    assert [each and each[1] for each in shown] == ["Minutes late", "Left at"]
    typed = {f"status_{renee}": "late", f"late_{renee}": "9", f"status_{marcus}": "left_early"}
    assert "The session lasts" in enter(dana, address, 422, **{**typed, f"late_{renee}": "900"}).replace(
        "the session", "The session"
    )
    enter(dana, address, 303, **typed, **{f"left_{marcus}": "20:00"})
    with sessions() as session:
        marks = session.execute(select(Mark.person_id, Mark.late_minutes, Mark.left_minutes)).all()
    assert sorted(map(tuple, marks)) == [(renee, 9, None), (marcus, None, 30)]


def test_only_who_may_take_a_sheet_with_names_enters_it(
    clients: Clients, people: Everybody, group: Group, meeting: Group
) -> None:
    sheet = f"/facilitator/sheets/{group.occurrence}/enter"
    for somebody in (people.member, people.other_facilitator, people.administrator):
        client = clients(somebody)
        assert client.get(sheet).status_code == 404
        assert client.post(sheet, data={"csrf_token": token_of(client)}).status_code == 404
    femi = clients(people.other_facilitator)
    assert femi.get(f"/facilitator/sheets/{meeting.occurrence}/enter").status_code == 404
