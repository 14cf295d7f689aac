"""A session that has begun, and nobody met: said on its page, shown wherever it stands, taken back."""

from datetime import UTC, datetime

import pytest
import time_machine

from scheduler.domain.attendance.confirming import submit
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.service import save_marks
from scheduler.domain.attendance.statuses import Status, Value
from tests.conftest import Clients
from tests.domain.planning.center import FIRST, Center
from tests.web.coordinator.desk import Desk, said, text_of, toasts

LATER = datetime(2026, 7, 22, 20, tzinfo=UTC)
"""The afternoon after the first Tuesday evening group."""
SNOW = {"notmet-reason": "Snow"}


@pytest.fixture
def page(center: Center) -> str:
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    return f"/coordinator/occurrences/{made.occurrences[0]}"


def test_it_is_said_shown_everywhere_and_taken_back_by_the_toast(
    desk: Desk, clients: Clients, center: Center, page: str
) -> None:
    number = int(page.rpartition("/")[2])
    series = center.occurrence(number).series_id
    with time_machine.travel(LATER, tick=False):
        after = desk.saved(page, f"{page}/not-met", **SNOW)
        assert toasts(after) == ["Recorded: Tuesday evening group did not meet."]
        assert "Did not meet Snow" in text_of(after)
        assert "Open the sheet" not in text_of(after)
        for shown, words in {
            f"/coordinator/week?week={FIRST:%Y-%m-%d}": "Snow Did not meet",
            f"/coordinator/week/print?week={FIRST:%Y-%m-%d}": "did not meet",
            f"/coordinator/week/print?week={FIRST:%Y-%m-%d}&view=rooms": "Did not meet",
            f"/coordinator/board?date={FIRST:%Y-%m-%d}": "Snow Did not meet",
            f"/coordinator/people/{center.people.member.id}/week/print?week={FIRST:%Y-%m-%d}": "did not meet",
            f"/coordinator/series/{series}": "Snow Did not meet",
            f"/coordinator/people/{center.people.member.id}": "Did not meet",
            f"/facilitator/sheets/{number}": "Did not meet: Snow",
        }.items():
            assert words in text_of(desk.get(shown)), shown
        drawn = desk.client.get(f"/coordinator/board/data?date={FIRST:%Y-%m-%d}").get_json()["sessions"]
        assert [(row[0], bool(row[7]), bool(row[16])) for row in drawn] == [(number, True, True)]
        mine = text_of(clients(center.people.member).get(f"/member/week?week={FIRST:%Y-%m-%d}").text)
        assert "room 2 Did not meet" in mine
        assert "Snow" not in mine
        dana = clients(center.people.facilitator)
        assert "not submitted" not in dana.get("/facilitator/today").text
        assert "Did not meet: Snow" in text_of(dana.get(f"/facilitator/sheets/{number}").text)
        undone = desk.send_from(after, f"{page}/met", toast=True)
        assert (undone.status_code, undone.location) == (303, page)
        back = desk.get(page)
        assert toasts(back) == ["Taken back. Its sheet can be taken."]
        assert "Did it not meet?" in text_of(back)
        assert "not submitted" in dana.get("/facilitator/today").text


def test_it_wants_a_reason_and_gives_way_to_marks(desk: Desk, center: Center, page: str) -> None:
    with time_machine.travel(LATER, tick=False):
        refused = desk.send(page, f"{page}/not-met", **{"notmet-reason": ""})
        assert (refused.status_code, said(refused)) == (422, {"Reason": "Give a reason."})
        with center.sessions() as session:
            save_marks(
                session,
                actor=center.people.facilitator.actor,
                occurrence_id=int(page.rpartition("/")[2]),
                marks=[Wanted(center.people.member.id, Value(Status.PRESENT))],
                now=LATER,
            )
            session.commit()
        refused = desk.send(page, f"{page}/not-met", **SNOW)
        assert refused.status_code == 422
        assert "Marks were recorded. Take them back first." in text_of(refused.text)


def test_it_is_not_asked_once_the_sheet_is_handed_in(desk: Desk, center: Center, page: str) -> None:
    with time_machine.travel(LATER, tick=False):
        assert "Did it not meet?" in text_of(desk.get(page))
        with center.sessions() as session:
            submit(
                session,
                actor=center.people.facilitator.actor,
                occurrence_id=int(page.rpartition("/")[2]),
                now=LATER,
                anyway=True,
            )
            session.commit()
        assert "Did it not meet?" not in text_of(desk.get(page))


def test_of_two_coordinators_the_second_sees_what_the_first_wrote(desk: Desk, page: str) -> None:
    with time_machine.travel(LATER, tick=False):
        before = desk.get(page)
        desk.saved(page, f"{page}/not-met", **SNOW)
        second = desk.send_from(before, f"{page}/not-met", **{"notmet-reason": "Nobody came"})
        assert second.status_code == 409
        assert "Somebody recorded this already: Snow" in text_of(second.text)
        assert "Did not meet Snow" in text_of(second.text)


def test_before_it_begins_nothing_is_offered(desk: Desk, page: str) -> None:
    assert "Did it not meet?" not in text_of(desk.get(page))
