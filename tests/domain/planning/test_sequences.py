"""Whatever coordinators do, one thing after the other, the plan keeps its promises."""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import sessionmaker

from scheduler.domain.planning.acts import Chosen, MoveDays, Stop, ToLead, ToRoom
from scheduler.domain.planning.bulk import do_to_many
from scheduler.domain.planning.closing import change_end, close_place, lift_closure
from scheduler.domain.planning.closure_drafts import ClosureDraft, all_but_medication
from scheduler.domain.planning.coming_back import Became
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.handing import lead
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.domain.planning.leading import give_post, substitute
from scheduler.domain.planning.leaving import release
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.moves import HowFar, move
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.models import Closure, Occurrence, Series
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE, Frequency, OrdinalWeekday, Rule, occurrences
from scheduler.errors import SchedulerError
from scheduler.store.memory import Memory
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.promises import Promises
from tests.domain.planning.shut import ONLINE, RELOCATE, STOP, state
from tests.support.databases import engine_for
from tests.support.people import make_everybody

EXAMPLES = 150 if os.environ.get("STRESS") == "full" else 15
RULES = [
    Rule(Frequency.WEEKLY, weekdays=(1,)),
    Rule(Frequency.WEEKLY, weekdays=(1, 3)),
    Rule(Frequency.WEEKLY, 2, weekdays=(0, 2, 4)),
    Rule(Frequency.WEEKLY, weekdays=(3,), count=6),
    Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(2, 4), OrdinalWeekday(-1, 1))),
    Rule(Frequency.MONTHLY, month_days=(28,)),
    SINGLE,
]
HOURS = [18, 19, 20]


