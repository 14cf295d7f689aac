"""Saving marks."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import confirming, queries, service
from scheduler.domain.attendance.assembly import Change, Line, Tally
from scheduler.domain.attendance.merging import NEVER_SAVED, Outcome, Saved, Wanted
from scheduler.domain.attendance.models import Sheet
from scheduler.domain.attendance.statuses import UNMARKED, Excuse, Status, Value
from scheduler.domain.people.roles import SYSTEM, Actor
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.audit import AuditEntry
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody

PRESENT, LATE, ABSENT = Value(Status.PRESENT), Value(Status.LATE, 6), Value(Status.ABSENT)


def save(
    session: Database,
    actor: Actor,
    group: Group,
    *marks: Wanted,
    now: datetime | None = None,
    reason: str = "",
) -> tuple[service.Result, ...]:
    return service.save_marks(
        session,
        actor=actor,
        occurrence_id=group.occurrence,
        marks=marks,
        now=now or group.during,
        reason=reason,
    )


def test_the_first_save_opens_the_sheet(people: Everybody, group: Group, session: Database) -> None:
    dana, renee, marcus = people.facilitator, people.member, people.other_member
    results = save(session, dana.actor, group, Wanted(renee.id, PRESENT), Wanted(marcus.id, LATE))
    assert results == (
        service.Result(renee.id, Outcome.APPLIED, Saved(PRESENT, 1, dana.id, group.during)),
        service.Result(marcus.id, Outcome.APPLIED, Saved(LATE, 1, dana.id, group.during)),
    )
    page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
    assert page.lines == (
        Line(marcus.id, "Marcus T.", True, LATE, 1, "Dana R.", group.during),
        Line(renee.id, "Renee T.", True, PRESENT, 1, "Dana R.", group.during),
    )
    assert (page.tally, page.unmarked, page.saved_at) == (Tally(2, 2, 2), 0, group.during)
    opened = session.scalars(select(Sheet)).one()
    assert (opened.occurrence_id, opened.opened_at, opened.submitted_at) == (
        group.occurrence,
        group.during,
        None,
    )


def test_the_second_of_two_who_mark_one_person_is_shown_both(
    people: Everybody, group: Group, session: Database
) -> None:
    dana, odile, renee, marcus = people.facilitator, people.coordinator, people.member, people.other_member
    save(session, dana.actor, group, Wanted(renee.id, PRESENT))
    later = group.during + timedelta(minutes=3)
    results = save(
        session, odile.actor, group, Wanted(renee.id, ABSENT), Wanted(marcus.id, ABSENT), now=later
    )
    assert results == (
        service.Result(renee.id, Outcome.CONFLICT, Saved(PRESENT, 1, dana.id, group.during)),
        service.Result(marcus.id, Outcome.APPLIED, Saved(ABSENT, 1, odile.id, later)),
    )
    chosen = save(session, odile.actor, group, Wanted(renee.id, ABSENT, seen=1), now=later)
    assert chosen == (service.Result(renee.id, Outcome.APPLIED, Saved(ABSENT, 2, odile.id, later)),)


def test_the_same_save_again_changes_nothing(people: Everybody, group: Group, session: Database) -> None:
    save(session, people.facilitator.actor, group, Wanted(people.member.id, PRESENT))
    again = save(session, people.coordinator.actor, group, Wanted(people.member.id, PRESENT))
    as_it_was = Saved(PRESENT, 1, people.facilitator.id, group.during)
    assert again == (service.Result(people.member.id, Outcome.UNCHANGED, as_it_was),)


def test_a_mark_is_taken_back_and_the_history_keeps_it(
    people: Everybody, group: Group, session: Database
) -> None:
    dana, renee = people.facilitator, people.member
    save(session, dana.actor, group, Wanted(renee.id, LATE))
    later = group.during + timedelta(minutes=1)
    save(session, dana.actor, group, Wanted(renee.id, UNMARKED, seen=1), now=later)
    page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
    assert page.lines[1] == Line(renee.id, "Renee T.", True, UNMARKED, 2, "Dana R.", later)
    assert page.history == (
        Change("Renee T.", UNMARKED, "Dana R.", later),
        Change("Renee T.", LATE, "Dana R.", group.during),
    )
    assert page.tally == Tally(people=2, marked=0, here=0)


def test_why_somebody_is_excused_is_kept_in_the_mark_and_in_its_history(
    people: Everybody, group: Group, session: Database
) -> None:
    dana, renee = people.facilitator, people.member
    work, unknown = Value(Status.EXCUSED, excuse=Excuse.WORK), Value(Status.EXCUSED)
    save(session, dana.actor, group, Wanted(renee.id, work))
    changed = save(session, dana.actor, group, Wanted(renee.id, unknown, seen=1))
    assert changed[0].outcome is Outcome.APPLIED
    page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
    assert [line.value for line in page.lines if line.person_id == renee.id] == [unknown]
    assert [change.value for change in page.history] == [unknown, work]


def test_all_present_marks_only_the_unmarked(people: Everybody, group: Group, session: Database) -> None:
    dana, renee, marcus = people.facilitator, people.member, people.other_member
    save(session, people.coordinator.actor, group, Wanted(renee.id, ABSENT))
    service.mark_rest(
        session,
        actor=dana.actor,
        occurrence_id=group.occurrence,
        status=Status.PRESENT,
        now=group.during,
    )
    page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
    assert [(line.short_name, line.value, line.by) for line in page.lines] == [
        (marcus.name.split()[0] + " T.", PRESENT, "Dana R."),
        (renee.name.split()[0] + " T.", ABSENT, "Odile K."),
    ]


def test_somebody_who_is_not_on_the_sheet_is_left_out_and_the_others_are_saved(
    people: Everybody, group: Group, session: Database
) -> None:
    stranger = factories.member(session, "Goran Lind")
    results = save(
        session, people.facilitator.actor, group, Wanted(stranger, PRESENT), Wanted(people.member.id, PRESENT)
    )
    assert [(result.person_id, result.outcome) for result in results] == [
        (stranger, Outcome.NOT_EXPECTED),
        (people.member.id, Outcome.APPLIED),
    ]
    assert results[0].saved == NEVER_SAVED


def test_who_was_marked_stays_on_the_sheet_when_no_longer_expected(
    people: Everybody, group: Group, session: Database
) -> None:
    goran = factories.member(session, "Goran Lind")
    term = factories.enrollment(session, group.series, goran)
    save(session, people.facilitator.actor, group, Wanted(goran, PRESENT))
    session.delete(session.get_one(factories.Enrollment, term))
    session.flush()
    save(session, people.facilitator.actor, group, Wanted(goran, ABSENT, seen=1))
    page = queries.sheet(session, actor=people.facilitator.actor, occurrence_id=group.occurrence)
    assert page.lines[0] == Line(goran, "Goran L.", False, ABSENT, 2, "Dana R.", group.during)


def test_one_person_twice_in_one_save_is_refused(people: Everybody, group: Group, session: Database) -> None:
    renee = people.member.id
    with pytest.raises(Invalid):
        save(session, people.facilitator.actor, group, Wanted(renee, PRESENT), Wanted(renee, ABSENT))


def test_only_who_has_the_duty_and_coordinators_take_a_sheet(
    people: Everybody, group: Group, session: Database
) -> None:
    mark = Wanted(people.member.id, PRESENT)
    for somebody in (people.other_facilitator, people.member, people.administrator):
        with pytest.raises(NotFound):
            save(session, somebody.actor, group, mark)
    with pytest.raises(NotFound):
        save(session, SYSTEM, group, mark)
    assert session.scalars(select(Sheet)).all() == []
    assert save(session, people.coordinator.actor, group, mark)[0].outcome is Outcome.APPLIED


def test_a_substitute_takes_the_sheet_and_whom_they_stand_in_for_does_not(
    people: Everybody, group: Group, session: Database
) -> None:
    next_week = factories.occurrence(session, group.series, datetime(2026, 7, 21, 19))
    factories.duty(session, next_week, group.post, people.other_facilitator.id)
    later = Group(group.series, group.post, next_week, group.during + timedelta(days=7))
    mark = Wanted(people.member.id, PRESENT)
    with pytest.raises(NotFound):
        save(session, people.facilitator.actor, later, mark)
    assert save(session, people.other_facilitator.actor, later, mark)[0].outcome is Outcome.APPLIED


def test_a_sheet_takes_no_mark_before_its_day(people: Everybody, group: Group, session: Database) -> None:
    the_day_before = group.during - timedelta(days=1)
    with pytest.raises(Refused, match="opens on the day"):
        save(session, people.facilitator.actor, group, Wanted(people.member.id, PRESENT), now=the_day_before)


def test_a_cancelled_session_takes_no_mark(people: Everybody, group: Group, session: Database) -> None:
    stopped = factories.occurrence(session, group.series, datetime(2026, 7, 7, 19), booked=False)
    factories.duty(session, stopped, group.post)
    cancelled = Group(group.series, group.post, stopped, group.during)
    with pytest.raises(Refused, match="is cancelled"):
        save(session, people.facilitator.actor, cancelled, Wanted(people.member.id, PRESENT))


def test_a_listed_meeting_has_no_sheet(people: Everybody, group: Group, session: Database) -> None:
    listed = factories.occurrence(session, factories.series(session, "Noon break", listed=True))
    with pytest.raises(NotFound):
        save(session, people.coordinator.actor, Group(0, 0, listed, group.during))


def test_a_meeting_counted_by_heads_takes_no_names(
    people: Everybody, meeting: Group, session: Database
) -> None:
    with pytest.raises(Refused):
        save(session, people.other_facilitator.actor, meeting, Wanted(people.member.id, PRESENT))


def test_a_submitted_sheet_takes_a_mark_with_a_reason_and_keeps_what_was_there(
    people: Everybody, group: Group, session: Database
) -> None:
    dana, renee = people.facilitator, people.member
    service.mark_rest(
        session, actor=dana.actor, occurrence_id=group.occurrence, status=Status.PRESENT, now=group.during
    )
    confirming.submit(session, actor=dana.actor, occurrence_id=group.occurrence, now=group.during)
    wanted = Wanted(renee.id, ABSENT, seen=1)
    for reason, said in (
        ("", "This sheet was handed in. Say why it is changed."),
        ("x" * 301, "A reason has at"),
    ):
        with pytest.raises(Invalid, match=said) as refusal:
            save(session, dana.actor, group, wanted, reason=reason)
        assert refusal.value.fields.keys() == {"reason"}
    result = save(session, dana.actor, group, wanted, reason="  The paper says so ")
    assert result[0].outcome is Outcome.APPLIED
    again = save(session, people.coordinator.actor, group, wanted)
    assert again[0].outcome is Outcome.UNCHANGED
    page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
    assert (page.head.submitted_by, page.head.submitted_at) == ("Dana R.", group.during)
    corrected = Change("Renee T.", ABSENT, "Dana R.", group.during, "The paper says so", PRESENT)
    assert page.corrections == (corrected,)
    assert [change for change in page.history if change.short_name == "Renee T."] == [
        corrected,
        Change("Renee T.", PRESENT, "Dana R.", group.during),
    ]


def test_the_audit_tells_who_marked_how_many_and_names_nobody(
    people: Everybody, group: Group, session: Database
) -> None:
    save(session, people.facilitator.actor, group, Wanted(people.member.id, PRESENT))
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "sheet.marked")).one()
    assert (entry.actor, entry.subject, entry.subject_id, entry.person_id, entry.detail) == (
        people.facilitator.id,
        "sheet",
        group.occurrence,
        None,
        {"marks": 1},
    )
