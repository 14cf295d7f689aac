from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.planning.leading import Posted, end_post, give_post, substitute
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from tests.domain.planning.center import FIRST, Center

WEEK = timedelta(weeks=1)
AUGUST_4 = date(2026, 8, 4)


def give(center: Center, series_id: int, person_id: int, **words: Any) -> Posted:
    usual = {"position": Position.LEAD, "from_date": FIRST.date()}
    return center.do(give_post, **usual | {"series_id": series_id, "person_id": person_id} | words)


def test_a_post_brings_its_duties(center: Center) -> None:
    dana = center.people.facilitator.id
    made = center.make()
    posted = give(center, made.series_id, dana, from_date=AUGUST_4, until_date=date(2026, 8, 20))
    assert (posted.new_duties, posted.dropped_duties) == (3, 0)
    assert center.leaders(made.series_id) == [
        (date(2026, 8, 4), dana),
        (date(2026, 8, 11), dana),
        (date(2026, 8, 18), dana),
    ]
    assert center.last_audit() == ("post.given", "series", made.series_id)


def test_past_occurrences_get_no_new_duties(center: Center) -> None:
    made = center.make()
    center.now = datetime(2026, 8, 5, 16, tzinfo=UTC)
    give(center, made.series_id, center.people.facilitator.id)
    assert center.leaders(made.series_id)[0][0] == date(2026, 8, 11)


def test_a_facilitator_who_leads_something_else_is_refused_unless_overridden(center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(leads=[dana], rule=SINGLE, room_id=None, title="Cooking")
    made = center.make()
    with pytest.raises(Taken, match="Cooking"):
        give(center, made.series_id, dana)
    posted = give(center, made.series_id, dana, override="The other one is short.")
    assert len(posted.overridden) == 1
    flags = [(each.exclusive, each.override_reason) for each in center.rows(Duty, post_id=posted.post_id)]
    assert flags == [(False, "The other one is short."), *[(True, "")] * 25]


def test_a_cancelled_one_keeps_nobody(center: Center) -> None:
    dana = center.people.facilitator.id
    other = center.make(leads=[dana], rule=SINGLE, room_id=None)
    center.do(cancel_occurrence, occurrence_id=other.occurrences[0], revision=1, reason="Flood")
    made = center.make()
    assert give(center, made.series_id, dana).new_duties == 26


def test_nobody_has_two_posts_in_a_series_at_once(center: Center) -> None:
    dana = center.people.facilitator.id
    made = center.make(leads=[dana])
    with pytest.raises(Conflict, match="already"):
        give(center, made.series_id, dana, position=Position.CO_FACILITATOR)


def test_only_facilitators_hold_posts_and_ends_come_after_starts(center: Center) -> None:
    made = center.make()
    with pytest.raises(Invalid) as refused:
        give(center, made.series_id, center.people.member.id)
    assert refused.value.fields == {"person_id": "Choose somebody who is a facilitator."}
    with pytest.raises(Invalid) as refused:
        give(center, made.series_id, center.people.facilitator.id, until_date=date(2026, 7, 1))
    assert refused.value.fields == {"until_date": "The last date is before the first."}


def test_a_post_that_ends_takes_its_duties_along(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id])
    [post] = center.rows(Post)
    later = center.rows(Duty, occurrence_id=made.occurrences[4])[0]
    center.do(substitute, duty_id=later.id, revision=1, person_id=people.other_facilitator.id)

    def end() -> None:
        posted = center.do(end_post, post_id=post.id, revision=1, until_date=AUGUST_4)
        assert (posted.new_duties, posted.dropped_duties) == (0, 23)

    assert center.raised_by(end) == {people.facilitator.id, people.other_facilitator.id}
    assert [day for day, _ in center.leaders(made.series_id)] == [
        date(2026, 7, 21),
        date(2026, 7, 28),
        AUGUST_4,
    ]
    [row] = center.rows(Post)
    assert (row.until_date, row.sequence, row.revision) == (AUGUST_4, 1, 2)


def test_a_post_that_goes_on_longer_brings_duties_again(center: Center) -> None:
    made = center.make()
    posted = give(center, made.series_id, center.people.facilitator.id, until_date=AUGUST_4)
    again = center.do(end_post, post_id=posted.post_id, revision=1, until_date=None)
    assert (again.new_duties, len(center.leaders(made.series_id))) == (23, 26)


def test_a_substitute_leads_one_occurrence(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    duty = center.rows(Duty, occurrence_id=made.occurrences[1])[0]
    words = {"duty_id": duty.id, "revision": 1, "person_id": people.other_facilitator.id}
    raised = center.raised_by(lambda: center.do(substitute, **words))
    assert raised == {people.facilitator.id, people.other_facilitator.id}
    leaders = [person for _, person in center.leaders(made.series_id)]
    assert leaders[:3] == [people.facilitator.id, people.other_facilitator.id, people.facilitator.id]
    [row] = center.rows(Duty, id=duty.id)
    assert (row.uid, row.sequence, row.revision) == (duty.uid, 1, 2)


def test_a_substitute_who_leads_something_else_is_refused(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id])
    center.make(leads=[people.other_facilitator.id], rule=SINGLE, room_id=None, title="Cooking")
    duty = center.rows(Duty, occurrence_id=made.occurrences[0])[0]
    words = {"duty_id": duty.id, "revision": 1, "person_id": people.other_facilitator.id}
    with pytest.raises(Taken, match="Cooking"):
        center.do(substitute, **words)
    center.do(substitute, override="Both in one room.", **words)
    [row] = center.rows(Duty, id=duty.id)
    assert (row.exclusive, row.override_reason) == (False, "Both in one room.")


def test_the_posts_own_holder_takes_it_back(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id])
    duty = center.rows(Duty, occurrence_id=made.occurrences[0])[0]
    center.do(substitute, duty_id=duty.id, revision=1, person_id=people.other_facilitator.id)
    center.do(substitute, duty_id=duty.id, revision=2, person_id=people.facilitator.id)
    assert center.leaders(made.series_id)[0] == (FIRST.date(), people.facilitator.id)


def test_who_leads_it_already_is_no_substitute(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id, people.other_facilitator.id])
    duty = center.rows(Duty, occurrence_id=made.occurrences[0])[0]
    with pytest.raises(Conflict):
        center.do(substitute, duty_id=duty.id, revision=1, person_id=people.other_facilitator.id)


def test_a_substitute_may_come_while_it_runs_and_not_when_it_is_over(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id])
    duty = center.rows(Duty, occurrence_id=made.occurrences[0])[0]
    words = {"duty_id": duty.id, "revision": 1, "person_id": people.other_facilitator.id}
    center.now = datetime(2026, 7, 22, 0, 30, tzinfo=UTC)
    with pytest.raises(Refused):
        center.do(substitute, **words)
    center.now -= timedelta(minutes=1)
    center.do(substitute, **words)


def test_what_does_not_exist_is_not_found(center: Center) -> None:
    words = {"revision": 1}
    with pytest.raises(NotFound):
        center.do(substitute, duty_id=9, person_id=center.people.facilitator.id, **words)
    with pytest.raises(NotFound):
        center.do(end_post, post_id=9, until_date=None, **words)
    with pytest.raises(NotFound):
        give(center, 9, center.people.facilitator.id)
