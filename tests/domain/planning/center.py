"""A small center to plan in: two rooms, a hall for several sessions at once, and the same few people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import make_person
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.making import Made, NewEnrollment, NewPost, make_series
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.store.audit import AuditEntry
from scheduler.store.base import Base
from scheduler.store.revisions import CalendarRevision
from scheduler.store.transaction import transaction
from tests.support.people import Everybody

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
TUESDAYS = Rule(Frequency.WEEKLY, weekdays=(TUESDAY,))
FIRST = datetime(2026, 7, 21, 19)
EVENING = Plan(
    kind=Kind.GROUP,
    title="Tuesday evening group",
    first_start=FIRST,
    minutes=90,
    timezone="America/New_York",
    rule=TUESDAYS,
    discreet_title="Evening class",
    capacity=12,
    counting=Counting.MINUTES,
)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Center:
    """Runs each verb in a transaction of its own, as the coordinator, at `now` (Wednesday, July 15, 2026)."""

    sessions: sessionmaker[Database]
    people: Everybody
    now: datetime
    room: int = 0
    other_room: int = 0
    hall: int = 0

    def open(self) -> None:
        site = self.do(make_site, site=SiteDraft("Elm Street", "America/New_York"))
        self.room = self.do(make_room, room=RoomDraft("room 2", site, capacity=14))
        self.other_room = self.do(make_room, room=RoomDraft("room 3", site, capacity=10))
        self.hall = self.do(make_room, room=RoomDraft("hall", site, shared=True))

    def do(self, verb: Callable[..., T], **words: Any) -> T:
        """The verb's answer, committed; an error leaves nothing."""
        with self.sessions() as session, transaction(session):
            return verb(session, actor=self.people.coordinator.actor, now=self.now, **words)

    def ask(self, query: Callable[..., T], *words: Any, **more: Any) -> T:
        with self.sessions() as session:
            return query(session, *words, **more)

    def make(
        self,
        *,
        leads: Sequence[int] = (),
        members: Sequence[int] = (),
        override: str = "",
        **changes: Any,
    ) -> Made:
        """The Tuesday evening group in room 2, with what is changed about it."""
        return self.do(
            make_series,
            plan=replace(EVENING, **{"room_id": self.room, **changes}),
            posts=[NewPost(person, Position.LEAD) for person in leads],
            enrollments=[NewEnrollment(person) for person in members],
            override=override,
        )

    def facilitator(self, name: str) -> int:
        return self._person(name, Role.FACILITATOR)

    def member(self, name: str) -> int:
        return self._person(name, Role.MEMBER)

    def _person(self, name: str, role: Role) -> int:
        return self.do(make_person, name=name, email=None, roles=[role])

    def rows(self, model: type[Base], **where: Any) -> list[Any]:
        """All rows of a table in order, or those with these values."""
        with self.sessions() as session:
            return list(session.scalars(select(model).filter_by(**where).order_by(model.__table__.c[0])))

    def series(self, series_id: int) -> Series:
        row: Series = self.rows(Series, id=series_id)[0]
        return row

    def occurrence(self, occurrence_id: int) -> Occurrence:
        row: Occurrence = self.rows(Occurrence, id=occurrence_id)[0]
        return row

    def occurrences(self, series_id: int) -> list[Occurrence]:
        with self.sessions() as session:
            query = select(Occurrence).where(Occurrence.series_id == series_id)
            return list(session.scalars(query.order_by(Occurrence.original_start)))

    def starts(self, series_id: int) -> list[datetime]:
        """The local starts of a series, in order of the original ones."""
        return [each.local_start for each in self.occurrences(series_id)]

    def leaders(self, series_id: int) -> list[tuple[date, int]]:
        """Who leads a series, by original date."""
        with self.sessions() as session:
            query = (
                select(Occurrence.original_start, Duty.person_id)
                .join(Duty, Duty.occurrence_id == Occurrence.id)
                .where(Occurrence.series_id == series_id)
            )
            rows = session.execute(query.order_by(Occurrence.original_start, Duty.id))
            return [(start.date(), person) for start, person in rows]

    def revisions(self) -> dict[int, int]:
        """Every person's calendar revision."""
        with self.sessions() as session:
            rows = session.execute(select(CalendarRevision.person_id, CalendarRevision.revision))
            return dict(iter(rows))

    def raised_by(self, act: Callable[[], object]) -> set[int]:
        """Whose calendars an act made stale, each by exactly one."""
        before = self.revisions()
        act()
        raised = {person: number - before.get(person, 0) for person, number in self.revisions().items()}
        assert set(raised.values()) <= {0, 1}
        return {person for person, by in raised.items() if by}

    def last_audit(self) -> tuple[str, str, int | None]:
        with self.sessions() as session:
            entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
            assert entry is not None
            assert entry.actor == self.people.coordinator.id
            return entry.action, entry.subject, entry.subject_id

    def count(self) -> dict[str, int]:
        """How many rows there are of everything that planning writes."""
        with self.sessions() as session:
            tables = [
                Base.metadata.tables[name]
                for name in ("series", "occurrence", "duty", "post", "enrollment", "cause", "audit_entry")
            ]
            return {
                table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
            }
