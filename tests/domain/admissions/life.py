"""Renee's life at the center: each verb in a transaction of its own, and a picture of all that it changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from scheduler.domain.admissions.admit import Admission, admit, readmit
from scheduler.domain.admissions.discharge import Leaving, discharge
from scheduler.domain.admissions.hold import hold
from scheduler.domain.admissions.outcome import Outcome, Verb, What
from scheduler.domain.admissions.transfer import transfer
from scheduler.domain.admissions.undo import undo
from scheduler.domain.admissions.welcome_back import welcome_back
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.membership import enroll
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.stays.models import Hold, Stay
from scheduler.domain.stays.reasons import DischargeReason, Places
from scheduler.store.base import Base
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center

TODAY = date(2026, 7, 15)
FIRST_DAY = FIRST.date()
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
FAREWELL = timedelta(days=30)
THURSDAYS = Rule(Frequency.WEEKLY, weekdays=(3,))
NOON = datetime(2026, 7, 16, 12)
"""The first hour of the individual sessions: a Thursday."""
RISING = {"revision", "sequence", "changed_at"}
TABLES = ("stay", "hold", "enrollment", "series", "occurrence", "post", "duty", "cause")


@dataclass
class Life:
    """One member's, in a center."""

    center: Center
    person: int

    def admit(self, on: date = TODAY, **more: Any) -> Outcome:
        return self.center.do(admit, person_id=self.person, admission=Admission(on, **more))

    def readmit(self, on: date, *, series: Any = (), **more: Any) -> Outcome:
        admission = Admission(on, **more)
        return self.center.do(readmit, person_id=self.person, admission=admission, series=series)

    def hold(
        self, first: date, last: date | None = None, *, places: Places = Places.KEPT, **more: Any
    ) -> Outcome:
        stay = self.stay()
        words = {"stay_id": stay.id, "revision": stay.revision, **more}
        return self.center.do(hold, from_date=first, until_date=last, places=places, **words)

    def back(self, on: date, **more: Any) -> Outcome:
        row = self.held()
        words = {"hold_id": row.id, "revision": row.revision, **more}
        return self.center.do(welcome_back, back_on=on, **words)

    def transfer(self, enrollment: Enrollment, series_id: int, first: date, **more: Any) -> Outcome:
        words = {"enrollment_id": enrollment.id, "revision": enrollment.revision, **more}
        return self.center.do(transfer, series_id=series_id, from_date=first, **words)

    def discharge(self, last: date = TODAY, *, farewell: timedelta | None = FAREWELL, **more: Any) -> Outcome:
        stay = self.stay()
        leaving = Leaving(last, DischargeReason.COMPLETED, farewell)
        words = {"stay_id": stay.id, "revision": stay.revision, **more}
        return self.center.do(discharge, leaving=leaving, **words)

    def undo(self, outcome: Outcome) -> Verb:
        return self.center.do(undo, person_id=self.person, memory_id=outcome.memory_id)

    def individual(self, *, members: Any = None, **changes: Any) -> int:
        """Thursdays at noon with Dana; answers the series."""
        plan = {
            "kind": Kind.INDIVIDUAL,
            "title": "Individual",
            "first_start": NOON,
            "rule": THURSDAYS,
            "capacity": None,
            "room_id": self.center.other_room,
            **changes,
        }
        whom = [self.person] if members is None else members
        made = self.center.make(leads=[self.center.people.facilitator.id], members=whom, **plan)
        return made.series_id

    def join(self, series_id: int, person: int, first: date = FIRST_DAY, last: date | None = None) -> None:
        words = {"series_id": series_id, "person_id": person}
        self.center.do(enroll, from_date=first, until_date=last, **words)

    def stay(self) -> Stay:
        row: Stay = self.center.rows(Stay, person_id=self.person)[-1]
        return row

    def held(self) -> Hold:
        row: Hold = self.center.rows(Hold, person_id=self.person)[-1]
        return row

    def terms(self) -> list[tuple[int, date, date | None]]:
        """What the member belongs to: series, first and last date, in order."""
        rows = self.center.rows(Enrollment, person_id=self.person)
        found = [(row.series_id, row.from_date, row.until_date) for row in rows]
        return sorted(found, key=lambda row: (row[1], row[0]))

    def picture(self) -> dict[str, list[dict[str, Any]]]:
        """All rows that a verb may change, by table, without what only ever rises."""
        with self.center.sessions() as session, transaction(session):
            return {name: self._rows(session, name) for name in TABLES}

    def _rows(self, session: Any, name: str) -> list[dict[str, Any]]:
        table = Base.metadata.tables[name]
        rows = session.execute(select(table).order_by(table.c.id)).mappings()
        return [{key: row[key] for key in row if key not in RISING} for row in rows]


def whats(outcome: Outcome) -> list[What]:
    return [effect.what for effect in outcome.effects]


def lines(outcome: Outcome) -> list[tuple[Any, ...]]:
    """What an outcome says, without what is empty."""
    return [
        tuple(
            value
            for value in (each.what, each.title, each.day, each.until, each.count)
            if value not in {"", None, 0}
        )
        for each in outcome.effects
    ]
