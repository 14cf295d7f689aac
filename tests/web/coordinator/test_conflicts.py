"""All conflicts ahead, and ending each of them in one click."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.places.models import Room
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.apart import keep_apart
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.privacy.limiting import limit_role
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.domain.planning.center import FIRST, TUESDAYS, Center
from tests.domain.planning.shut import close, lift
from tests.domain.planning.test_added_and_skipped import change
from tests.web.coordinator.desk import Desk, text_of, toasts

PAGE = "/coordinator/conflicts"
SOLVE, UNDO = f"{PAGE}/solve", "/coordinator/plan/undo"
FOUR_TIMES = replace(TUESDAYS, count=4)


def buttons(html: str) -> dict[str, str]:
    """What each remedy says, with what it sends."""
    found = re.findall(r'name="remedy" value="([^"]+)"[^>]*>([^<]+)<', html)
    return {text: value for value, text in found}


def unsolved(center: Center, **both: object) -> tuple[int, int]:
    """Two series that collide four times over, as a horizon leaves them: nobody decided so."""
    words = {"rule": FOUR_TIMES, "override": "x"}
    first = center.make(title="Morning talk", members=[center.people.member.id], **words, **both).series_id
    second = center.make(title="Cooking", **words, **both).series_id
    with center.sessions() as session, transaction(session):
        for table in (Occurrence, Duty):
            session.execute(update(table).values(override_reason=""))
    return first, second


def shown(desk: Desk, **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return text_of(desk.get(f"{PAGE}?{asked}"))


def test_the_page_is_unlit_where_nothing_collides(desk: Desk, center: Center) -> None:
    center.make(leads=[center.people.facilitator.id])
    assert "Nothing collides" in shown(desk)


def test_the_same_two_week_after_week_are_told_once(desk: Desk, center: Center) -> None:
    unsolved(center)
    html = desk.get(PAGE)
    assert html.count('class="list clash"') == 1
    for words in (
        "1 to solve in the next 26 weeks.",
        "Elm Street, room 2 on Tuesday, July 21, 7:00 to 8:30 PM In 6 days 4 times, until Tuesday, August 11",
        "Morning talk 7:00 to 8:30 PM, Elm Street, room 2",
    ):
        assert words in text_of(html)
    assert list(buttons(html)) == [
        "Cooking in Elm Street, room 3 (holds 10)",
        "Morning talk in Elm Street, room 3 (holds 10)",
        "Cooking at 8:30 PM",
        "Keep both",
    ]


def test_another_room_for_all_times_and_back(desk: Desk, center: Center) -> None:
    _, second = unsolved(center)
    remedy = buttons(desk.get(PAGE))["Cooking in Elm Street, room 3 (holds 10)"]
    after = desk.saved(PAGE, SOLVE, remedy=remedy, scope="all")
    assert toasts(after) == ["Done: 4 sessions were changed."]
    assert {each.room_id for each in center.occurrences(second)} == {center.other_room}
    assert center.last_audit() == ("conflict.solved", "series", second)
    assert "Nothing collides" in text_of(after)
    assert desk.send_from(after, UNDO, toast=True).status_code == 303
    assert {each.room_id for each in center.occurrences(second)} == {center.room}


def test_another_time_for_the_next_one_alone(desk: Desk, center: Center) -> None:
    _, second = unsolved(center)
    remedy = buttons(desk.get(PAGE))["Cooking at 8:30 PM"]
    after = desk.saved(PAGE, SOLVE, remedy=remedy)
    assert toasts(after) == ["Done: 1 session was changed."]
    assert center.starts(second)[:2] == [FIRST.replace(hour=20, minute=30), FIRST + timedelta(weeks=1)]
    assert "3 times, until Tuesday, August 11" in text_of(after)


def test_somebody_who_is_free_leads_instead(desk: Desk, center: Center) -> None:
    people = center.people
    _, second = unsolved(center, room_id=None, leads=[people.facilitator.id])
    offered = buttons(desk.get(PAGE))
    assert "Dana R. leads two sessions on Tuesday, July 21, 7:00 to 8:30 PM" in shown(desk)
    desk.saved(PAGE, SOLVE, remedy=offered["Femi A. leads Cooking (free)"], scope="all")
    assert {person for _, person in center.leaders(second)} == {people.other_facilitator.id}
    assert "Nothing collides" in shown(desk)


def test_both_are_kept_with_a_reason_that_stays_visible(desk: Desk, center: Center) -> None:
    unsolved(center)
    keep = buttons(desk.get(PAGE))["Keep both"]
    assert desk.send(PAGE, SOLVE, remedy=keep).status_code == 422
    desk.saved(PAGE, SOLVE, remedy=keep, reason="The wall opens.", scope="all")
    assert "0 to solve" in shown(desk)
    assert "Why both: The wall opens." in shown(desk, show="overridden")


def test_what_is_overridden_can_be_solved_all_the_same(desk: Desk, center: Center) -> None:
    words = {"rule": FOUR_TIMES}
    center.make(title="Morning talk", **words)
    second = center.make(title="Cooking", override="The wall opens.", **words).series_id
    page = f"{PAGE}?show=overridden"
    offered = buttons(desk.get(page))
    assert "Keep both" not in offered
    kept = desk.send(page, SOLVE, remedy=f"keep:{second}:0", reason="Again", scope="all")
    assert kept.status_code == 409
    after = desk.saved(page, SOLVE, remedy=offered["Cooking in Elm Street, room 3 (holds 10)"], scope="all")
    assert toasts(after) == ["Done: 4 sessions were changed."]
    assert {(each.room_id, each.override_reason, each.exclusive) for each in center.occurrences(second)} == {
        (center.other_room, "", True)
    }
    assert "Nothing collides" in shown(desk)


def test_somebody_who_is_wanted_elsewhere_is_enrolled_with_a_warning(desk: Desk, center: Center) -> None:
    member = center.people.member.id
    center.make(title="Talk", members=[member], rule=FOUR_TIMES)
    series = center.make(title="Cooking", room_id=center.other_room, rule=FOUR_TIMES).series_id
    page = f"/coordinator/series/{series}?find=Renee"
    after = desk.saved(
        page,
        f"/coordinator/series/{series}/enrollments",
        **{"enroll-person": str(member), "enroll-from_date": "2026-07-20"},
    )
    assert toasts(after) == ["Enrolled.", "1 member has something else at that time."]


def test_what_changed_meanwhile_is_not_touched(desk: Desk, center: Center) -> None:
    _, second = unsolved(center)
    html = desk.get(PAGE)
    row = center.occurrences(second)[0]
    center.do(
        move_occurrence,
        occurrence_id=row.id,
        revision=row.revision,
        local_start=row.local_start + timedelta(minutes=5),
        room_id=row.room_id,
        reason="Bus",
        override="x",
    )
    remedy = buttons(html)["Cooking in Elm Street, room 3 (holds 10)"]
    answer = desk.send_from(html, SOLVE, remedy=remedy)
    assert answer.status_code == 409
    assert "Somebody changed this in the meantime." in text_of(answer.text)
    assert {each.room_id for each in center.occurrences(second)} == {center.room}


def test_members_are_warned_of_and_put_off(desk: Desk, center: Center) -> None:
    member = center.people.member.id
    center.make(title="Talk", room_id=center.room, members=[member], rule=FOUR_TIMES)
    center.make(title="Cooking", room_id=center.other_room, members=[member], rule=FOUR_TIMES)
    html = desk.get(PAGE)
    assert "Members wanted twice Renee T.: in both on Tuesday, July 21, 7:00 to 8:30 PM" in text_of(html)
    assert [text.partition(" at ")[2] or text for text in buttons(html)] == ["8:30 PM", "Keep both"]
    out = re.findall(r'href="(/coordinator/series/\d+)#members">(Take [^<]+)<', html)
    assert [text for _, text in out] == ["Take Renee T. out of Talk", "Take Renee T. out of Cooking"]
    assert all("Renee T." in text_of(desk.get(page)) for page, _ in out)
    desk.saved(PAGE, SOLVE, remedy=next(iter(buttons(html).values())), scope="all")
    assert "Nothing collides" in shown(desk)


def test_two_who_are_kept_apart_are_named_without_a_reason(desk: Desk, center: Center) -> None:
    one, other = center.people.member.id, center.people.other_member.id
    center.make(members=[one, other])
    center.do(keep_apart, person_id=one, other_id=other)
    html = desk.get(PAGE)
    assert "Renee T. and Marcus T. are kept apart, and both are here" in text_of(html)
    assert "not why they are kept apart" in text_of(html)
    assert list(buttons(html)) == ["Keep both"]
    after = desk.saved(PAGE, SOLVE, remedy=buttons(html)["Keep both"], reason="Two rooms.", scope="all")
    assert toasts(after) == ["Kept, for 26 times."]
    assert "0 to solve" in shown(desk)
    assert center.last_audit() == ("apart.kept", "series", center.rows(Series)[0].id)
    page = f"{PAGE}?show=overridden"
    text = shown(desk, show="overridden")
    assert "Renee T. and Marcus T. are kept apart, and both are here" in text
    assert "Why both: Two rooms." in text
    desk.saved(page, SOLVE, remedy=buttons(desk.get(page))["Take it back"], scope="next")
    kept = [entry for entry in center.rows(AuditEntry) if entry.action.startswith("apart.kept")]
    assert [entry.action for entry in kept] == ["apart.kept", "apart.kept_no_more"]
    assert "Two rooms" not in repr([entry.detail for entry in kept])
    assert "1 to solve" in shown(desk)
    assert "25 times" in shown(desk, show="overridden")


def test_members_are_kept_at_both_with_a_reason_until_something_is_new(desk: Desk, center: Center) -> None:
    member, other = center.people.member.id, center.people.other_member.id
    words = {"rule": FOUR_TIMES, "members": [member]}
    talk = center.make(title="Talk", **words).series_id
    cooking = center.make(title="Cooking", room_id=center.other_room, **words).series_id
    before = [(row.revision, row.changed_at) for row in center.rows(Occurrence)], center.revisions()
    keep = buttons(desk.get(PAGE))["Keep both"]
    assert desk.send(PAGE, SOLVE, remedy=keep).status_code == 422
    after = desk.saved(PAGE, SOLVE, remedy=keep, reason="She leaves early.", scope="next")
    assert (toasts(after), "3 times" in text_of(after)) == (["Kept, for 1 time."], True)
    stale = after
    after = desk.saved(PAGE, SOLVE, remedy=keep, reason="She leaves early.", scope="all")
    assert "0 to solve" in text_of(after)
    assert center.last_audit() == ("conflict.kept", "series", cooking)
    assert desk.send_from(stale, SOLVE, remedy=keep, reason="Again").status_code == 409
    text = shown(desk, show="overridden")
    assert "Renee T.: in both on Tuesday, July 21, 7:00 to 8:30 PM" in text
    assert "4 times, until Tuesday, August 11" in text
    assert "Why both: She leaves early." in text
    assert ([(row.revision, row.changed_at) for row in center.rows(Occurrence)], center.revisions()) == before
    assert desk.send_from(after, UNDO, toast=True).status_code == 303
    assert "3 times, until" in shown(desk)
    desk.saved(PAGE, SOLVE, remedy=keep, reason="She leaves early.", scope="all")
    # Who joins is told anew, and so is what was moved to another time at which both still meet.
    for series in (talk, cooking):
        center.do(enroll, series_id=series, person_id=other, from_date=FIRST.date())
    row = center.occurrences(talk)[0]
    moved = {"occurrence_id": row.id, "revision": row.revision, "room_id": row.room_id, "reason": "Bus"}
    center.do(move_occurrence, local_start=row.local_start + timedelta(minutes=5), **moved)
    text = shown(desk)
    assert "Marcus T., Renee T.: in both on Tuesday, July 21" in text
    assert "4 times" in text
    page = f"{PAGE}?show=overridden"
    assert "3 times" in shown(desk, show="overridden")
    after = desk.saved(page, SOLVE, remedy=buttons(desk.get(page))["Take it back"], scope="all")
    assert toasts(after) == ["Taken back: it is to be solved again."]
    assert shown(desk).count("Marcus T., Renee T.: in both") == 1
    assert "Nothing is overridden" in shown(desk, show="overridden")
    assert desk.send_from(after, UNDO, toast=True).status_code == 303
    assert "Why both: She leaves early." in shown(desk, show="overridden")


def test_what_a_facilitator_attends_is_only_busy(desk: Desk, center: Center) -> None:
    both = center.do(make_person, name="Yusuf Both", email=None, roles=[Role.FACILITATOR, Role.MEMBER])
    center.make(title="Talk", leads=[both])
    lead = center.people.facilitator.id
    center.make(title="Secret circle", room_id=center.other_room, leads=[lead], members=[both])
    text = shown(desk)
    assert "Yusuf B. leads here and is busy on Tuesday, July 21" in text
    assert "Secret circle" not in text


def limited_to(site: int, center: Center, clients: Clients) -> Desk:
    """The coordinator, for one site only from now on."""
    who = center.people.coordinator
    words = {"person_id": who.id, "now": center.now}
    with center.sessions() as session, transaction(session):
        limit_role(session, actor=SYSTEM, role=Role.COORDINATOR, sites=[site], **words)
        secret = begin_sign_in(session, lasts=timedelta(days=1), **words)
    return Desk(clients(replace(who, secret=secret)))


def test_a_coordinator_of_one_site_sees_and_changes_only_that(
    desk: Desk, center: Center, clients: Clients
) -> None:
    site = center.do(make_site, site=SiteDraft("Oak Hill", "America/New_York"))
    barn = center.do(make_room, room=RoomDraft("barn", site))
    lead = center.people.facilitator.id
    _, second = unsolved(center)
    shared = {"leads": [lead], "override": "x", "first_start": FIRST + timedelta(days=1)}
    center.make(title="Elm talk", room_id=center.room, **shared)
    ours = center.make(title="Barn talk", room_id=barn, **shared).series_id
    with center.sessions() as session, transaction(session):
        session.execute(update(Duty).values(override_reason=""))
    everything = desk.get(PAGE)
    here = limited_to(site, center, clients)
    html = here.get(PAGE)
    assert "1 to solve" in text_of(html)
    assert "Dana R. leads here and is busy" in text_of(html)
    assert "Elm" not in text_of(html)
    sent = {"remedy": buttons(everything)["Cooking in Elm Street, room 3 (holds 10)"]}
    assert here.send_from(everything, SOLVE, csrf_token=here.token(), **sent).status_code == 409
    assert {each.room_id for each in center.occurrences(second)} == {center.room}
    remedy = buttons(html)["Femi A. leads Barn talk (free)"]
    other = center.people.other_facilitator.id
    with center.sessions() as session, transaction(session):
        elsewhere = session.scalars(select(Room.site_id).where(Room.id == center.room)).one()
        limit = {"person_id": other, "role": Role.FACILITATOR, "now": center.now}
        limit_role(session, actor=SYSTEM, sites=[elsewhere], **limit)
    assert here.send_from(html, SOLVE, remedy=remedy).status_code == 422
    with center.sessions() as session, transaction(session):
        limit_role(session, actor=SYSTEM, sites=[], **limit)
    here.saved(PAGE, SOLVE, remedy=remedy, scope="all")
    assert {person for _, person in center.leaders(ours)} == {center.people.other_facilitator.id}


def test_nobody_but_coordinators_finds_it(center: Center, clients: Clients) -> None:
    people = center.people
    for someone in (people.member, people.facilitator, people.other_facilitator, people.administrator):
        assert clients(someone).get(PAGE).status_code == 404
    assert clients(people.outsider).get(PAGE).location.startswith("/sign-in")


@pytest.mark.parametrize(
    "sent",
    [{}, {"key": "room-1-2-3", "remedy": "room:x:1"}, {"key": "room-1-1-2", "remedy": "later:1:2000000000"}],
)
def test_what_no_button_sends_is_not_there(desk: Desk, sent: dict[str, str]) -> None:
    answer = desk.client.post(SOLVE, data={"csrf_token": desk.token(), **sent})
    assert answer.status_code == 404


def test_sessions_without_anybody_to_lead_stand_below(desk: Desk, center: Center) -> None:
    center.make(title="Talk", rule=FOUR_TIMES)
    assert "Nobody leads yet 7:00 PM Talk Tuesday, July 21, 4 times, until Tuesday, August 11." in shown(desk)


def test_filters_stand_in_the_address(desk: Desk, center: Center) -> None:
    unsolved(center)
    assert "1 to solve" in shown(desk, kind="room")
    assert "0 to solve" in shown(desk, kind="member")
    assert "1 to solve" in shown(desk, kind="nonsense", site="x", page="-3")


def test_what_is_left_over_is_told_with_its_cause_and_leads_to_its_session(
    desk: Desk, center: Center
) -> None:
    group = center.make().occurrences
    moved = {"local_start": FIRST + timedelta(days=8), "room_id": center.other_room, "reason": "Paint"}
    center.do(move_occurrence, occurrence_id=group[1], revision=1, **moved)
    change(
        center, center.occurrence(group[0]).series_id, rule={"skipped": (FIRST.date() + timedelta(days=7),)}
    )
    shut = close(center).closure_id
    assert "Left over" in shown(desk)
    assert "What stopped it is over" not in shown(desk)
    center.make(title="Visit", kind=Kind.MEDICATION, rule=SINGLE)  # goes on: nobody was asked about it
    lift(center, shut)
    _, _, told = shown(desk).partition("Left over")
    taken = "What stopped it is over, but its room or who leads was taken by then."
    changed = "Its series meets at another time now, and something hangs on this one."
    assert [text.strip() for text in told.split("7:00 PM ")[1:]] == [
        f"Tuesday evening group Tuesday, July 21. {taken}",
        f"Tuesday evening group Wednesday, July 29. {changed}",
    ]
    assert desk.get(PAGE).count(f'href="/coordinator/occurrences/{group[0]}"') == 1
    page = f"/coordinator/occurrences/{group[0]}"
    desk.saved(page, f"{page}/restore", **{"restore-override_reason": "Only once"})
    assert "What stopped it is over" not in shown(desk)