@dataclass
class Coordinator:
    """Does what chance tells, and takes no for an answer."""

    center: Center
    facilitators: Sequence[int]
    members: Sequence[int]
    chance: Random

    def act(self, name: str) -> None:
        try:
            getattr(self, name)()
        except SchedulerError:
            self.center.count()

    @property
    def room(self) -> int | None:
        return self.chance.choice([self.center.room, self.center.other_room, self.center.hall, None])

    @property
    def override(self) -> str:
        return self.chance.choice(["", "", "Agreed."])

    def occurrence(self) -> Occurrence:
        to_come = [each for each in self.center.rows(Occurrence) if each.ends_at > self.center.now]
        return self.chance.choice(sorted(to_come, key=lambda each: each.starts_at)[:12])

    def a_series(self) -> Series:
        series: Series = self.chance.choice(self.center.rows(Series))
        return series

    def make(self) -> None:
        days = timedelta(days=(self.center.now - datetime(2026, 7, 15, tzinfo=UTC)).days)
        start = FIRST + days + timedelta(days=self.chance.randrange(5))
        self.center.make(
            first_start=start.replace(hour=self.chance.choice(HOURS)),
            rule=self.chance.choice(RULES),
            room_id=self.room,
            capacity=self.chance.choice([2, None]),
            leads=self.chance.sample(self.facilitators, self.chance.randrange(3)),
            members=self.chance.sample(self.members, self.chance.randrange(3)),
            override=self.override,
        )

    def move(self) -> None:
        row = self.occurrence()
        start = row.local_start + timedelta(days=self.chance.randrange(-8, 9))
        self.center.do(
            move_occurrence,
            occurrence_id=row.id,
            revision=row.revision,
            local_start=start.replace(hour=self.chance.choice(HOURS)),
            minutes=self.chance.choice([None, None, 45, 90]),
            room_id=self.room,
            reason="Chance",
            override=self.override,
        )

    def follow(self) -> None:
        row = self.occurrence()
        start = row.local_start + timedelta(days=self.chance.choice([0, 0, 1, -1, 2, -3, 8]))
        self.center.do(
            move,
            occurrence_id=row.id,
            revision=row.revision,
            how_far=self.chance.choice([HowFar.FOLLOWING, HowFar.ALL]),
            local_start=start.replace(hour=self.chance.choice(HOURS)),
            minutes=self.chance.choice([None, None, 60, 120]),
            room_id=self.chance.choice([row.room_id, self.room]),
            override=self.override,
        )

    def hand(self) -> None:
        duty = self.chance.choice([each for each in self.center.rows(Duty) if each.ends_at > self.center.now])
        self.center.do(
            lead,
            duty_id=duty.id,
            revision=duty.revision,
            how_far=self.chance.choice([HowFar.FOLLOWING, HowFar.ALL]),
            person_id=self.chance.choice(self.facilitators),
            override=self.override,
        )

    def together(self) -> None:
        rows = self.chance.choices(self.center.rows(Occurrence), k=self.chance.randrange(1, 9))
        act = self.chance.choice(
            [
                Stop("Chance"),
                MoveDays(self.chance.choice([-7, -1, 1, 7]), "Chance"),
                ToRoom(self.room, "Chance"),
                ToLead(self.chance.choice(self.facilitators)),
            ]
        )
        chosen = [Chosen(row.id, row.revision) for row in rows]
        self.center.do(do_to_many, chosen=chosen, act=act, override=self.override)

    def undo(self) -> None:
        changes = self.center.rows(Memory, undone_at=None)[-4:]
        self.center.do(undo_change, change_id=self.chance.choice(changes).id)

    def cancel(self) -> None:
        row = self.occurrence()
        self.center.do(cancel_occurrence, occurrence_id=row.id, revision=row.revision, reason="Chance")

    def restore(self) -> None:
        row = self.chance.choice(self.center.rows(Occurrence, booked=False))
        self.center.do(
            restore_occurrence, occurrence_id=row.id, revision=row.revision, override=self.override
        )

    def edit(self) -> None:
        series = self.a_series()
        plan = plan_of(series)
        changes = {
            "rule": self.chance.choice(RULES),
            "minutes": self.chance.choice([60, 120]),
            "room_id": self.room,
            "first_start": plan.first_start.replace(hour=self.chance.choice(HOURS)),
            "timezone": self.chance.choice(["America/Chicago", "Europe/Berlin"]),
            "capacity": self.chance.choice([1, 3, None]),
        }
        some = self.chance.sample(sorted(changes), self.chance.randrange(1, 4))
        self.center.do(
            edit_series,
            series_id=series.id,
            revision=series.revision,
            plan=replace(plan, **{name: changes[name] for name in some}),
            since=self.chance.choice(
                [None, None, *(row.id for row in self.center.occurrences(series.id)[-20:])]
            ),
            override=self.override,
        )

    def differ(self) -> None:
        """Add a date to a series, or skip one, or take such a thing back."""
        series = self.a_series()
        plan, to_come = plan_of(series), self.center.now.replace(tzinfo=None)
        own = occurrences(plan.rule.bare, plan.first_start, to_come, limit=6)
        some = datetime.combine(to_come, plan.first_start.time()) + timedelta(days=self.chance.randrange(40))
        changes = {
            "skipped": (
                *plan.rule.skipped[-1:],
                *(start.date() for start in own if self.chance.random() < 0.3),
            ),
            "added": (*plan.rule.added[-1:], some.replace(hour=self.chance.choice(HOURS))),
        }
        name = self.chance.choice(sorted(changes))
        self.center.do(
            edit_series,
            series_id=series.id,
            revision=series.revision,
            plan=replace(plan, rule=replace(plan.rule, **{name: changes[name]})),
            override=self.override,
        )

    def end(self) -> None:
        series = self.a_series()
        last = (self.center.now + timedelta(days=self.chance.randrange(60))).date()
        self.center.do(end_series, series_id=series.id, revision=series.revision, last=last)

    def enroll(self) -> None:
        first = (self.center.now + timedelta(days=self.chance.randrange(30))).date()
        self.center.do(
            enroll,
            series_id=self.a_series().id,
            person_id=self.chance.choice(self.members),
            from_date=first,
            until_date=self.chance.choice([None, first + timedelta(days=30)]),
        )

    def post(self) -> None:
        first = (self.center.now + timedelta(days=self.chance.randrange(30))).date()
        self.center.do(
            give_post,
            series_id=self.a_series().id,
            person_id=self.chance.choice(self.facilitators),
            position=Position.LEAD,
            from_date=first,
            until_date=self.chance.choice([None, first + timedelta(days=30)]),
            override=self.override,
        )

    def substitute(self) -> None:
        duties = [each for each in self.center.rows(Duty) if each.ends_at > self.center.now]
        duty = self.chance.choice(duties)
        self.center.do(
            substitute,
            duty_id=duty.id,
            revision=duty.revision,
            person_id=self.chance.choice(self.facilitators),
            override=self.override,
        )

    def release(self) -> None:
        leaves, stays = self.chance.sample(self.facilitators, 2)
        hand_to = self.chance.choice([stays, None])
        self.center.do(release, person_id=leaves, hand_to=hand_to, override=self.override)

    def close(self) -> None:
        begin = (self.center.now + timedelta(days=self.chance.randrange(-2, 20))).replace(
            tzinfo=None, hour=self.chance.choice([0, 19]), minute=0
        )
        draft = ClosureDraft(
            "Chance",
            begin,
            begin + timedelta(days=self.chance.choice([1, 9, 40])),
            timezone="America/New_York",
            choices=all_but_medication(self.chance.choice([STOP, RELOCATE, ONLINE])),
            **self.chance.choice(
                [{"site_id": 1}, {"room_id": self.center.room}, {"room_id": self.center.other_room}]
            ),
        )
        self.center.do(close_place, draft=draft)

    def lift(self) -> None:
        row = self.chance.choice(self.center.rows(Closure))
        self.center.do(lift_closure, closure_id=row.id, revision=row.revision)

    def until(self) -> None:
        row = self.chance.choice(self.center.rows(Closure))
        end = row.local_end + timedelta(days=self.chance.randrange(-8, 9))
        self.center.do(change_end, closure_id=row.id, revision=row.revision, local_end=end)

    def close_and_lift(self) -> None:
        """As if nothing had been done, but for what counts changes."""
        before = state(self.center)
        self.close()
        row = self.center.rows(Closure)[-1]
        result = self.center.do(lift_closure, closure_id=row.id, revision=row.revision)
        assert set(result.became.values()) <= {Became.RESTORED, Became.STOPPED}
        assert state(self.center) == before

    def wait(self) -> None:
        self.center.now += timedelta(days=self.chance.randrange(1, 12), hours=self.chance.randrange(12))
        self.center.do(extend_horizon)


