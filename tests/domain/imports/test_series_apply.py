"""Lists of series taken over and taken back: what is new, the same, in the way, in use; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.models import Sheet
from scheduler.domain.calendars.sources import Wording
from scheduler.domain.calendars.values import Single
from scheduler.domain.imports.hindrance import ELSEWHERE, Hindrance
from scheduler.domain.imports.judging import Choice, Outcome
from scheduler.domain.imports.models import ImportBatch, ImportedSeries
from scheduler.domain.imports.queries import Made, series_made_by
from scheduler.domain.imports.series_columns import SERIES
from scheduler.domain.imports.series_export import export_calendar, export_series
from scheduler.domain.imports.series_used import CHANGED, JOINED, MOVED, RECORDED
from scheduler.domain.imports.stage import choose
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.models import Room, Site
from scheduler.domain.planning.closing import close_place
from scheduler.domain.planning.closing_plan import Choice as Wish
from scheduler.domain.planning.closing_plan import Does
from scheduler.domain.planning.closure_drafts import ClosureDraft, all_but_medication
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import keep_holidays
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.reach import Reach
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import Refused
from scheduler.store.audit import AuditEntry
from scheduler.store.revisions import CalendarRevision
from scheduler.store.transaction import transaction
from tests.domain.imports.lists import TODAY, Desk
from tests.domain.imports.test_undo import content
from tests.support import factories
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
HEADING = "Title | Kind | Day | Time | Length | Site | Room | Lead"


@pytest.fixture
def plan(desk: Desk, sessions: Sessions) -> Desk:
    """A desk for lists of series, at a center with two rooms at one site and one at another."""
    with sessions() as session, transaction(session):
        factories.room(session, "Room 1")
        factories.room(session, "Room 2")
        factories.room(session, "Room 1", site="Oak Hill")
    return replace(desk, kind=SERIES)


def told(desk: Desk, batch: int) -> list[tuple[Outcome, str]]:
    return [
        (row.outcome, " ".join((*row.effect.reasons, *row.effect.remarks))) for row in desk.look(batch).rows
    ]


def test_a_row_becomes_a_series_with_its_leader_and_its_dates(
    plan: Desk, people: Everybody, sessions: Sessions
) -> None:
    batch = plan.take(
        HEADING,
        f"Evening group | Group | Tue/Thu | 7 PM | 90 | Elm Street | Room 1 | {people.facilitator.name}",
    )
    with sessions() as session:
        made = session.scalars(select(Series)).one()
        assert (made.title, made.kind, made.rule, made.first_start, made.duration, made.timezone) == (
            "Evening group",
            "group",
            "FREQ=WEEKLY;BYDAY=TU,TH",
            datetime(2026, 7, 16, 19),
            90,
            "America/New_York",
        )
        post = session.scalars(select(Post)).one()
        assert (post.person_id, post.position, post.from_date) == (
            people.facilitator.id,
            "lead",
            date(2026, 7, 16),
        )
        assert len(session.scalars(select(Occurrence.id)).all()) == 52
        assert len(session.scalars(select(Duty.id)).all()) == 52
        kept = session.scalars(select(ImportedSeries)).one()
        assert (kept.batch_id, kept.number, kept.series_id, kept.revision_after) == (batch, 2, made.id, 1)
        found = session.get_one(ImportBatch, batch)
        assert (found.source, found.counts) == (None, {"rows": 1, "new": 1, "changed": 0, "left_out": 0})
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "import.applied")).one()
        assert entry.subject_id == batch


def test_the_same_list_again_is_the_same_and_what_differs_is_asked_about(
    plan: Desk, people: Everybody
) -> None:
    row = f"Evening group | Group | Tuesday | 7 PM | 90 | Elm Street | Room 1 | {people.facilitator.name}"
    plan.take(HEADING, row)
    assert told(plan, plan.bring(HEADING, row)) == [(Outcome.SAME, "")]
    assert told(plan, plan.bring(HEADING, "evening group | | Tue | 19:00 | 1:30 | | | ")) == [
        (Outcome.SAME, "")
    ]
    other = plan.bring(HEADING, row.replace("90", "60"), choices={})
    judged = plan.look(other).rows[0]
    assert (judged.outcome, [(each.field, each.old, each.new) for each in judged.effect.changes]) == (
        Outcome.DUPLICATE,
        [("length", "90", "60")],
    )
    with pytest.raises(Refused, match="nothing to do"):
        plan.apply(other)


def test_what_a_row_names_must_be_there_once(plan: Desk) -> None:
    batch = plan.bring(
        HEADING,
        "A | | Monday | 9 AM | 60 | Elm Street | Room 9 | ",
        "B | | Monday | 9 AM | 60 | | Room 1 | ",
        "C | | Monday | 9 AM | 60 | Attic | | ",
        "D | | Monday | 9 AM | 60 | | | Nobody",
        "E | | Monday | 9 AM | 60 | | Oak Hill, Room 1 | ",
        "F | | Tuesday | 9 AM | 60 | | Oak Hill Room 1 | ",
    )
    assert told(plan, batch) == [
        (Outcome.REFUSED, "There is no room “Room 9” at Elm Street. There are: Room 1, Room 2."),
        (
            Outcome.REFUSED,
            "Several rooms are called “Room 1”: Elm Street, Room 1, Oak Hill, Room 1. Name the site.",
        ),
        (Outcome.REFUSED, "There is no site “Attic”. There are: Elm Street, Oak Hill."),
        (Outcome.REFUSED, "There is no facilitator “Nobody”."),
        (Outcome.NEW, ""),
        (Outcome.NEW, ""),
    ]
    without = [row.could_do_without for row in plan.look(batch).rows]
    assert without == [True, True, False, True, False, False]


def test_what_is_taken_refuses_a_row_unless_a_reason_is_given(
    plan: Desk, people: Everybody, sessions: Sessions
) -> None:
    plan.take(
        HEADING, f"Evening group | | Tuesday | 7 PM | 90 | Elm Street | Room 1 | {people.facilitator.name}"
    )
    lines = (
        "Choir | | Tuesday | 8 PM | 60 | Elm Street | Room 1 | ",
        "Knitting | | Tuesday | 8 PM | 60 | Elm Street | Room 2 | ",
        f"Cooking | | Tuesday | 8:30 PM | 60 | Elm Street | Room 2 | {people.facilitator.name}",
        f"Chess | | Tuesday | 7 PM | 60 | | | {people.facilitator.name}",
    )
    batch = plan.bring(HEADING, *lines)
    at = "is taken on July 21, 7:00 to 8:30 PM: Evening group."
    outcomes = told(plan, batch)
    assert [outcome for outcome, _ in outcomes] == [
        Outcome.REFUSED,
        Outcome.NEW,
        Outcome.REFUSED,
        Outcome.REFUSED,
    ]
    assert outcomes[0][1].startswith(f"Elm Street, Room 1 {at}")
    assert outcomes[2][1] == "Elm Street, Room 2 is taken by row 3 of this list."
    assert outcomes[3][1].startswith(f"Dana R. {at}")
    with sessions() as session, transaction(session):
        choose(session, batch_id=batch, revision=3, choices={}, reasons={2: "Both are small", 4: " "})
    assert [row.outcome for row in plan.look(batch).rows][:3] == [Outcome.NEW, Outcome.NEW, Outcome.REFUSED]
    done = plan.apply(batch)
    assert (done.new, [row.draft.number for row in done.left_out]) == (2, [4, 5])
    with sessions() as session:
        choir = session.scalars(select(Series.id).where(Series.title == "Choir")).one()
        held = session.execute(
            select(Occurrence.exclusive, Occurrence.override_reason)
            .where(Occurrence.series_id == choir)
            .distinct()
        ).all()
        assert held == [(False, "Both are small")]


def test_rows_like_each_other_are_asked_about(plan: Desk, sessions: Sessions) -> None:
    lines = ("A | | Monday | 9 AM | 60 | | | ", "a | | Mondays | 09:00 | 60 | | | ")
    batch = plan.bring(HEADING, *lines)
    assert [(row.outcome, row.twin) for row in plan.look(batch).rows] == [
        (Outcome.NEW, None),
        (Outcome.DUPLICATE, 2),
    ]
    assert plan.apply(plan.bring(HEADING, *lines, choices={3: Choice.NEW})).new == 2


def test_who_is_limited_to_sites_names_one_of_theirs(
    plan: Desk, people: Everybody, sessions: Sessions
) -> None:
    with sessions() as session:
        elm = session.scalars(select(Site.id).where(Site.name == "Elm Street")).one()
    only = Actor(people.coordinator.id, None, frozenset({Role.COORDINATOR}))
    there = replace(plan, reach=Reach(only, frozenset({elm}), on=TODAY))
    batch = there.bring(
        HEADING, "A | | Monday | 9 AM | 60 | Oak Hill | | ", "B | | Monday | 9 AM | 60 | | Room 1 | "
    )
    assert told(there, batch) == [
        (Outcome.REFUSED, "There is no site “Oak Hill”. There are: Elm Street."),
        (Outcome.NEW, ""),
    ]


def test_a_file_ends_at_one_s_sites(plan: Desk, people: Everybody, sessions: Sessions) -> None:
    plan.take(HEADING, "A | | Monday | 9 AM | 60 | Oak Hill | Room 1 | ", "B | | Monday | 9 AM | 60 | | | ")
    actor = people.coordinator.actor
    with sessions() as session, transaction(session):
        elm = session.scalars(select(Site.id).where(Site.name == "Elm Street")).one()
        reach = Reach(actor, frozenset({elm}), on=TODAY)
        words: dict[str, Any] = {"actor": actor, "reach": reach, "today": TODAY, "now": plan.now}
        table = export_series(session, kind="csv", **words)
        content = export_calendar(session, wording=Wording(), **words)
    assert [row[0] for row in table.rows] == ["B"]
    assert [entry.details.title for entry in content.entries if not isinstance(entry, Single)] == ["B"]


def test_all_of_it_is_taken_back_and_nothing_else_changed(
    plan: Desk, people: Everybody, sessions: Sessions
) -> None:
    left = {"imported_series", "calendar_revision"}

    def stands() -> dict[str, list[object]]:
        return {name: rows for name, rows in content(sessions).items() if name not in left}

    before = stands()
    batch = plan.take(
        HEADING,
        f"Evening group | | Tuesday | 7 PM | 90 | Elm Street | Room 1 | {people.facilitator.name}",
        "Choir | | Tuesday | 7 PM | 60 | Elm Street | Room 2 | ",
    )
    assert stands() != before
    assert plan.undo(batch) == 2
    assert stands() == before
    with sessions() as session:
        assert session.get_one(CalendarRevision, people.facilitator.id).revision == 3
    assert plan.apply(plan.bring(HEADING, "Choir | | Tuesday | 7 PM | 60 | Elm Street | Room 2 | ")).new == 1


def joins(session: Database, desk: Desk, series_id: int, people: Everybody) -> None:
    enroll(
        session,
        actor=desk.actor,
        series_id=series_id,
        person_id=people.member.id,
        from_date=TODAY,
        now=desk.now,
    )


def is_ended(session: Database, desk: Desk, series_id: int, _people: Everybody) -> None:
    last = date(2026, 8, 1)
    end_series(session, actor=desk.actor, series_id=series_id, revision=1, last=last, now=desk.now)


def is_called_off(session: Database, desk: Desk, series_id: int, _people: Everybody) -> None:
    one = select(Occurrence.id).where(Occurrence.series_id == series_id).order_by(Occurrence.id).limit(1)
    later = desk.now + timedelta(hours=1)
    cancel_occurrence(
        session,
        actor=desk.actor,
        occurrence_id=session.scalars(one).one(),
        revision=1,
        reason="Ill",
        now=later,
    )


@pytest.mark.parametrize(("happens", "why"), [(joins, JOINED), (is_ended, CHANGED), (is_called_off, MOVED)])
def test_what_is_in_use_stands_in_the_way(
    plan: Desk, people: Everybody, sessions: Sessions, happens: Callable[..., None], why: str
) -> None:
    batch = plan.take(HEADING, "Choir | | Tuesday | 7 PM | 60 | Elm Street | Room 2 | ")
    with sessions() as session, transaction(session):
        series_id = session.scalars(select(Series.id)).one()
        happens(session, plan, series_id, people)
    before = content(sessions)
    assert [(each.id, each.name, each.why) for each in plan.in_the_way(batch)] == [(series_id, "Choir", why)]
    with pytest.raises(Refused, match=r"It is in use\. In the way: Choir"):
        plan.undo(batch)
    assert content(sessions) == before


def is_a_holiday(session: Database, desk: Desk, day: date) -> None:
    days = [HolidayDraft(day, "Founders' day")]
    keep_holidays(session, actor=desk.actor, drafts=days, kinds=[Kind.GROUP], today=TODAY, now=desk.now)


def is_closed(session: Database, desk: Desk, day: date, choice: Wish) -> None:
    room = session.scalars(select(Room.id).join(Site).where(Room.name == "Room 2", Site.name == "Elm Street"))
    midnight = datetime.combine(day, time())
    draft = ClosureDraft(
        "Paint",
        midnight,
        midnight + timedelta(days=1),
        room_id=room.one(),
        timezone="America/New_York",
        choices=all_but_medication(choice),
    )
    close_place(session, actor=desk.actor, draft=draft, now=desk.now)


@pytest.mark.parametrize("order", ["before", "after"])
def test_what_holidays_and_closures_did_does_not_stand_in_the_way(
    plan: Desk, people: Everybody, sessions: Sessions, order: str
) -> None:
    def shut() -> None:
        with sessions() as session, transaction(session):
            is_a_holiday(session, plan, date(2026, 7, 21))
            is_closed(session, plan, date(2026, 7, 28), Wish(Does.STOP))
            is_closed(session, plan, date(2026, 8, 4), Wish(Does.RELOCATE))

    if order == "before":
        shut()
    line = f"Choir | | Tuesday | 7 PM | 60 | Elm Street | Room 2 | {people.facilitator.name}"
    batch = plan.take(HEADING, line)
    if order == "after":
        shut()
    with sessions() as session:
        first = select(Occurrence.booked, Occurrence.own_room).order_by(Occurrence.id).limit(4)
        assert [tuple(row) for row in session.execute(first)] == [
            (False, False),
            (False, False),
            (True, True),
            (True, False),
        ]
    assert plan.in_the_way(batch) == ()
    assert plan.undo(batch) == 1
    with sessions() as session:
        assert session.scalars(select(Series.id)).all() == []


def test_what_was_recorded_of_a_session_stands_in_the_way(plan: Desk, sessions: Sessions) -> None:
    batch = plan.take(HEADING, "Choir | | Tuesday | 7 PM | 60 | Elm Street | Room 2 | ")
    with sessions() as session, transaction(session):
        first = session.scalars(select(Occurrence.id).order_by(Occurrence.id).limit(1)).one()
        session.add(Sheet(occurrence_id=first, opened_at=plan.now))
    assert [each.why for each in plan.in_the_way(batch)] == [RECORDED]


def test_what_is_out_of_reach_by_now_is_neither_named_nor_taken_back(
    plan: Desk, people: Everybody, sessions: Sessions
) -> None:
    batch = plan.take(
        HEADING,
        "Evening group | Group | Tuesday | 7 PM | 90 | Elm Street | Room 1 |",
        "Choir | Group | Friday | 7 PM | 90 | Oak Hill | Room 1 |",
        "Walk | Group | Saturday | 7 PM | 90 |  |  |",
    )
    with sessions() as session:
        [elm, _, walk] = session.scalars(select(Series).order_by(Series.id)).all()
        site = session.scalars(select(Site.id).where(Site.name == "Elm Street")).one()
        reach = Reach(people.coordinator.actor, frozenset({site}), on=TODAY)
        named = series_made_by(session, batch, reach=reach, most=9)
        assert named == (Made(elm.id, "Evening group"), Made(walk.id, "Walk"))
        enroll(
            session,
            actor=people.coordinator.actor,
            series_id=elm.id + 1,
            person_id=people.member.id,
            from_date=date(2026, 7, 17),
            now=plan.now,
        )
        session.commit()
    limited = replace(plan, reach=reach)
    assert limited.in_the_way(batch) == (Hindrance(elm.id + 1, "", ELSEWHERE),)
    with pytest.raises(Refused, match="It is in use"):
        limited.undo(batch)
    assert [(each.name, each.why) for each in plan.in_the_way(batch)] == [("Choir", JOINED)]
