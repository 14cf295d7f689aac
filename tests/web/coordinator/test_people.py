"""Finding people, and a person's page."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import give_role
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.stays.models import Stay
from scheduler.store.audit import AuditEntry, record
from scheduler.store.transaction import transaction
from tests.domain.admissions.life import Life
from tests.domain.planning.center import FIRST, WEDNESDAY, Center
from tests.support import factories
from tests.web.coordinator.desk import Desk, text_of, toasts

WEDNESDAYS = Rule(Frequency.WEEKLY, weekdays=(WEDNESDAY,))


def page_of(person_id: int) -> str:
    return f"/coordinator/people/{person_id}"


def test_the_first_letters_find_a_person(desk: Desk, center: Center) -> None:
    shown = text_of(desk.get("/coordinator/people?find=RÉN"))
    assert "1 person Renee Tamm Member" in shown
    assert "Nobody has a name that begins with “x”." in desk.get("/coordinator/people?find=x")


def test_scripts_get_the_answers_alone(desk: Desk, center: Center) -> None:
    answer = desk.client.get("/coordinator/people?find=ma", headers={"HX-Request": "true"})
    assert text_of(answer.text) == "1 person Marcus Tull Member"


def test_a_members_page_tells_what_they_belong_to_and_is_on_record(desk: Desk, center: Center) -> None:
    renee = center.people.member.id
    center.make(members=[renee])
    shown = text_of(desk.get(page_of(renee)))
    assert "Roles" not in shown
    assert "E-mail member@example.org" in shown
    assert "Belongs to Tuesday evening group Group from July 21" in shown
    [read] = center.rows(AuditEntry, action="read", subject="person")
    assert (read.actor, read.person_id) == (center.people.coordinator.id, renee)


def test_who_is_more_than_a_member_is_said(desk: Desk, center: Center) -> None:
    renee = center.people.member.id
    center.do(give_role, person_id=renee, role=Role.TRUSTED_SERVANT)
    assert "Roles Member, Trusted servant" in text_of(desk.get(page_of(renee)))


def test_what_is_next_stands_above_what_was(desk: Desk, center: Center) -> None:
    renee = center.people.member.id
    assert "Next Nothing in the next four weeks. Lately" in text_of(desk.get(page_of(renee)))
    center.make(members=[renee])
    center.make(members=[renee], title="Morning group", first_start=FIRST.replace(hour=9))
    shown = text_of(desk.get(page_of(renee))).partition(" Next ")[2].partition(" Lately ")[0]
    assert shown.startswith(
        "Morning group Tue, July 21, 9:00 AM, Elm Street, room 2 "
        "Tuesday evening group Tue, July 21, 7:00 PM, Elm Street, room 2 Morning group Tue, July 28"
    )
    assert shown.count("Elm Street") == 5


def test_reads_are_told_by_person_and_day_the_own_last_and_acts_in_words(desk: Desk, center: Center) -> None:
    renee, dana, odile = center.people.member.id, center.people.facilitator, center.people.coordinator
    with center.sessions() as session, transaction(session):
        for actor, hours in ((dana, 1), (dana, 2), (dana, 30), (odile, 3)):
            at = center.now - timedelta(hours=hours)
            record(session, at=at, actor=actor.actor, action="read", subject="person", person_id=renee)
    center.do(give_role, person_id=renee, role=Role.TRUSTED_SERVANT)
    shown = text_of(desk.get(page_of(renee)))
    acts, _, reads = shown.partition(" What was done ")[2].partition(" Who read this record ")
    assert reads.startswith(
        "Dana R., 2 times, July 15 Dana R., once, July 14 You, once, July 15 Two records of one human"
    )
    assert "gave a role Wednesday, July 15, 4:00 PM" in acts


def test_only_what_goes_on_can_be_exchanged_for_another(desk: Desk, center: Center) -> None:
    life = Life(center, center.people.member.id)
    group = center.make(members=[life.person], first_start=FIRST - timedelta(weeks=2)).series_id
    life.admit(date(2026, 7, 1))
    page = page_of(life.person)
    assert desk.get(page).count("/transfer") == 1
    life.discharge()
    shown = desk.get(page)
    assert "/transfer" not in shown
    assert "July 7 to July 15" in shown
    life.readmit(date(2026, 7, 16), series=[group])
    assert desk.get(page).count("/transfer") == 1
    assert f"/enrollments/{center.rows(Enrollment)[-1].id}/transfer" in desk.get(page)


def test_a_long_name_is_written_out_once_on_the_page_of_a_step(desk: Desk, center: Center) -> None:
    name = "Wilhelmina " + "Featherstonehaugh " * 4 + "Okonkwo"
    shown = text_of(desk.get(f"{page_of(center.member(name))}/admit"))
    assert shown.count(name) == 1
    assert "Wilhelmina O. Admit Wilhelmina" in shown


def test_a_member_is_enrolled_from_their_page(desk: Desk, center: Center) -> None:
    renee = center.people.member.id
    made = center.make()
    page = page_of(renee)
    assert desk.refused(page, f"{page}/enrollments") == {"Series": "Choose a series."}
    after = desk.saved(page, f"{page}/enrollments", **{"join-series": str(made.series_id)})
    assert toasts(after) == ["Enrolled."]
    assert "Tuesday evening group Group since July 15" in text_of(after)
    again = desk.refused(page, f"{page}/enrollments", status=409, **{"join-series": str(made.series_id)})
    assert again == {"": "This member belongs to the group already on some of these dates."}


def test_an_enrollment_is_ended_from_their_page(desk: Desk, center: Center) -> None:
    renee = center.people.member.id
    center.make(members=[renee])
    [enrollment] = center.rows(Enrollment)
    page, name = page_of(renee), f"member{enrollment.id}-until_date"
    address = f"{page}/enrollments/{enrollment.id}/end"
    assert desk.refused(page, address, **{name: ""}) == {"Last day": "Choose the last day."}
    assert "July 21 to August 4" in text_of(desk.saved(page, address, **{name: "2026-08-04"}))


def test_anothers_enrollment_is_not_there(desk: Desk, center: Center) -> None:
    center.make(members=[center.people.member.id])
    [enrollment] = center.rows(Enrollment)
    address = f"{page_of(center.people.other_member.id)}/enrollments/{enrollment.id}/end"
    assert desk.client.post(address, data={"csrf_token": desk.token()}).status_code == 404


def test_a_facilitators_page_tells_posts_and_duties(desk: Desk, center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(leads=[dana])
    shown = text_of(desk.get(page_of(dana)))
    assert "Posts Tuesday evening group Lead, from July 21" in shown
    assert "Tuesday, July 21 7:00 PM Tuesday evening group Group , Lead, Elm Street, room 2" in shown
    assert "Belongs to" not in shown


@pytest.mark.parametrize("is_kept_by_odile", [True, False])
def test_a_colleague_is_shown_as_a_member_only_where_that_is_one_s_business(
    desk: Desk, center: Center, is_kept_by_odile: bool
) -> None:
    dana, odile = center.people.facilitator.id, center.people.coordinator.id
    center.make(leads=[dana])
    other = center.make(title="Relapse prevention", first_start=FIRST + timedelta(days=1), rule=WEDNESDAYS)
    with center.sessions() as session, transaction(session):
        session.add(PersonRole(person_id=dana, role=Role.MEMBER, given_at=center.now))
        factories.enrollment(session, other.series_id, dana)
        keeper = odile if is_kept_by_odile else None
        stay = Stay(person_id=dana, admitted_on=date(2026, 7, 1), kept_by=keeper, changed_at=center.now)
        session.add(stay)
    shown, found = text_of(desk.get(page_of(dana))), text_of(desk.get("/coordinator/people?find=dana"))
    series = text_of(desk.get(f"/coordinator/series/{other.series_id}"))
    if is_kept_by_odile:
        assert "Tuesday, July 21 7:00 PM Busy" in shown
        assert "Relapse prevention" in shown
        assert "Tuesday evening group" not in shown.partition("Enroll in a series")[0]
        assert "Facilitator, Member" in found
        assert "Dana R." in series
    else:
        assert "Tuesday evening group" in shown
        for page in (shown, found):
            assert "Member" not in page
        assert "Relapse prevention" not in shown
        assert "Dana R." not in series.partition("Members")[2].partition("Enroll somebody")[0]
        assert "One place is taken." in series


@pytest.mark.parametrize("days", [0, 10])
def test_what_a_member_put_into_their_own_calendar_is_not_told(desk: Desk, center: Center, days: int) -> None:
    renee = center.people.member.id
    center.make(title="Listed meeting", members=[renee], first_start=FIRST + timedelta(days=days))
    with center.sessions() as session, transaction(session):
        session.execute(update(Series).values(listed=True))
    assert "Listed meeting" not in desk.get(page_of(renee))
    assert center.rows(Enrollment)[0].from_date >= date(2026, 7, 21)


def test_who_does_not_exist_is_not_there(desk: Desk, center: Center) -> None:
    desk.get(page_of(999), status=404)
