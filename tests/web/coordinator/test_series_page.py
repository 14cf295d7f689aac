"""One series: posts, enrollments, its end."""

from dataclasses import replace
from datetime import date

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.membership import end_enrollment
from scheduler.domain.roster.models import Post
from scheduler.domain.schedule.queries import plan_of
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center
from tests.support import factories
from tests.web.coordinator.desk import Desk, text_of, toasts


@pytest.fixture
def page(center: Center) -> str:
    """The Tuesday evening group, with Dana and Renee."""
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    return f"/coordinator/series/{made.series_id}"


def test_the_list_says_when_where_who_and_how_full(desk: Desk, center: Center, page: str) -> None:
    shown = text_of(desk.get("/coordinator/series"))
    assert "Tuesday evening group Every Tuesday, 7:00 to 8:30 PM. Group , Elm Street, room 2" in shown
    assert "Nothing has ended" in desk.get("/coordinator/series?ended=1")


def test_a_series_is_found_by_its_title(desk: Desk, center: Center, page: str) -> None:
    center.make(title="Café talk", room_id=None)
    shown = desk.get("/coordinator/series?find=CAFE")
    assert "Café talk" in shown
    assert "Tuesday evening group" not in shown
    assert "No series with “x9” in its title" in desk.get("/coordinator/series?find=x9")


def test_an_empty_center_is_told_what_a_series_is(desk: Desk, center: Center) -> None:
    assert "No series yet" in desk.get("/coordinator/series")


def test_the_page_tells_the_rule_the_people_and_what_is_to_come(
    desk: Desk, center: Center, page: str
) -> None:
    shown = text_of(desk.get(page))
    for words in (
        "Every Tuesday, 7:00 to 8:30 PM.",
        "Discreet title Evening class",
        "Dana R. Lead, from July 21",
        "Renee T. from July 21",
        "To come 7:00 PM Tuesday, July 21 Elm Street, room 2, Dana R., 1/12",
    ):
        assert words in shown
    reads = center.rows(AuditEntry, action="read", subject="series")
    assert [read.actor for read in reads] == [center.people.coordinator.id]


def test_a_post_is_given_and_ended(desk: Desk, center: Center, page: str) -> None:
    femi = center.people.other_facilitator.id
    after = desk.saved(
        page,
        f"{page}/posts",
        **{"post-person": str(femi), "post-position": "co_facilitator", "post-from_date": "2026-08-01"},
    )
    assert toasts(after) == ["The post is given."]
    assert "Femi A. Co-facilitator, from August 1" in text_of(after)
    post = center.rows(Post, person_id=femi)[0]
    name = f"post{post.id}-until_date"
    assert desk.refused(page, f"{page}/posts/{post.id}/end", **{name: "2026-07-01"}) == {
        "Last day": "The last date is before the first."
    }
    after = desk.saved(page, f"{page}/posts/{post.id}/end", **{name: "2026-09-30"})
    assert "Femi A. Co-facilitator, August 1 to September 30" in text_of(after)


def test_a_post_that_collides_needs_a_reason(desk: Desk, center: Center, page: str) -> None:
    femi = center.people.other_facilitator.id
    center.make(title="Cooking", room_id=None, leads=[femi])
    typed = {"post-person": str(femi), "post-from_date": "2026-07-15"}
    assert desk.refused(page, f"{page}/posts", status=409, **typed)[""].startswith(
        "Femi A. is taken on July 21, 7:00 to 8:30 PM: Cooking."
    )
    desk.saved(page, f"{page}/posts", **typed, **{"post-override_reason": "He swaps at half time"})
    assert len(center.rows(Post, person_id=femi)) == 2


def test_nobody_chosen_is_said_beside_the_field(desk: Desk, center: Center, page: str) -> None:
    assert desk.refused(page, f"{page}/posts") == {"Who": "Choose somebody."}


