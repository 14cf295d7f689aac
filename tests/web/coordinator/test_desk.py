"""The discharge desk, as a coordinator without scripts uses it."""

import re
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Identity, RoleSite
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.places.service import make_site
from scheduler.domain.places.values import SiteDraft
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.stays.models import Program, Stay
from scheduler.domain.stays.service import make_default_programs
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.domain.admissions.life import Life
from tests.domain.planning.center import THURSDAY, Center
from tests.support.filling import send
from tests.support.people import Everybody
from tests.web.coordinator.desk import Desk, said, text_of

PAGE = "/coordinator/desk"
THURSDAYS = Rule(Frequency.WEEKLY, weekdays=(THURSDAY,))
Sessions = sessionmaker[Database]


@pytest.fixture
def group(center: Center) -> int:
    """Meets tomorrow, and has one place."""
    return center.make(
        title="Thursday group", first_start=datetime(2026, 7, 16, 19), rule=THURSDAYS, capacity=1
    ).series_id


@pytest.fixture
def typed(center: Center, group: int, people: Everybody) -> dict[str, str]:
    center.do(make_default_programs)
    return {
        "name": "René Vogt",
        "birth_year": "1988",
        "site": "1",
        "program": "4",
        "group": str(group),
        "counselor": str(people.facilitator.id),
    }


def options(page: str, name: str) -> list[str]:
    select_ = re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL)
    assert select_ is not None
    return [text_of(each) for each in re.findall(r"<option.*?</option>", select_[0], re.DOTALL)]


def test_it_ends_with_a_slip_that_works(
    center: Center, desk: Desk, typed: dict[str, str], group: int, clients: Clients, people: Everybody
) -> None:
    answer = desk.send(PAGE, PAGE, **typed)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "They are received. The first session is on Thursday, July 16, 7:00 PM." in answer.text
    rene = center.rows(Identity, name="René Vogt")[0].person_id
    stay = center.rows(Stay)[0]
    program = center.rows(Program, id=4)[0].id
    assert (stay.person_id, stay.program_id, stay.site_id, stay.counselor_id) == (
        rene,
        program,
        1,
        people.facilitator.id,
    )
    assert [row.series_id for row in center.rows(Enrollment, person_id=rene)] == [group]
    code = re.search(r'class="code">(.*?)<', answer.text)
    assert code is not None
    phone = clients(None)
    assert send(phone, "/s", code=code[1]).status_code == 303
    assert "Evening class" in phone.get("/member/calendar/look").text


def test_it_offers_what_takes_somebody_new(center: Center, desk: Desk, typed: dict[str, str]) -> None:
    center.make(title="Closed group", first_start=datetime(2026, 7, 16, 12), closed=True)
    page = desk.get(PAGE)
    assert options(page, "group") == [
        "None yet",
        "Thursday group, Elm Street: Thursday, July 16, 7:00 PM, 1 place free",
    ]
    assert options(page, "site") == ["Elm Street"]
    assert options(page, "counselor") == ["Choose", "Dana R.", "Femi A."]
    assert options(page, "program")[0] == "None yet"
    desk.send(PAGE, PAGE, **typed)
    assert options(desk.get(PAGE), "group") == ["None yet"]


def test_an_appointment_is_made_with_the_counselor(
    center: Center, desk: Desk, typed: dict[str, str], people: Everybody
) -> None:
    when = {"group": "", "day": "2026-07-17", "starts": "10:00", "minutes": "45", "room": str(center.room)}
    answer = desk.send(PAGE, PAGE, **{**typed, **when})
    assert "The first session is on Friday, July 17, 10:00 AM." in answer.text
    made = center.rows(Series, title="First appointment")[0]
    assert (made.first_start, made.duration, made.room_id) == (datetime(2026, 7, 17, 10), 45, center.room)


def test_without_a_session_in_two_days_it_says_so_and_goes_on_only_if_told(
    center: Center, desk: Desk, typed: dict[str, str]
) -> None:
    late = {**typed, "group": "", "day": "2026-07-17", "starts": "16:01"}
    told = desk.refused(PAGE, PAGE, **late)
    assert told[""].startswith("The first session would be on Friday, July 17, 4:01 PM.")
    assert center.rows(Stay) == []
    assert desk.send(PAGE, PAGE, **late, none_earlier="y").status_code == 200
    assert center.rows(AuditEntry, action="desk.received")[0].detail["none_earlier"] is True


def test_who_may_be_known_is_asked_about_before_anything_is_made(
    center: Center, desk: Desk, typed: dict[str, str], people: Everybody
) -> None:
    renee = {**typed, "name": "renee tamm", "birth_year": ""}
    asked = desk.send(PAGE, PAGE, **renee)
    assert asked.status_code == 200
    assert "Is it one of these?" in asked.text
    assert "Receive them and print a slip" in asked.text
    again = desk.send_from(asked.text, PAGE, **renee)
    assert (again.status_code, said(again)) == (422, {"": "Say whether it is one of these people."})
    assert center.rows(Stay) == []
    entry = center.rows(AuditEntry, action="read")[-1]
    assert [row.person_id for row in center.rows(AuditPerson, entry_id=entry.id)] == [people.member.id]
    this = desk.send_from(asked.text, PAGE, **renee, who=str(people.member.id))
    assert "A slip for Renee T." in this.text
    assert [stay.person_id for stay in center.rows(Stay)] == [people.member.id]


