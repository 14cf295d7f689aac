"""A member's week on paper: when and where, and nothing that tells what it is."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.domain.stays.reasons import Places
from scheduler.domain.stays.service import add_hold, begin_stay, load_stay
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.center import Center
from tests.support import factories
from tests.web.coordinator.desk import Desk, text_of

WEEK = "?week=2026-07-23"


def paper(desk: Desk, person_id: int, week: str = WEEK) -> str:
    """What stands on the paper, without what only the screen shows."""
    page = desk.get(f"/coordinator/people/{person_id}/week/print{week}")
    return text_of(page[page.index("<h1>") : page.index("</main>")])


def test_it_says_when_and_where_under_neutral_titles(desk: Desk, center: Center) -> None:
    member = center.people.member.id
    center.make(members=[member])
    center.make(
        title="One-to-one: Renee Tamm",
        discreet_title="",
        rule=SINGLE,
        first_start=datetime(2026, 7, 23, 10),
        minutes=50,
        room_id=center.hall,
        members=[member],
    )
    assert paper(desk, member) == (
        "July 20 to 26 Renee T."
        " Tuesday, July 21 7:00 to 8:30 PM Evening class Elm Street, room 2"
        " Thursday, July 23 10:00 to 10:50 AM Appointment Elm Street, hall"
        " Questions? (555) 010-0199, every day, 8 AM to 8 PM"
    )


def test_what_is_cancelled_is_struck_out(desk: Desk, center: Center) -> None:
    member = center.people.member.id
    made = center.make(members=[member])
    center.do(cancel_occurrence, occurrence_id=made.occurrences[0], revision=1, reason="Repairs")
    assert "Evening class, cancelled" in paper(desk, member)
    assert "Repairs" not in paper(desk, member)


def test_a_week_without_anything_says_so(desk: Desk, center: Center) -> None:
    center.make(members=[center.people.member.id])
    assert "Nothing planned this week." in paper(desk, center.people.member.id, "?week=2026-07-15")
    assert "Nothing planned this week." in paper(desk, center.people.member.id, "")


def test_a_hold_leaves_the_paper_empty(desk: Desk, center: Center) -> None:
    member = center.people.member.id
    center.make(members=[member])
    with center.sessions() as session, transaction(session):
        stay = begin_stay(session, person_id=member, admitted_on=date(2026, 7, 1), now=center.now)
        add_hold(
            session,
            actor=center.people.coordinator.actor,
            stay=load_stay(session, stay.id),
            from_date=date(2026, 7, 20),
            until_date=None,
            places=Places.KEPT,
            now=center.now,
        )
    assert "Nothing planned this week." in paper(desk, member)


def test_a_listed_meeting_of_their_own_choice_is_not_staff_s_to_print(desk: Desk, center: Center) -> None:
    member = center.people.member.id
    with center.sessions() as session, transaction(session):
        listed = factories.series(session, "Nooners", listed=True)
        factories.occurrence(session, listed, datetime(2026, 7, 21, 12))
        factories.enrollment(session, listed, member)
    assert "Nothing planned this week." in paper(desk, member)


def test_the_read_is_on_record(desk: Desk, center: Center) -> None:
    member = center.people.member.id
    paper(desk, member)
    with center.sessions() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.subject, entry.person_id, entry.actor) == (
            "read",
            "person",
            member,
            center.people.coordinator.id,
        )


@pytest.mark.parametrize("week", ["?week=tomorrow", "?week=0001-01-01", "?week=9999-12-31"])
def test_a_week_that_is_none_is_not_there(desk: Desk, center: Center, week: str) -> None:
    desk.get(f"/coordinator/people/{center.people.member.id}/week/print{week}", status=404)


def test_only_members_have_one(desk: Desk, center: Center) -> None:
    desk.get(f"/coordinator/people/{center.people.facilitator.id}/week/print", status=404)
    desk.get("/coordinator/people/999/week/print", status=404)


def test_the_person_s_page_leads_to_it(desk: Desk, center: Center) -> None:
    member, facilitator = center.people.member.id, center.people.facilitator.id
    assert f"/coordinator/people/{member}/week/print" in desk.get(f"/coordinator/people/{member}")
    assert "week/print" not in desk.get(f"/coordinator/people/{facilitator}")
