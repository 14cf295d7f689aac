"""The discharge desk: one act that makes everything, or nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.slips import use_slip
from scheduler.domain.admissions.arrivals import Appointment, Arrival, Newcomer
from scheduler.domain.admissions.desk import Received, receive
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Identity, OneTimeLink, Person, PersonRole
from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import disable, make_person
from scheduler.domain.planning.apart import keep_apart
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Post
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.stays.models import Stay
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FRIDAY, THURSDAY, Center
from tests.domain.planning.racing import race, winners

KEY = "a key of the tests"
WEEK = timedelta(days=7)
TODAY = date(2026, 7, 15)
THURSDAYS, FRIDAYS = (Rule(Frequency.WEEKLY, weekdays=(day,)) for day in (THURSDAY, FRIDAY))
RENE = Newcomer("René Vogt", 1988, "(555) 010-0142", "rene@example.org")


@pytest.fixture
def group(center: Center) -> int:
    """Meets tomorrow at 19:00."""
    return center.make(
        title="Thursday group", first_start=datetime(2026, 7, 16, 19), rule=THURSDAYS, capacity=2
    ).series_id


@pytest.fixture
def arrival(center: Center, group: int) -> Arrival:
    return Arrival(who=RENE, site_id=1, counselor_id=center.people.facilitator.id, series_id=group)


def received(center: Center, arrival: Arrival, **more: Any) -> Received:
    return center.do(receive, arrival=arrival, secret_key=KEY, slip_lasts=WEEK, **more)


def test_it_makes_the_person_the_stay_the_place_and_a_slip_that_works(
    center: Center, arrival: Arrival, group: int
) -> None:
    done = received(center, arrival)
    assert done.first_at == datetime(2026, 7, 16, 23, tzinfo=UTC)
    assert done.warnings == ()
    identity = center.rows(Identity, person_id=done.person_id)[0]
    assert (identity.name, identity.birth_year, identity.phone, identity.email) == (
        "René Vogt",
        1988,
        "(555) 010-0142",
        "rene@example.org",
    )
    assert identity.email_confirmed_at is None
    assert [row.role for row in center.rows(PersonRole, person_id=done.person_id)] == [Role.MEMBER]
    stay = center.rows(Stay, person_id=done.person_id)[0]
    assert (stay.admitted_on, stay.discharged_on, stay.site_id, stay.counselor_id, stay.kept_by) == (
        TODAY,
        None,
        1,
        center.people.facilitator.id,
        None,
    )
    enrollment = center.rows(Enrollment, person_id=done.person_id)[0]
    assert (enrollment.series_id, enrollment.stay_id, enrollment.from_date, enrollment.until_date) == (
        group,
        stay.id,
        TODAY,
        None,
    )
    assert done.slip is not None
    with center.sessions() as session:
        arrived = use_slip(session, code=done.slip.code, secret_key=KEY, lasts=WEEK, now=center.now)
    assert arrived is not None
    assert arrived.person_id == done.person_id


def test_the_record_tells_ids_and_what_was_said_about_the_first_session(
    center: Center, arrival: Arrival, group: int
) -> None:
    done = received(center, arrival, form="f")
    entry = center.rows(AuditEntry, action="desk.received")[0]
    assert (entry.actor, entry.subject_id, entry.person_id) == (
        center.people.coordinator.id,
        done.person_id,
        done.person_id,
    )
    assert entry.detail == {
        "stay": center.rows(Stay)[0].id,
        "series": group,
        "appointment": None,
        "none_earlier": False,
        "known": False,
        "form": "f",
    }


def test_an_appointment_with_the_counselor_is_a_session_of_its_own(center: Center, arrival: Arrival) -> None:
    tomorrow = Appointment(datetime(2026, 7, 16, 10), 50, center.room)
    done = received(center, replace(arrival, series_id=None, appointment=tomorrow))
    assert done.first_at == datetime(2026, 7, 16, 14, tzinfo=UTC)
    series = center.rows(Series, title="First appointment")[0]
    told = (series.kind, series.closed, series.counting, series.room_id, series.discreet_title)
    assert told == ("individual", True, "minutes", center.room, "")
    assert center.starts(series.id) == [datetime(2026, 7, 16, 10)]
    post = center.rows(Post, series_id=series.id)[0]
    assert (post.person_id, post.position) == (center.people.facilitator.id, "counselor")
    enrollment = center.rows(Enrollment, series_id=series.id)[0]
    assert (enrollment.person_id, enrollment.stay_id) == (done.person_id, center.rows(Stay)[0].id)


@pytest.mark.parametrize(
    ("hours", "refused"), [(timedelta(hours=48), False), (timedelta(hours=48, minutes=1), True)]
)
def test_the_first_session_comes_within_two_days(
    center: Center, arrival: Arrival, hours: timedelta, refused: bool
) -> None:
    starts = datetime(2026, 7, 15, 16) + hours
    later = replace(arrival, series_id=None, appointment=Appointment(starts, 50))
    before = center.count()
    if not refused:
        assert received(center, later).slip
        return
    with pytest.raises(Refused) as told:
        received(center, later)
    assert str(told.value) == (
        "The first session would be on Friday, July 17, 4:01 PM. The first one comes within 48 hours, by"
        " Friday, July 17, 4:00 PM. Give an appointment with the counselor before that, choose another group,"
        " or say that there is no place earlier."
    )
    assert center.count() == before
    assert center.rows(Identity, name="René Vogt") == []
    assert received(center, replace(later, none_earlier=True)).slip
    assert center.rows(AuditEntry, action="desk.received")[0].detail["none_earlier"] is True


def test_a_group_that_meets_too_late_is_named_with_its_next_meeting(center: Center, arrival: Arrival) -> None:
    late = center.make(
        title="Friday group", first_start=datetime(2026, 7, 17, 19), rule=FRIDAYS, room_id=center.other_room
    )
    with pytest.raises(Refused, match=r"^Friday group meets next on Friday, July 17, 7:00 PM\. "):
        received(center, replace(arrival, series_id=late.series_id))
    with pytest.raises(Refused, match=r"^There is no session yet\. "):
        received(center, replace(arrival, series_id=None))
    tomorrow = Appointment(datetime(2026, 7, 16, 10), 50)
    assert received(center, replace(arrival, series_id=late.series_id, appointment=tomorrow)).slip


def test_a_meeting_that_is_cancelled_is_no_first_session(
    center: Center, arrival: Arrival, group: int
) -> None:
    first = center.occurrences(group)[0]
    center.do(cancel_occurrence, occurrence_id=first.id, revision=first.revision, reason="Repairs")
    with pytest.raises(Refused, match=r"^Thursday group meets next on Thursday, July 23"):
        received(center, arrival)


def test_a_form_that_was_sent_twice_makes_one_person(center: Center, arrival: Arrival) -> None:
    first, second = (received(center, arrival, form="the same") for _ in range(2))
    assert second == Received(first.person_id)
    assert len(center.rows(Identity, name="René Vogt")) == 1
    assert len(center.rows(OneTimeLink)) == 1


def test_both_at_once_make_one_person_too(center: Center, arrival: Arrival) -> None:
    def act(session: Database) -> Received:
        return receive(
            session,
            actor=center.people.coordinator.actor,
            arrival=arrival,
            secret_key=KEY,
            slip_lasts=WEEK,
            form="the same",
            now=center.now,
        )

    answers = winners(race(center.sessions, [act] * 4))
    assert len({answer.person_id for answer in answers}) == 1
    assert len(center.rows(Identity, name="René Vogt")) == 1


def test_somebody_known_is_not_made_again_and_keeps_what_is_known(center: Center, arrival: Arrival) -> None:
    renee = center.people.member
    done = received(center, replace(arrival, who=renee.id))
    assert done.person_id == renee.id
    assert done.slip is not None
    assert center.rows(Identity, person_id=renee.id)[0].name == renee.name
    assert center.rows(AuditEntry, action="desk.received")[0].detail["known"] is True


def test_somebody_who_was_here_before_begins_another_stay(center: Center, arrival: Arrival) -> None:
    renee = center.people.member.id
    with center.sessions() as session, transaction(session):
        session.add(
            Stay(
                person_id=renee,
                admitted_on=date(2025, 1, 7),
                discharged_on=date(2025, 9, 1),
                reason="completed",
                changed_at=center.now,
            )
        )
    received(center, replace(arrival, who=renee))
    assert [(stay.admitted_on, stay.discharged_on) for stay in center.rows(Stay)] == [
        (date(2025, 1, 7), date(2025, 9, 1)),
        (TODAY, None),
    ]
    begun = center.rows(AuditEntry, action="stay.begun")[0]
    assert (begun.person_id, begun.detail["again"]) == (renee, True)


def test_a_colleague_who_becomes_a_member_gets_no_slip_and_is_whose_business_it_is(
    center: Center, arrival: Arrival
) -> None:
    done = received(center, replace(arrival, who=center.people.other_facilitator.id))
    assert done.slip is None
    stay = center.rows(Stay)[0]
    assert (stay.person_id, stay.kept_by) == (
        center.people.other_facilitator.id,
        center.people.coordinator.id,
    )


def test_that_a_colleague_stays_here_already_is_not_told(center: Center, arrival: Arrival) -> None:
    femi = replace(arrival, who=center.people.other_facilitator.id)
    received(center, femi)
    with pytest.raises(Refused) as told:
        received(center, femi)
    assert str(told.value) == "This cannot be done at the desk. Ask an administrator."


def test_who_would_meet_somebody_they_are_kept_apart_from_is_told(center: Center, arrival: Arrival) -> None:
    renee, marcus = center.people.member.id, center.people.other_member.id
    center.do(keep_apart, person_id=renee, other_id=marcus)
    received(center, replace(arrival, who=renee))
    done = received(center, replace(arrival, who=marcus))
    assert [(pair.name, pair.other) for pair in done.apart] == [("Marcus T.", "Renee T.")]


def test_who_stays_already_is_disabled_or_gone_is_refused(center: Center, arrival: Arrival) -> None:
    renee = replace(arrival, who=center.people.member.id)
    received(center, renee)
    with pytest.raises(Refused):
        received(center, renee)
    center.do(disable, person_id=center.people.other_member.id)
    with pytest.raises(Refused, match="is disabled"):
        received(center, replace(arrival, who=center.people.other_member.id))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"who": replace(RENE, name=" ")}, "name"),
        ({"who": replace(RENE, birth_year=1800)}, "birth_year"),
        ({"who": replace(RENE, birth_year=2027)}, "birth_year"),
        ({"who": replace(RENE, phone="5" * 41)}, "phone"),
        ({"who": replace(RENE, email="nobody")}, "email"),
        ({"who": replace(RENE, email="member@example.org")}, "email"),
        ({"site_id": 99}, "site_id"),
        ({"counselor_id": 1}, "counselor_id"),
        ({"program_id": 99}, "program_id"),
        ({"appointment": Appointment(datetime(2026, 7, 15, 15), 50)}, "starts"),
        ({"appointment": Appointment(datetime(2026, 7, 16, 15), 0)}, "minutes"),
        ({"appointment": Appointment(datetime(2026, 7, 16, 15), 50, 99)}, "room_id"),
    ],
)
def test_what_was_typed_wrong_is_told_beside_its_field_and_nothing_is_made(
    center: Center, arrival: Arrival, changes: dict[str, Any], field: str
) -> None:
    people, rows = len(center.rows(Person)), center.count()
    with pytest.raises(Invalid) as told:
        received(center, replace(arrival, **changes))
    assert set(told.value.fields) == {field}
    assert (len(center.rows(Person)), center.count()) == (people, rows)


def test_a_full_or_closed_group_and_a_taken_counselor_make_nothing(
    center: Center, arrival: Arrival, group: int
) -> None:
    tomorrow = Appointment(datetime(2026, 7, 16, 10), 50, center.room)
    received(center, replace(arrival, appointment=tomorrow))
    with pytest.raises(Taken):
        received(center, replace(arrival, who=Newcomer("Ada Ito"), appointment=tomorrow))
    received(center, replace(arrival, who=Newcomer("Ada Ito")))
    with pytest.raises(Conflict):
        received(center, replace(arrival, who=Newcomer("Bo Lind")))
    closed = center.make(
        title="Closed", first_start=datetime(2026, 7, 16, 12), rule=THURSDAYS, closed=True
    ).series_id
    with pytest.raises(Refused, match="closed"):
        received(center, replace(arrival, who=Newcomer("Bo Lind"), series_id=closed))
    assert center.rows(Identity, name="Bo Lind") == []


def test_it_makes_their_calendar_and_the_counselor_s_new(center: Center, arrival: Arrival) -> None:
    tomorrow = Appointment(datetime(2026, 7, 16, 10), 50, center.room)
    before = center.revisions()
    done = received(center, replace(arrival, appointment=tomorrow))
    raised = {person for person, number in center.revisions().items() if number > before.get(person, 0)}
    assert raised == {done.person_id, center.people.facilitator.id}


def test_somebody_known_who_was_no_member_is_one_then(center: Center, arrival: Arrival) -> None:
    nobody = center.do(make_person, name="Cleo Sand", email=None, roles=[])
    done = received(center, replace(arrival, who=nobody))
    assert done.slip is not None
    assert [row.role for row in center.rows(PersonRole, person_id=nobody)] == [Role.MEMBER]
