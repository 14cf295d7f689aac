"""Walk-ins that devices wrote down: on the sheet where it takes them, else kept aside with their names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.holding import Opened, begin
from scheduler.domain.attendance.merging import Outcome
from scheduler.domain.attendance.models import Sheet, WalkIn, WalkInName
from scheduler.domain.attendance.sent_rows import Batch
from scheduler.domain.attendance.sync import Known, SentWalkIn, WalkedIn, decide_walk_ins
from scheduler.domain.attendance.walk_ins import number_of
from scheduler.domain.attendance.walking_in import MOST, takes_names, write_down
from scheduler.domain.attendance.why import Why
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series


def decided_walk_ins(
    session: Database,
    opened: Opened,
    batch: Batch,
    known: Collection[Known],
    why: Why | None,
    unfit: Collection[str],
) -> tuple[WalkedIn, ...]:
    """What becomes of them on a sheet that is held; ``why`` nothing can be saved on it, if so;
    ``unfit`` are uids of those that can only wait."""
    if not batch.walk_ins:
        return ()
    if not takes_names(opened.kind, by_heads=opened.by_heads):
        why = why or Why.COUNTING
    places = MOST if opened.is_new else MOST - number_of(session, opened.sheet.id)
    return decide_walk_ins(batch.walk_ins, known=known, why=why, places=places, unfit=unfit)


def save_walk_ins(
    session: Database, opened: Opened, decided: Sequence[WalkedIn], actor: Actor, now: datetime
) -> None:
    """Write them down on the sheet that is held, or keep aside what was decided so."""
    for each in decided:
        if each.outcome is Outcome.APPLIED and not each.again:
            begin(session, opened, now)
            sent = each.sent
            write_down(
                session, opened, actor=actor, sent_as=sent.uid, name=sent.name, value=sent.value, now=now
            )
    kept = [each.sent for each in decided if each.outcome is Outcome.KEPT and not each.again]
    if kept and takes_names(opened.kind, by_heads=opened.by_heads):
        begin(session, opened, now)
        _keep_names(session, opened.sheet, kept, actor, now)


def keep_walk_ins_blindly(
    session: Database, occurrence_id: int, decided: Sequence[WalkedIn], actor: Actor, now: datetime
) -> None:
    """Keep the names of walk-ins for a sheet that is not the sender's; its occurrence is locked."""
    kept = [each.sent for each in decided if not each.again]
    of_it = select(Series.kind, Series.counting).join(Occurrence, Occurrence.series_id == Series.id)
    kind, counting = session.execute(of_it.where(Occurrence.id == occurrence_id)).one()
    if not kept or not takes_names(Kind(kind), by_heads=Counting(counting) is Counting.HEADS):
        return
    sheet = session.scalar(select(Sheet).where(Sheet.occurrence_id == occurrence_id))
    if sheet is None:
        sheet = Sheet(occurrence_id=occurrence_id, walk_ins=0, not_met_reason="", opened_at=now)
        session.add(sheet)
        session.flush()
    _keep_names(session, sheet, kept, actor, now)


def written_down(session: Database, occurrence_id: int, uids: Collection[str]) -> Mapping[str, int]:
    """The rows on the sheet of those that came from devices, by uid. At most one statement."""
    if not uids:
        return {}
    query = select(WalkIn.sent_as, WalkIn.id).join(Sheet, Sheet.id == WalkIn.sheet_id)
    of_them = query.where(Sheet.occurrence_id == occurrence_id, WalkIn.sent_as.in_(uids))
    return {str(uid): number for uid, number in session.execute(of_them)}


def forget_kept_name(session: Database, occurrence_id: int, uid: str) -> None:
    """Nobody will be written down any more under the name that was kept aside."""
    for number in written_down(session, occurrence_id, [uid]).values():
        session.execute(delete(WalkInName).where(WalkInName.walk_in_id == number))


def _keep_names(
    session: Database, sheet: Sheet, kept: Sequence[SentWalkIn], actor: Actor, now: datetime
) -> None:
    # A row that counts nowhere, for the name to stand where all such names stand and go from in time.
    there = written_down(session, sheet.occurrence_id, [sent.uid for sent in kept])
    for sent in kept:
        if sent.uid not in there:
            row = WalkIn(sheet_id=sheet.id, sent_as=sent.uid, marked_by=actor.person_id, marked_at=now)
            session.add(row)
            session.flush()
            session.add(WalkInName(walk_in_id=row.id, name=sent.name, written_at=now))
