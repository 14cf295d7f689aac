"""Taking back a whole import, as long as nobody has used it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, null, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import beside
from scheduler.domain.imports.hindrance import ELSEWHERE, Hindrance
from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.mapping import ListKind
from scheduler.domain.imports.models import ImportBatch, ImportRow
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.queries import UNDONE_WITHIN
from scheduler.domain.imports.series_used import hold_series_of, series_in_use, take_back_series
from scheduler.domain.imports.used import ids_in, in_parts, used_since, without_address
from scheduler.domain.people.models import Identity, Person, PersonRole
from scheduler.domain.people.names import search_name, short_name
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.reach import Reach
from scheduler.domain.stays.models import Stay
from scheduler.errors import NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.ledger import Ended, remember
from scheduler.store.locks import lock
from scheduler.store.revisions import CalendarRevision, raise_calendars

TOO_LATE = "This import can no longer be taken back: it is older than 7 days."
UNDONE = "This import was taken back already."
UNKNOWN = "There is no such import."
NEVER = "This list was not applied."
IN_THE_WAY = 20
"""Names that are told of those who stand in the way."""


def hindrances(session: Database, batch_id: int, *, reach: Reach) -> tuple[Hindrance, ...]:
    """Who stands in the way of taking an import back: signed in, was enrolled, marked or changed since.

    Or could not have their old address again. Of a list of series: which are in use, and without a title
    or a name what is out of reach by now. By name; empty where nothing does.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None or batch.applied_at is None:
        return ()
    if batch.kind != PEOPLE.name:
        return series_in_use(session, batch_id, reach=reach, since=batch.applied_at)
    rows = _rows(session, batch_id)
    outside = _out_of_reach(session, rows, reach)
    used = used_since(session, rows, since=batch.applied_at) - outside
    lost = without_address(session, rows) - used - outside
    query = select(Identity.person_id, Identity.name).where(Identity.person_id.in_(used | lost))
    named = dict(session.execute(query.order_by(Identity.search_name)).all())
    gone = ((each, "") for each in sorted(used - set(named)))
    in_use = (Hindrance(each, name, lost_address=each in lost) for each, name in (*named.items(), *gone))
    return (*in_use, *(Hindrance(each, "", ELSEWHERE) for each in sorted(outside)))


def _out_of_reach(session: Database, rows: Sequence[ImportRow], reach: Reach) -> set[int]:
    among = reach.of_people().among
    if among is None:
        return set()
    persons = {row.person_id for row in rows}
    within = (
        session.scalars(select(Person.id).where(Person.id.in_(ids), Person.id.in_(among)))
        for ids in in_parts(sorted(persons))
    )
    return persons.difference(*within)


def undo(
    session: Database,
    *,
    actor: Actor,
    batch_id: int,
    reach: Reach,
    revision: int | None = None,
    kind: ListKind | None = None,
    now: datetime,
) -> int:
    """Remove what the import made, and put back what it changed; answers how many persons or series it was.

    Raises NotFound, also for one of another ``kind``, Conflict for a stale page, and Refused where it is too
    late or something is in the way, also what is out of `reach` by now.
    """
    batch = _applied(session, batch_id, now)
    if kind is not None and batch.kind != kind.name:
        raise NotFound(UNKNOWN)
    if revision is not None:
        require_revision(batch, revision)
    is_of_people = batch.kind == PEOPLE.name
    if is_of_people:
        lock(session, persons=[row.person_id for row in _rows(session, batch_id)])
    else:
        hold_series_of(session, batch_id)
    in_the_way = hindrances(session, batch_id, reach=reach)
    if in_the_way:
        raise Refused(_told(in_the_way))
    taking_back = _take_back_people if is_of_people else take_back_series
    removed, persons = taking_back(session, batch_id, now=now)
    batch.undone_at, batch.left_out = now, None
    put_back = len(persons) - removed if is_of_people else 0
    record(
        session,
        at=now,
        actor=actor,
        action="import.undone",
        subject="import",
        subject_id=batch_id,
        persons=persons,
        detail={"removed": removed, "put_back": put_back},
    )
    return removed + put_back