def test_of_somebody_who_is_here_it_says_so_and_leads_to_their_page(
    center: Center, desk: Desk, typed: dict[str, str], people: Everybody
) -> None:
    Life(center, people.member.id).admit(date(2026, 7, 1), site_id=1)
    renee = {**typed, "name": "renee tamm", "birth_year": "", "group": ""}
    asked = desk.send(PAGE, PAGE, **renee)
    assert "Renee Tamm Elm Street · here since July 1" in text_of(asked.text)
    this = desk.send_from(asked.text, PAGE, **renee, who=str(people.member.id))
    assert this.status_code == 422
    assert "Renee Tamm is here already, since July 1. Open their page" in text_of(this.text)
    assert f'href="/coordinator/people/{people.member.id}"' in this.text
    assert len(center.rows(Stay)) == 1


def test_somebody_else_of_the_same_name_is_made(
    center: Center, desk: Desk, typed: dict[str, str], people: Everybody
) -> None:
    renee = {**typed, "name": "Renee Tamm"}
    asked = desk.send(PAGE, PAGE, **renee)
    assert desk.send_from(asked.text, PAGE, **renee, who="new").status_code == 200
    assert len(center.rows(Identity, name="Renee Tamm")) == 2


@pytest.mark.parametrize("who", ["3", "999", "x", "-1"])
def test_nobody_but_those_who_were_shown_can_be_chosen(
    center: Center, desk: Desk, typed: dict[str, str], who: str
) -> None:
    answer = desk.send(PAGE, PAGE, **{**typed, "name": "Renee Tamm"}, who=who)
    assert "Is it one of these?" in answer.text
    assert center.rows(Stay) == []


def test_who_is_nobody_s_duplicate_cannot_be_made_somebody(
    center: Center, desk: Desk, typed: dict[str, str], people: Everybody
) -> None:
    answer = desk.send(PAGE, PAGE, **typed, who=str(people.administrator.id))
    assert center.rows(Stay, person_id=people.administrator.id) == []
    assert answer.status_code in {200, 422}


def test_sent_twice_it_makes_one_person_and_the_second_answer_leads_to_them(
    center: Center, desk: Desk, typed: dict[str, str]
) -> None:
    page = desk.get(PAGE)
    first, second = (desk.send_from(page, PAGE, **typed) for _ in range(2))
    rene = center.rows(Identity, name="René Vogt")
    assert len(rene) == 1
    assert (first.status_code, second.status_code) == (200, 303)
    assert second.location == f"/coordinator/people/{rene[0].person_id}"
    assert "Print a slip" in desk.get(second.location)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, {"Name": "Type the name."}),
        ({"birth_year": "19"}, {"Year of birth": "Type a number from 1900 to 2100."}),
        ({"birth_year": "2027"}, {"Year of birth": "This is not the year that somebody was born in."}),
        ({"counselor": ""}, {"Counselor": "Choose a counselor."}),
        ({"email": "nobody"}, {"E-mail": "This is not an e-mail address."}),
        ({"day": "", "starts": "10:00"}, {"Day": "Choose a day."}),
        ({"day": "2026-07-15", "starts": "10:00"}, {"Time": "This time has passed."}),
        ({"starts": "noon"}, {"Time": "This is not a time. Type it like 7:00 PM."}),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    center: Center, desk: Desk, typed: dict[str, str], changes: dict[str, str], told: dict[str, str]
) -> None:
    assert desk.refused(PAGE, PAGE, **{**typed, **changes}) == told
    assert center.rows(Stay) == []


def test_a_counselor_who_is_taken_is_told_as_everywhere(
    center: Center, desk: Desk, typed: dict[str, str], people: Everybody
) -> None:
    first = datetime(2026, 7, 16, 10)
    center.make(
        title="Cooking", first_start=first, rule=THURSDAYS, leads=[people.facilitator.id], room_id=None
    )
    answer = desk.send(PAGE, PAGE, **{**typed, "day": "2026-07-16", "starts": "10:30"})
    assert answer.status_code == 409
    assert said(answer)[""].startswith("Dana R. is taken on July 16, 10:00 to 11:30 AM: Cooking.")
    assert center.rows(Stay) == []


def test_a_coordinator_of_one_site_is_offered_that_site(
    center: Center, desk: Desk, typed: dict[str, str], people: Everybody, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        other = make_site(
            session, actor=SYSTEM, site=SiteDraft("Harbor Road", "America/New_York"), now=center.now
        )
        row = RoleSite(person_id=people.coordinator.id, role=Role.COORDINATOR, site_id=other)
        session.add(row)
    page = desk.get(PAGE)
    assert options(page, "site") == ["Harbor Road"]
    assert options(page, "group") == ["None yet"]
    assert options(page, "room") == ["No room"]
    with sessions() as session:
        assert session.scalars(select(Stay)).all() == []
    assert "Site" in desk.refused(PAGE, PAGE, **typed)


def test_whoever_plans_for_some_sites_does_not_learn_who_has_an_address(
    center: Center, desk: Desk, typed: dict[str, str], people: Everybody, sessions: Sessions
) -> None:
    Life(center, people.member.id).admit(date(2026, 7, 1), site_id=1)
    other = center.do(make_site, site=SiteDraft("Harbor Road", "America/New_York"))
    with sessions() as session, transaction(session):
        session.add(RoleSite(person_id=people.coordinator.id, role=Role.COORDINATOR, site_id=other))
    arrival = {**typed, "site": str(other), "group": "", "none_earlier": "y", "email": people.member.email}
    assert desk.refused(PAGE, PAGE, **arrival) == {
        "E-mail": "This e-mail address cannot be used. Ask an administrator."
    }