ACTS = [
    "make",
    "move",
    "cancel",
    "restore",
    "edit",
    "differ",
    "end",
    "enroll",
    "post",
    "substitute",
    "release",
    "wait",
    "follow",
    "follow",
    "hand",
    "together",
    "undo",
    "undo",
]
CLOSING = ["close", "lift", "until", "close_and_lift"]
Fresh = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def fresh(dialect: str, request: pytest.FixtureRequest) -> Fresh:
    """Makes a database for each example."""
    source = request.getfixturevalue("postgres_databases" if dialect == "postgresql" else "sqlite_databases")
    made: Fresh = source.fresh
    return made


@pytest.mark.stress
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making an example smaller would take minutes
)
@given(
    acts=st.lists(st.sampled_from(["make", "wait", *ACTS, *CLOSING]), min_size=8, max_size=30),
    seed=st.integers(0, 10**6),
)
def test_a_plan_keeps_its_promises(fresh: Fresh, now: datetime, acts: list[str], seed: int) -> None:
    with fresh() as url:
        engine = engine_for(url)
        sessions = sessionmaker(engine, expire_on_commit=False)
        with sessions() as session, transaction(session):
            people = make_everybody(session, now)
        center = Center(sessions, people, now)
        center.open()
        facilitators = [people.facilitator.id, people.other_facilitator.id, center.facilitator("Ines Vale")]
        members = [people.member.id, people.other_member.id, center.member("Paul Nord")]
        coordinator = Coordinator(center, facilitators, members, Random(seed))  # noqa: S311 -- repeatable
        promises = Promises(center)
        coordinator.act("make")
        for act in acts:
            try:
                coordinator.act(act)
            except IndexError:
                continue  # nothing there to choose from
            promises.look(after=act)
        engine.dispose()