def _take_back_people(session: Database, batch_id: int, *, now: datetime) -> tuple[int, tuple[int, ...]]:
    """How many are removed, and who all is concerned."""
    rows = _rows(session, batch_id)
    _take_back(session, rows, now)
    made = [row.person_id for row in rows if row.outcome == Outcome.NEW]
    _remove(session, made)
    session.execute(update(ImportRow).where(ImportRow.batch_id == batch_id).values(before=null()))
    return len(made), tuple(row.person_id for row in rows)


def _applied(session: Database, batch_id: int, now: datetime) -> ImportBatch:
    query = select(ImportBatch).where(ImportBatch.id == batch_id)
    batch = session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if batch is None:
        raise NotFound(UNKNOWN)
    if batch.applied_at is None:
        raise Refused(NEVER)
    if batch.undone_at is not None:
        raise Refused(UNDONE)
    if now >= batch.applied_at + UNDONE_WITHIN:
        raise Refused(TOO_LATE)
    return batch


def _rows(session: Database, batch_id: int) -> Sequence[ImportRow]:
    query = select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _told(in_the_way: Sequence[Hindrance]) -> str:
    names = ", ".join(map(_name_of, in_the_way[:IN_THE_WAY]))
    more = len(in_the_way) - IN_THE_WAY
    return f"It is in use. In the way: {names}{f', and {more:,} more' if more > 0 else ''}."


def _name_of(hindrance: Hindrance) -> str:
    name = hindrance.name or "one that is gone"
    return f"{name} (their e-mail address of before is taken)" if hindrance.lost_address else name


def _take_back(session: Database, rows: Sequence[ImportRow], now: datetime) -> None:
    """Remove enrollments and stays, and put identities back."""
    others: set[int] = set()
    for ids in in_parts(ids_in(rows, "enrollments")):
        joined = session.scalars(select(Enrollment.series_id).where(Enrollment.id.in_(ids)).distinct())
        others |= beside(session, joined.all())
        session.execute(delete(Enrollment).where(Enrollment.id.in_(ids)))
    for ids in in_parts(ids_in(rows, "adopted")):
        session.execute(update(Enrollment).where(Enrollment.id.in_(ids)).values(stay_id=None))
    for ids in in_parts(ids_in(rows, "stay")):
        session.execute(delete(Stay).where(Stay.id.in_(ids)))
    changed = {row.person_id: row for row in rows if row.outcome == Outcome.CHANGED}
    for identity in session.scalars(select(Identity).where(Identity.person_id.in_(changed))):
        _put_back(session, identity, changed[identity.person_id], now)
    bumped = update(Person).where(Person.id.in_(changed)).values(revision=Person.revision + 1)
    session.execute(bumped.execution_options(synchronize_session=False))
    session.flush()
    raise_calendars(session, others.union(changed), now=now)


def _put_back(session: Database, identity: Identity, row: ImportRow, now: datetime) -> None:
    before = row.before or {}
    if "name" in before:
        identity.name = str(before["name"])
        identity.short_name, identity.search_name = short_name(identity.name), search_name(identity.name)
    if "birth_year" in before:
        year = before["birth_year"]
        identity.birth_year = None if year is None else int(year)
    for channel in ("email", "phone"):
        if channel in before:
            old = before[channel]
            setattr(identity, channel, None if old is None else str(old))
            remember(session, what=Ended.CHANNEL, person_id=identity.person_id, key=channel, now=now)
    if before.get("role"):
        role = (PersonRole.person_id == identity.person_id, PersonRole.role == Role.MEMBER.value)
        session.execute(delete(PersonRole).where(*role))


def _remove(session: Database, made: Collection[int]) -> None:
    """Remove persons whom nothing refers to but what was made with them."""
    for table, column in (
        (PersonRole, PersonRole.person_id),
        (CalendarRevision, CalendarRevision.person_id),
        (Identity, Identity.person_id),
        (Person, Person.id),
    ):
        session.execute(delete(table).where(column.in_(made)).execution_options(synchronize_session=False))
