from datetime import UTC, date, datetime

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.choosing import choose_listed
from scheduler.domain.planning.leading import substitute
from scheduler.domain.planning.leaving import Released, commitments_of, release
from scheduler.domain.planning.making import NewEnrollment, make_series
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Invalid
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.center import EVENING, FIRST, Center
from tests.support import factories

AUGUST = datetime(2026, 8, 5, 16, tzinfo=UTC)
"""A Wednesday: the group has met three times."""


def test_what_is_still_to_come_is_listed(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    center.now = AUGUST
    leads = center.ask(commitments_of, people.facilitator.id, now=center.now)
    assert [(post.series_id, post.position) for post in leads.posts] == [(made.series_id, "lead")]
    assert [duty.occurrence_id for duty in leads.duties] == list(made.occurrences[3:])
    belongs = center.ask(commitments_of, people.member.id, now=center.now)
    assert [each.title for each in belongs.enrollments] == ["Tuesday evening group"]
    assert not center.ask(commitments_of, people.coordinator.id, now=center.now)


def test_another_facilitator_takes_over_what_is_to_come(center: Center) -> None:
    dana, femi = center.people.facilitator.id, center.people.other_facilitator.id
    made = center.make(leads=[dana])
    center.now = AUGUST
    released: list[Released] = []
    raised = center.raised_by(lambda: released.append(center.do(release, person_id=dana, hand_to=femi)))
    assert raised == {dana, femi}
    assert released == [Released(posts=1, duties=23, enrollments=0, overridden=(), warnings=())]
    assert [person for _, person in center.leaders(made.series_id)] == [dana] * 3 + [femi] * 23
    posts = [(each.person_id, each.from_date, each.until_date) for each in center.rows(Post)]
    assert posts == [(dana, FIRST.date(), date(2026, 8, 4)), (femi, date(2026, 8, 5), None)]
    assert {duty.post_id for duty in center.rows(Duty, person_id=femi)} == {2}
    assert not center.ask(commitments_of, dana, now=center.now).duties
    assert center.last_audit() == ("person.released", "person", dana)


def test_with_nobody_to_take_over_it_ends(center: Center) -> None:
    people = center.people
    dana, femi = people.facilitator.id, people.other_facilitator.id
    made = center.make(leads=[dana])
    covered = center.rows(Duty, occurrence_id=made.occurrences[5])[0]
    center.do(substitute, duty_id=covered.id, revision=1, person_id=femi)
    center.now = AUGUST
    assert center.do(release, person_id=dana).duties == 22
    assert center.leaders(made.series_id) == [
        *[(start.date(), dana) for start in center.starts(made.series_id)[:3]],
        (date(2026, 8, 25), femi),
    ]


def test_what_they_only_covered_is_handed_over_too(center: Center) -> None:
    people = center.people
    dana, femi, ines = people.facilitator.id, people.other_facilitator.id, center.facilitator("Ines Vale")
    made = center.make(leads=[dana])
    covered = center.rows(Duty, occurrence_id=made.occurrences[1])[0]
    center.do(substitute, duty_id=covered.id, revision=1, person_id=femi)
    raised = center.raised_by(lambda: center.do(release, person_id=femi, hand_to=ines))
    assert raised == {dana, femi, ines}
    assert center.leaders(made.series_id)[1] == (date(2026, 7, 28), ines)


def test_who_leads_it_already_is_not_put_there_twice(center: Center) -> None:
    dana, femi = center.people.facilitator.id, center.people.other_facilitator.id
    made = center.make(leads=[dana, femi])
    center.do(release, person_id=dana, hand_to=femi)
    assert [person for _, person in center.leaders(made.series_id)] == [femi] * 26
    assert [(each.person_id, each.until_date) for each in center.rows(Post)] == [(femi, None)]


def test_who_leads_something_else_is_refused_unless_overridden(center: Center) -> None:
    dana, femi = center.people.facilitator.id, center.people.other_facilitator.id
    center.make(leads=[femi], rule=SINGLE, room_id=None, title="Cooking")
    center.make(leads=[dana])
    with pytest.raises(Taken, match="Cooking"):
        center.do(release, person_id=dana, hand_to=femi)
    released = center.do(release, person_id=dana, hand_to=femi, override="Both in one room.")
    assert (released.duties, len(released.overridden)) == (26, 1)


def test_a_member_leaves_everything(center: Center) -> None:
    member = center.people.member.id
    center.make(members=[member])
    later = [NewEnrollment(member, date(2026, 9, 1))]
    center.do(make_series, plan=EVENING, enrollments=later)
    center.now = AUGUST
    assert center.do(release, person_id=member).enrollments == 2
    rows = [(each.from_date, each.until_date) for each in center.rows(Enrollment)]
    assert rows == [(FIRST.date(), date(2026, 8, 4))]


def test_what_began_today_is_still_theirs(center: Center) -> None:
    member = center.people.member.id
    center.make(members=[member])
    center.now = datetime(2026, 7, 28, 23, 30, tzinfo=UTC)
    center.do(release, person_id=member)
    assert [each.until_date for each in center.rows(Enrollment)] == [date(2026, 7, 28)]


def test_only_another_facilitator_takes_over(center: Center) -> None:
    dana = center.people.facilitator.id
    for other in (dana, center.people.member.id, 999):
        with pytest.raises(Invalid) as refused:
            center.do(release, person_id=dana, hand_to=other)
        assert list(refused.value.fields) == ["hand_to"]


def test_nothing_to_release_is_no_error(center: Center) -> None:
    released = center.do(release, person_id=center.people.member.id)
    assert released == Released(posts=0, duties=0, enrollments=0, overridden=(), warnings=())


def test_what_a_member_chose_for_themselves_ends_unnamed_and_uncounted(center: Center) -> None:
    renee = center.people.member.id
    with center.sessions() as session, transaction(session):
        listed = factories.series(session, "Friday noon AA", first_start=FIRST, listed=True)
        factories.occurrence(session, listed, FIRST)
    center.do(choose_listed, series_id=listed, person_id=renee)
    assert not center.ask(commitments_of, renee, now=center.now)
    assert center.do(release, person_id=renee).enrollments == 0
    assert center.rows(AuditEntry, action="person.released")[0].detail["enrollments"] == 0
    assert center.rows(Enrollment, until_date=None) == []


def test_what_a_member_chose_for_themselves_is_in_no_warning(center: Center) -> None:
    renee = center.people.member.id
    with center.sessions() as session, transaction(session):
        listed = factories.series(session, "Tuesday evening AA", first_start=FIRST, listed=True)
        factories.occurrence(session, listed, FIRST)
    center.do(choose_listed, series_id=listed, person_id=renee)
    assert center.make(members=[renee], first_start=FIRST).warnings == ()
