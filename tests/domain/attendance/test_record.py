"""What a submitted sheet keeps of how its session was held, and how that is corrected."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.confirming import CHANGED, Confirmed, correct_record, submit
from scheduler.domain.attendance.held import Led, Record, There, records_of
from scheduler.domain.attendance.lasting import Span, Way
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.models import SheetRecord
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.people.credentials import CredentialView, Draft, correct_credential, give_credential
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.places.models import Site
from scheduler.domain.privacy.erase import erase
from scheduler.domain.privacy.export import held_about
from scheduler.domain.privacy.limiting import limit_role
from scheduler.domain.roster.models import Duty
from scheduler.errors import Conflict, Invalid, Refused
from tests.support import factories
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody

END = AT_SEVEN + timedelta(minutes=90)
AFTER = END + timedelta(minutes=2)
TOLD = Span(AT_SEVEN + timedelta(minutes=5), END + timedelta(minutes=10), 10)


@pytest.fixture
def dana(people: Everybody, group: Group) -> dict[str, Any]:
    return {"actor": people.facilitator.actor, "occurrence_id": group.occurrence, "now": AFTER}


def mark(
    session: Database, dana: dict[str, Any], person: int, value: Value, seen: int = 0, why: str = ""
) -> None:
    [saved] = service.save_marks(session, **dana, marks=[Wanted(person, value, seen=seen)], reason=why)
    assert saved.outcome == "applied"


def both_marked(session: Database, people: Everybody, dana: dict[str, Any]) -> None:
    """Renee is 20 minutes late, Marcus is there."""
    mark(session, dana, people.member.id, Value(Status.LATE, late_minutes=20))
    mark(session, dana, people.other_member.id, Value(Status.PRESENT))


def test_it_keeps_who_led_with_the_credentials_of_that_day_and_what_counts_for_each(
    people: Everybody, group: Group, dana: dict[str, Any], session: Database
) -> None:
    femi, odile = people.other_facilitator, people.coordinator.actor
    lcsw = Draft("LCSW", "123", date(2025, 1, 1), date(2026, 7, 14))
    first = give_credential(session, actor=odile, person_id=femi.id, draft=lcsw, now=AFTER)
    over = Draft("CADC", "9", valid_until=date(2026, 7, 13))
    give_credential(session, actor=odile, person_id=femi.id, draft=over, now=AFTER)
    both_marked(session, people, dana)
    service.count_walk_ins(session, **dana, number=1, seen=0)
    stepped_in = Confirmed((femi.id,), TOLD, {people.other_member.id: Way.VIDEO})
    assert submit(session, **dana, confirmed=stepped_in).stands
    wrong = replace(lcsw, number="124")
    correct_credential(session, actor=odile, person_id=femi.id, credential_id=first, draft=wrong, now=AFTER)
    kept = CredentialView(first, femi.id, "LCSW", "123", date(2025, 1, 1), date(2026, 7, 14))
    [record] = records_of(session, group.occurrence)
    assert record == Record(
        revision=1,
        span=TOLD,
        counted=True,
        present=3,
        by="Dana R.",
        at=AFTER,
        reason="",
        leads=(Led(femi.id, "Femi A.", (kept,)),),
        there={people.member.id: There(Way.ROOM, 70), people.other_member.id: There(Way.VIDEO, 85)},
    )
    duties = session.scalars(select(Duty.person_id).where(Duty.occurrence_id == group.occurrence))
    assert list(duties) == [people.facilitator.id], "who was planned stays as it was planned"


def test_as_planned_is_what_it_says_where_nothing_is_confirmed(
    people: Everybody, group: Group, dana: dict[str, Any], session: Database
) -> None:
    both_marked(session, people, dana)
    submit(session, **dana)
    [record] = records_of(session, group.occurrence)
    assert (record.span, record.leads) == (Span(AT_SEVEN, END), (Led(people.facilitator.id, "Dana R."),))
    assert [there.minutes for there in record.there.values()] == [70, 90]


def test_minutes_follow_a_corrected_mark_and_what_stood_is_kept(
    people: Everybody, group: Group, dana: dict[str, Any], session: Database
) -> None:
    renee, marcus = people.member.id, people.other_member.id
    both_marked(session, people, dana)
    submit(session, **dana, confirmed=Confirmed((people.facilitator.id,), TOLD, way=Way.VIDEO))
    mark(session, dana, renee, Value(Status.LEFT_EARLY, left_minutes=30), 1, "She told me")
    mark(session, dana, marcus, Value(Status.ABSENT), 1, "It was another Marcus")
    service.count_walk_ins(session, **dana, number=4, seen=0, reason="Guests")
    last, *before = records_of(session, group.occurrence)
    assert last.there == {renee: There(Way.VIDEO, 45)}
    assert [(each.revision, each.present, each.reason) for each in (last, *before)] == [
        (4, 5, "Guests"),
        (3, 1, "It was another Marcus"),
        (2, 2, "She told me"),
        (1, 2, ""),
    ]
    assert all(each.says_as(last) for each in before)


def test_how_it_was_held_is_corrected_with_a_reason_over_what_was_seen(
    people: Everybody, group: Group, dana: dict[str, Any], session: Database
) -> None:
    both_marked(session, people, dana)
    planned = Confirmed((people.facilitator.id,), Span(AT_SEVEN, END))
    shorter = replace(planned, span=replace(planned.span, breaks=15))
    with pytest.raises(Refused):
        correct_record(session, **dana, confirmed=shorter, seen=0, reason="Too early")
    submit(session, **dana)
    with pytest.raises(Invalid) as unsaid:
        correct_record(session, **dana, confirmed=shorter, seen=1, reason=" ")
    assert list(unsaid.value.fields) == ["reason"]
    correct_record(session, **dana, confirmed=planned, seen=1, reason="Nothing")
    correct_record(session, **dana, confirmed=shorter, seen=1, reason="We had tea")
    with pytest.raises(Conflict):
        correct_record(session, **dana, confirmed=planned, seen=1, reason="No tea")
    last, first = records_of(session, group.occurrence)
    assert (last.span.breaks, last.reason, first.span.breaks, last.says_as(first)) == (
        15,
        "We had tea",
        0,
        False,
    )
    assert last.there[people.member.id].minutes == 55


def test_the_first_who_submits_stands_and_the_second_is_told(
    people: Everybody, group: Group, dana: dict[str, Any], session: Database
) -> None:
    both_marked(session, people, dana)
    submit(session, **dana)
    odile = dana | {"actor": people.coordinator.actor}
    assert submit(session, **odile, confirmed=Confirmed((people.facilitator.id,), Span(AT_SEVEN, END))).stands
    assert not submit(session, **odile, confirmed=Confirmed((people.facilitator.id,), TOLD)).stands
    assert session.scalar(select(func.count()).select_from(SheetRecord)) == 1


def test_a_sheet_that_says_something_else_by_now_is_looked_at_again(
    people: Everybody, dana: dict[str, Any], session: Database
) -> None:
    both_marked(session, people, dana)
    seen = queries.short_sheet(session, actor=dana["actor"], occurrence_id=dana["occurrence_id"]).state
    mark(session, dana, people.member.id, Value(Status.ABSENT), 1)
    with pytest.raises(Conflict) as stale:
        submit(session, **dana, seen=seen)
    assert str(stale.value) == CHANGED


def test_nobody_is_said_to_have_led_who_leads_at_other_sites_or_not_at_all(
    people: Everybody, dana: dict[str, Any], session: Database
) -> None:
    both_marked(session, people, dana)
    elsewhere = Site(name="Oak Hill", timezone="America/New_York", changed_at=AFTER)
    session.add(elsewhere)
    session.flush()
    femi = people.other_facilitator.id
    limit_role(session, actor=SYSTEM, person_id=femi, role=Role.FACILITATOR, sites=[elsewhere.id], now=AFTER)
    for somebody in (people.member.id, femi, 999_999):
        with pytest.raises(Invalid) as refusal:
            submit(session, **dana, confirmed=Confirmed((somebody,), TOLD))
        assert refusal.value.fields == {"leads": "Choose somebody who leads here."}


@pytest.mark.parametrize(("kind", "counting"), [("mutual_help", "names"), ("group", "heads")])
def test_mutual_help_and_heads_keep_no_such_thing(
    people: Everybody, session: Database, kind: str, counting: str
) -> None:
    series = factories.series(session, kind=kind, counting=counting)
    post = factories.post(session, series, people.facilitator.id)
    occurrence = factories.occurrence(session, series)
    factories.duty(session, occurrence, post)
    dana = {"actor": people.facilitator.actor, "occurrence_id": occurrence, "now": AFTER}
    if counting == "heads":
        service.set_headcount(session, **dana, number=5, seen=None)
    submit(session, **dana)
    assert records_of(session, occurrence) == ()


def test_names_alone_keep_who_led_and_no_minutes(people: Everybody, session: Database) -> None:
    series = factories.series(session, counting="names")
    factories.enrollment(session, series, people.member.id)
    occurrence = factories.occurrence(session, series)
    odile = {"actor": people.coordinator.actor, "occurrence_id": occurrence, "now": AFTER}
    service.mark_rest(session, **odile, status=Status.PRESENT)
    submit(session, **odile)
    [record] = records_of(session, occurrence)
    assert (record.counted, record.leads, record.there) == (
        False,
        (),
        {people.member.id: There(Way.ROOM, None)},
    )


def test_erasing_empties_numbers_and_reasons_and_an_export_has_what_counted(
    people: Everybody, group: Group, dana: dict[str, Any], session: Database
) -> None:
    draft = Draft("LCSW", "123")
    give_credential(session, actor=SYSTEM, person_id=people.facilitator.id, draft=draft, now=AFTER)
    both_marked(session, people, dana)
    submit(session, **dana)
    mark(session, dana, people.member.id, Value(Status.ABSENT), 1, "Renee Tamm was away")
    held = held_about(session, people.other_member.id, now=AFTER).tables["attended"]
    assert [(row["way"], row["minutes"]) for row in held] == [("room", 90), ("room", 90)]
    led = held_about(session, people.facilitator.id, now=AFTER).tables
    assert (len(led["record_lead"]), led["credential"][0]["number"]) == (2, "123")
    for person in (people.member.id, people.facilitator.id):
        erase(session, actor=SYSTEM, person_id=person, now=AFTER, kept_until=date(2033, 1, 1))
    last, _ = records_of(session, group.occurrence)
    assert last.reason == "Erased person"
    assert [(each.short_name, each.credentials[0].number) for each in last.leads] == [("Erased person", "")]
