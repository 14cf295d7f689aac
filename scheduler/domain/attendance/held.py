"""What a submitted sheet keeps of how its session was held, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.lasting import Span, Way
from scheduler.domain.attendance.models import Attended, Mark, RecordLead, Sheet, SheetRecord
from scheduler.domain.people.credentials import CredentialView
from scheduler.domain.people.models import Credential, Identity
from scheduler.store.asking import rows


@dataclass(frozen=True, slots=True)
class Led:
    """Who led, with what they held on that day, as it stood when it was kept."""

    person_id: int
    short_name: str
    credentials: tuple[CredentialView, ...] = ()


@dataclass(frozen=True, slots=True)
class There:
    """How somebody was there, and how many minutes count for them (none: minutes do not count)."""

    way: Way
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """How a session was held: who said so, when (UTC), and why, where that was a correction.

    ``there`` is by person; only the newest record of a sheet tells it.
    """

    revision: int
    span: Span
    counted: bool
    present: int
    by: str | None
    at: datetime
    reason: str
    leads: tuple[Led, ...] = ()
    there: Mapping[int, There] = field(default_factory=dict)

    def says_as(self, other: Record) -> bool:
        """Whether both say the same of who led and when: what follows from marks stands with these."""
        return (self.span, self.leads) == (other.span, other.leads)


def records_of(session: Database, occurrence_id: int) -> tuple[Record, ...]:
    """All that was said, the newest first; nothing before the sheet is handed in. Three statements."""
    query = (
        select(
            *(SheetRecord.id, SheetRecord.revision, SheetRecord.starts_at, SheetRecord.ends_at),
            *(SheetRecord.breaks, SheetRecord.counted, SheetRecord.present),
            *(Identity.short_name, SheetRecord.made_at, SheetRecord.reason),
        )
        .join(Sheet, Sheet.id == SheetRecord.sheet_id)
        .outerjoin(Identity, Identity.person_id == SheetRecord.made_by)
        .where(Sheet.occurrence_id == occurrence_id)
        .order_by(SheetRecord.revision.desc())
    )
    said = list(rows(session, query))
    if not said:
        return ()
    leads, newest = _leads(session, [row[0] for row in said]), said[0][0]
    there = _there(session, newest)
    return tuple(
        Record(
            revision=row[1],
            span=Span(row[2], row[3], row[4]),
            counted=row[5],
            present=row[6],
            by=row[7],
            at=row[8],
            reason=row[9],
            leads=leads.get(row[0], ()),
            there=there if row[0] == newest else {},
        )
        for row in said
    )


def _leads(session: Database, records: list[int]) -> dict[int, tuple[Led, ...]]:
    query = (
        select(
            *(RecordLead.record_id, RecordLead.person_id, Identity.short_name),
            *(Credential.id, Credential.person_id, Credential.kind, Credential.number),
            *(Credential.valid_from, Credential.valid_until),
        )
        .join(Identity, Identity.person_id == RecordLead.person_id)
        .outerjoin(Credential, Credential.id == RecordLead.credential_id)
        .where(RecordLead.record_id.in_(records))
        .order_by(RecordLead.id)
    )
    found: dict[int, dict[int, Led]] = {}
    for record, person, name, *credential in rows(session, query):
        leads = found.setdefault(record, {})
        held = leads[person].credentials if person in leads else ()
        more = (CredentialView(*credential),) if credential[0] is not None else ()
        leads[person] = Led(person, name, (*held, *more))
    return {record: tuple(leads.values()) for record, leads in found.items()}


def _there(session: Database, record: int) -> dict[int, There]:
    query = select(Mark.person_id, Attended.way, Attended.minutes).join(Attended, Attended.mark_id == Mark.id)
    found = session.execute(query.where(Attended.record_id == record))
    return {person: There(Way(way), minutes) for person, way, minutes in found}
