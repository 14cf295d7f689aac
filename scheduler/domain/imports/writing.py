"""The rows that taking over a list writes, by one statement for each table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.channels import drop_email
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import beside
from scheduler.domain.enrollment.service import add_members
from scheduler.domain.imports.drafts import Draft
from scheduler.domain.imports.judging import Admission, Judged, Outcome
from scheduler.domain.imports.models import ImportRow
from scheduler.domain.people.models import Identity, Person, PersonRole
from scheduler.domain.people.names import short_name
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.concerned import load_series
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Stay
from scheduler.domain.stays.reasons import DischargeReason
from scheduler.store.ledger import Ended, remember
from scheduler.store.revisions import CalendarRevision, raise_calendars

AnyRow = TypeVar("AnyRow", bound=Any)
Before = dict[str, str | int | None]


@dataclass(slots=True)
class Trace:
    """What a row did to whom: enough to take it back. ``before`` are old values, and ids of what was made."""

    person_id: int
    revision: int = 1
    before: Before = field(default_factory=dict)


def write(session: Database, rows: Sequence[Judged], *, batch_id: int, now: datetime) -> tuple[int, ...]:
    """Make and change the persons of these rows, and remember how; answers who they are, in the same order.

    Persons and series are locked, and all is as it was compared. Raises Conflict where the database finds
    that it is not.
    """
    made = iter(_make(session, [row.draft for row in rows if row.does is Outcome.NEW], now))
    traces = [Trace(next(made) if row.does is Outcome.NEW else row.person_id or 0) for row in rows]
    pairs = list(zip(rows, traces, strict=True))
    changed = [(row, trace) for row, trace in pairs if row.does is Outcome.CHANGED]
    _change(session, changed, now)
    _admit(session, pairs, now)
    _enroll(session, pairs, now)
    moved = [trace.person_id for row, trace in changed if row.effect.places or row.effect.admission]
    joined = {place.series_id for row, _ in pairs for place in row.effect.places}
    raise_calendars(session, beside(session, joined).union(moved), now=now)
    _remember(session, batch_id, pairs)
    return tuple(trace.person_id for trace in traces)


def _remember(session: Database, batch_id: int, pairs: Iterable[tuple[Judged, Trace]]) -> None:
    rows = [
        {
            "batch_id": batch_id,
            "number": row.draft.number,
            "person_id": trace.person_id,
            "outcome": row.does.value,
            "revision_after": trace.revision,
            "before": trace.before,
        }
        for row, trace in pairs
    ]
    session.execute(insert(ImportRow), rows)


def _make(session: Database, drafts: Sequence[Draft], now: datetime) -> list[int]:
    """Make these persons as members; answers their ids. What identifies them is not confirmed by anybody."""
    if not drafts:
        return []
    blank = [{"created_at": now, "revision": 1} for _ in drafts]
    ids = sorted(session.scalars(insert(Person).returning(Person.id), blank))
    calendars = [{"person_id": each, "revision": 1, "raised_at": now} for each in ids]
    roles = [{"person_id": each, "role": Role.MEMBER.value, "given_at": now} for each in ids]
    identities = [
        {
            "person_id": each,
            "name": draft.name,
            "short_name": short_name(draft.name),
            "search_name": draft.search,
            "email": draft.email,
            "phone": draft.phone,
            "birth_year": draft.birth_year,
        }
        for each, draft in zip(ids, drafts, strict=True)
    ]
    session.execute(insert(CalendarRevision), calendars)
    session.execute(insert(PersonRole), roles)
    session.execute(insert(Identity), identities)
    return ids


def _change(session: Database, changed: Sequence[tuple[Judged, Trace]], now: datetime) -> None:
    """Write what differs, and remember what it was."""
    ids = [trace.person_id for _, trace in changed]
    people = {each.id: each for each in _read_anew(session, select(Person).where(Person.id.in_(ids)))}
    identities = {
        each.person_id: each
        for each in _read_anew(session, select(Identity).where(Identity.person_id.in_(ids)))
    }
    for row, trace in changed:
        person = people[trace.person_id]
        person.revision += 1
        trace.revision = person.revision
        for change in row.effect.changes:
            _WRITES[change.field](session, identities[trace.person_id], row.draft, trace, now)
    session.flush()


def _read_anew(session: Database, query: Select[AnyRow]) -> Sequence[AnyRow]:
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _write_name(_session: Database, identity: Identity, draft: Draft, trace: Trace, _now: datetime) -> None:
    trace.before["name"] = identity.name
    identity.name, identity.short_name = draft.name, short_name(draft.name)
    identity.search_name = draft.search


def _write_year(_session: Database, identity: Identity, draft: Draft, trace: Trace, _now: datetime) -> None:
    trace.before["birth_year"] = identity.birth_year
    identity.birth_year = draft.birth_year


def _write_email(session: Database, identity: Identity, draft: Draft, trace: Trace, now: datetime) -> None:
    trace.before["email"] = identity.email
    if identity.email:
        drop_email(session, identity, now)
    identity.email = draft.email


def _write_phone(session: Database, identity: Identity, draft: Draft, trace: Trace, now: datetime) -> None:
    trace.before["phone"] = identity.phone
    if identity.phone:
        remember(session, what=Ended.CHANNEL, person_id=identity.person_id, key="phone", now=now)
    identity.phone = draft.phone


def _write_role(session: Database, identity: Identity, _draft: Draft, trace: Trace, now: datetime) -> None:
    trace.before["role"] = Role.MEMBER.value
    session.add(PersonRole(person_id=identity.person_id, role=Role.MEMBER.value, given_at=now))


_WRITES: Final[Mapping[str, Callable[[Database, Identity, Draft, Trace, datetime], None]]] = {
    "name": _write_name,
    "birth_year": _write_year,
    "email": _write_email,
    "phone": _write_phone,
    "role": _write_role,
}


def _admit(session: Database, pairs: Iterable[tuple[Judged, Trace]], now: datetime) -> None:
    """Begin the stays; what somebody belongs to from then on, and to no stay yet, belongs to it."""
    admitted = [
        (row.effect.admission, trace, row.does) for row, trace in pairs if row.effect.admission is not None
    ]
    if not admitted:
        return
    stays = [
        {
            "person_id": trace.person_id,
            "program_id": admission.program_id,
            "site_id": admission.site_id,
            "admitted_on": admission.admitted_on,
            "discharged_on": admission.discharged_on,
            "reason": DischargeReason.OTHER.value if admission.discharged_on else None,
            "changed_at": now,
        }
        for admission, trace, _ in admitted
    ]
    begun = insert(Stay).returning(Stay.person_id, Stay.id)
    made = dict(session.execute(begun, stays).all())
    for admission, trace, does in admitted:
        trace.before["stay"] = made[trace.person_id]
        if does is Outcome.CHANGED:
            _adopt(session, admission, trace, made[trace.person_id])


def _adopt(session: Database, admission: Admission, trace: Trace, stay_id: int) -> None:
    lasting = or_(Enrollment.until_date.is_(None), Enrollment.until_date >= admission.admitted_on)
    mine = (Enrollment.person_id == trace.person_id, Enrollment.stay_id.is_(None), lasting)
    planned = Enrollment.series_id.in_(select(Series.id).where(Series.listed.is_(False)))
    adopted = update(Enrollment).where(*mine, planned).values(stay_id=stay_id).returning(Enrollment.id)
    trace.before["adopted"] = _joined(session.scalars(adopted))


def _enroll(session: Database, pairs: Iterable[tuple[Judged, Trace]], now: datetime) -> None:
    """Enroll in one group after the other, by the rules that hold for everybody."""
    members: dict[int, list[tuple[Trace, Term]]] = {}
    for row, trace in pairs:
        for place in row.effect.places:
            members.setdefault(place.series_id, []).append((trace, place.term))
    for series_id in sorted(members):
        series = load_series(session, series_id)
        wanted = [(trace.person_id, term) for trace, term in members[series_id]]
        made = add_members(session, series=series, members=wanted, now=now)
        for trace, _ in members[series_id]:
            before = str(trace.before.get("enrollments") or "")
            trace.before["enrollments"] = f"{before} {made[trace.person_id]}".strip()


def _joined(ids: Iterable[int]) -> str:
    return " ".join(map(str, sorted(ids)))
