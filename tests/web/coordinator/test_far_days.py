"""Days in years that nobody means, in every form that asks for a day."""

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.roster.models import Post
from tests.domain.planning.center import Center
from tests.web.coordinator.desk import Desk

FAR = ("9999-12-31", "0001-01-01")


@pytest.mark.parametrize("day", FAR)
def test_every_day_typed_says_that_its_year_is_too_far_away(desk: Desk, center: Center, day: str) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    [post], [member] = center.rows(Post), center.rows(Enrollment)
    page = f"/coordinator/series/{made.series_id}"
    session = f"/coordinator/occurrences/{made.occurrences[0]}"
    other = str(people.other_facilitator.id)
    wrong = "This year is too far away."
    for address, action, typed, label in (
        ("/coordinator/series/new", "/coordinator/series/new", {"first_day": day}, "First day"),
        (f"{page}/edit", f"{page}/edit", {"first_day": day}, "First day"),
        (f"{page}/edit", f"{page}/edit", {"ending": "until", "until": day}, "Last day"),
        (page, f"{page}/end", {f"series{made.series_id}-until_date": day}, "Last day"),
        (page, f"{page}/posts", {"post-person": other, "post-from_date": day}, "From"),
        (page, f"{page}/posts", {"post-person": other, "post-until_date": day}, "Until"),
        (page, f"{page}/posts/{post.id}/end", {f"post{post.id}-until_date": day}, "Last day"),
        (page, f"{page}/enrollments/{member.id}/end", {f"member{member.id}-until_date": day}, "Last day"),
        (session, f"{session}/move", {"move-day": day, "move-reason": "Painting"}, "Day"),
    ):
        assert desk.refused(address, action, **typed).get(label) == wrong, (action, typed)
