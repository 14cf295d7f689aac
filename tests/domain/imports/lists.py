"""Lists that tests bring, and taking them over as the pages do."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.imports.apply import Applied, apply
from scheduler.domain.imports.hindrance import Hindrance
from scheduler.domain.imports.judging import Choice
from scheduler.domain.imports.mapping import ListKind
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.review import prepare, reviewed, table_and_fields
from scheduler.domain.imports.reviewed import Prepared, Reviewed
from scheduler.domain.imports.stage import choose, map_columns, stage
from scheduler.domain.imports.table import Row, Table
from scheduler.domain.imports.undo import hindrances, undo
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import SYSTEM, Actor
from scheduler.domain.planning.reach import Reach
from scheduler.store.transaction import transaction

TODAY = date(2026, 7, 15)
ZONE = "America/New_York"
ANYWHERE = Reach(SYSTEM, None, on=TODAY)


def table(*lines: str) -> Table:
    """Lines of cells with bars between; the first is the heading."""
    heading, *rest = (tuple(cell.strip() for cell in line.split("|")) for line in lines)
    return Table(heading, tuple(row_of(number, cells) for number, cells in enumerate(rest, 2)))


def row_of(number: int, cells: tuple[str, ...]) -> Row:
    """A row as it is read from a file: what begins with = is a formula."""
    formulas = (place for place, cell in enumerate(cells) if cell.startswith("="))
    return Row(number, cells, frozenset(formulas))


@dataclass
class Desk:
    """Each act in a transaction of its own, by ``actor``."""

    sessions: sessionmaker[Database]
    now: datetime
    actor: Actor = SYSTEM
    reach: Reach = ANYWHERE
    kind: ListKind = PEOPLE

    def bring(self, *lines: str, choices: dict[int, Choice] | None = None) -> int:
        """Upload a list, take its columns as they are guessed, and decide."""
        with self.sessions() as session, transaction(session):
            batch = stage(session, actor=self.actor, table=table(*lines), kind=self.kind, now=self.now)
            _, fields = table_and_fields(session, batch)
            map_columns(session, batch_id=batch, revision=1, fields=fields)
            choose(session, batch_id=batch, revision=2, choices=choices or {})
        return batch

    def prepare(self, session: Database, batch: int) -> Prepared:
        """Read it."""
        return prepare(session, batch_id=batch, today=TODAY, now=self.now, zone=ZONE)

    def look(self, batch: int) -> Reviewed[Any]:
        """What it does now."""
        with self.sessions() as session:
            return reviewed(session, self.prepare(session, batch), reach=self.reach, today=TODAY)

    def apply(self, batch: int) -> Applied:
        """Take it over."""
        with self.sessions() as session:
            prepared = self.prepare(session, batch)
            seen = reviewed(session, prepared, reach=self.reach, today=TODAY)
            with transaction(session):
                return apply(
                    session,
                    actor=self.actor,
                    batch_id=batch,
                    prepared=prepared,
                    seen=seen,
                    reach=self.reach,
                    today=TODAY,
                    now=self.now,
                )

    def take(self, *lines: str, choices: dict[int, Choice] | None = None) -> int:
        """Bring and apply; answers the number of the list."""
        batch = self.bring(*lines, choices=choices)
        self.apply(batch)
        return batch

    def undo(self, batch: int, now: datetime | None = None) -> int:
        """Take it back."""
        with self.sessions() as session, transaction(session):
            return undo(session, actor=self.actor, batch_id=batch, reach=self.reach, now=now or self.now)

    def in_the_way(self, batch: int) -> tuple[Hindrance, ...]:
        """Who stands in the way of that."""
        with self.sessions() as session:
            return hindrances(session, batch, reach=self.reach)

    def id_of(self, name: str) -> int:
        """The only person of this name."""
        with self.sessions() as session:
            return session.scalars(select(Identity.person_id).where(Identity.name == name)).one()