def test_a_member_is_found_and_enrolled(desk: Desk, center: Center, page: str) -> None:
    marcus = center.people.other_member.id
    found = f"{page}?find=tul"
    assert "Marcus Tull" in desk.get(found)
    after = desk.saved(
        found,
        f"{page}/enrollments",
        **{"enroll-person": str(marcus), "enroll-from_date": "2026-07-20", "enroll-until_date": "2026-12-31"},
    )
    assert toasts(after) == ["Enrolled."]
    assert "Marcus T. July 20 to December 31" in text_of(after)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"enroll-person": ""}, {"Who": "Choose somebody."}),
        ({"enroll-from_date": ""}, {"From": "Choose the first day."}),
        ({"enroll-until_date": "2026-07-01"}, {"Until": "The last date is before the first."}),
        ({"enroll-until_date": "soon"}, {"Until": "This is not a date. Type it like 2026-07-14."}),
    ],
)
def test_an_enrollment_that_makes_no_sense_is_said_beside_its_field(
    desk: Desk, center: Center, page: str, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    values = {"enroll-person": str(center.people.other_member.id), **typed}
    answer = desk.refused(f"{page}?find=tul", f"{page}/enrollments", **values)
    assert answer == wrong
    assert len(center.rows(Enrollment)) == 1


def test_nobody_enters_twice_nor_a_full_group(desk: Desk, center: Center, page: str) -> None:
    values = {"enroll-person": str(center.people.member.id)}
    assert desk.refused(f"{page}?find=ren", f"{page}/enrollments", status=409, **values) == {
        "": "This member belongs to the group already on some of these dates."
    }


def test_a_closed_group_offers_no_way_in(desk: Desk, center: Center) -> None:
    made = center.make(closed=True)
    page = f"/coordinator/series/{made.series_id}"
    shown = desk.get(page)
    assert "This group is closed. It takes nobody new." in shown
    assert f"{page}/enrollments" not in shown


def test_an_enrollment_is_ended_and_a_stale_page_is_told(desk: Desk, center: Center, page: str) -> None:
    [enrollment] = center.rows(Enrollment)
    address, name = f"{page}/enrollments/{enrollment.id}/end", f"member{enrollment.id}"
    stale = desk.get(page)
    center.do(end_enrollment, enrollment_id=enrollment.id, revision=1, until_date=date(2026, 9, 1))
    answer = desk.send_from(stale, address, **{f"{name}-until_date": "2026-10-01"})
    assert answer.status_code == 409
    assert "Somebody changed this in the meantime." in answer.text
    assert desk.send_from(answer.text, address).status_code == 303
    assert center.rows(Enrollment)[0].until_date == date(2026, 10, 1)


def test_the_series_is_ended(desk: Desk, center: Center, page: str) -> None:
    series = int(page.rpartition("/")[2])
    assert desk.refused(page, f"{page}/end") == {"Last day": "Choose the last day."}
    shown = desk.send(page, f"{page}/end", **{f"series{series}-until_date": "2026-08-04"})
    assert (
        "Not saved yet Look at what follows, then end it. 23 dates are gone."
        " 1 member leaves the group on that day. 1 post ends on that day."
    ) in text_of(shown.text)
    assert len(center.starts(series)) == 26
    other_day = desk.send_from(shown.text, f"{page}/end", **{f"series{series}-until_date": "2026-08-11"})
    assert "22 dates are gone." in text_of(other_day.text)
    after = desk.get(desk.send_from(shown.text, f"{page}/end").location)
    assert toasts(after) == ["Tuesday evening group ends on Tuesday, August 4."]
    assert "Ends Tuesday, August 4" in text_of(after)
    assert [start.day for start in center.starts(series)] == [21, 28, 4]
    assert desk.send_from(after, "/coordinator/plan/undo", toast=True).status_code == 303
    assert len(center.starts(series)) == 26
    assert {each.until_date for each in (*center.rows(Post), *center.rows(Enrollment))} == {None}


def test_what_does_not_exist_is_not_there(desk: Desk, center: Center, page: str) -> None:
    data = {"csrf_token": desk.token()}
    desk.get("/coordinator/series/999", status=404)
    for address in (f"{page}/posts/999/end", f"{page}/enrollments/999/end", "/coordinator/series/999/end"):
        assert desk.client.post(address, data=data).status_code == 404


def test_all_that_is_to_come_is_one_link_away(desk: Desk, center: Center, page: str) -> None:
    assert desk.get(page).count('name="chosen"') == 10
    assert f'href="{page}?all=1#to-come"' in desk.get(page)
    shown = desk.get(f"{page}?all=1")
    assert shown.count('name="chosen"') == 26
    assert "All that is to come" not in shown


def test_a_series_that_goes_on_as_another_one_says_so_on_both_pages_and_in_the_list(
    desk: Desk, center: Center, page: str
) -> None:
    row = center.series(int(page.rpartition("/")[2]))
    plan = replace(plan_of(row), first_start=FIRST.replace(hour=18))
    fourth = center.occurrences(row.id)[3].id
    edited = center.do(edit_series, series_id=row.id, revision=1, since=fourth, plan=plan)
    other = page.replace(str(row.id), str(edited.series_id))
    shown = desk.get(page)
    assert "It goes on as Tuesday evening group, from August 11 ." in text_of(shown)
    assert f'href="{other}"' in shown
    later = desk.get(other)
    said = "It begins on Tuesday, August 11. Until then it was Tuesday evening group, until August 10 ."
    assert said in text_of(later)
    assert f'href="{page}"' in later
    listed = text_of(desk.get("/coordinator/series"))
    assert listed.count("Dana R., 1/12") == 2
    assert listed.count("Begins August 11") == 1


def test_who_was_discharged_is_told_with_the_way_to_their_page(desk: Desk, center: Center, page: str) -> None:
    marcus = center.people.other_member.id
    with center.sessions() as session, transaction(session):
        factories.stay(session, marcus, date(2026, 1, 1), date(2026, 7, 1))
    shown = desk.get(f"{page}?find=tul")
    assert "Marcus Tull was discharged. Readmit them first." in text_of(shown)
    assert f'href="/coordinator/people/{marcus}"' in shown
    assert 'name="enroll-person"' not in shown
