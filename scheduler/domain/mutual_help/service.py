"""Taking over lists of meetings that fellowships publish; what a hosted group decides for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.mutual_help.comparing import Changed, Comparison, comparison
from scheduler.domain.mutual_help.models import ENDED, Conscience, ListedMeeting
from scheduler.domain.mutual_help.policy import require_servant
from scheduler.domain.mutual_help.queries import known_meetings
from scheduler.domain.mutual_help.rows import MeetingRow, fingerprint
from scheduler.domain.mutual_help.weekly import plan_of
from scheduler.domain.people import names
from scheduler.domain.people.models import Identity, Person, PersonRole
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.planning import listing
from scheduler.domain.planning.leading import end_post, give_post
from scheduler.domain.roster.models import Post
from scheduler.domain.roster.positions import SERVICE, Position
from scheduler.domain.schedule.clashes import Taken
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.locks import lock

AT_ONCE = 100
"""Meetings written by one statement; between two of them a progress bar moves."""


def compared(session: Database, *, source: str, rows: Sequence[MeetingRow]) -> Comparison:
    """What an import of these rows would do. Reads only, one statement."""
    return comparison(rows, known_meetings(session, source=source))


def import_meetings(
    session: Database,
    *,
    source: str,
    rows: Sequence[MeetingRow],
    now: datetime,
    actor: Actor = SYSTEM,
    advance: Callable[[int], None] = lambda _steps: None,
) -> Comparison:
    """Make what is new in a list and change what it changed; the same list again changes nothing.

    Each meeting is a listed series in its own zone, with its dates up to the horizon. What the list no
    longer has is left as it is and named in the answer: a service body that publishes half a list by
    mistake must not empty calendars. ``advance`` is told how many rows are done, as they are.
    """
    found = compared(session, source=source, rows=rows)
    advance(found.same)
    for some in _chunks(found.new):
        _make(session, source, some, now)
        advance(len(some))
    for each in found.changed:
        _change(session, each, source, now)
        advance(1)
    if found.new or found.changed:
        record(
            session,
            at=now,
            actor=actor,
            action="meetings.imported",
            subject="listed_meeting",
            detail={"source": source, "made": len(found.new), "changed": len(found.changed)},
        )
    return found


def _make(session: Database, source: str, rows: Sequence[MeetingRow], now: datetime) -> None:
    ids = listing.make_listed(session, plans=[plan_of(row, now=now) for row in rows], now=now)
    meetings = [
        {"series_id": series_id, "source": source, "source_key": row.key, **_described(row, now)}
        for series_id, row in zip(ids, rows, strict=True)
    ]
    session.execute(insert(ListedMeeting), meetings)


def _change(session: Database, changed: Changed, source: str, now: datetime) -> None:
    """Another hour may make another series of it (a split), which then is the listed one. The part that ended
    keeps its place and its link: they stand in calendars as where it was.
    """
    row, old = changed.row, changed.series_id
    series_id = listing.change_listed(session, series_id=old, plan=plan_of(row, now=now), now=now)
    meeting = update(ListedMeeting).where(ListedMeeting.series_id == old)
    if series_id == old:
        session.execute(meeting.values(**_described(row, now)))
        return
    session.execute(meeting.values(source=ENDED, source_key=str(old)))
    named = {"series_id": series_id, "source": source, "source_key": row.key}
    session.execute(insert(ListedMeeting), [{**named, **_described(row, now)}])


def _described(row: MeetingRow, now: datetime) -> dict[str, object]:
    return {
        "row_hash": fingerprint(row),
        "fellowship": row.fellowship,
        "types": [*row.types, *row.other_types],
        "place": row.place,
        "address": row.address,
        "region": row.region,
        "place_notes": row.place_notes,
        "notes": row.notes,
        "online_link": row.online_link,
        "online_phone": row.online_phone,
        "end_assumed": row.end_assumed,
        "imported_at": now,
    }


def _chunks(rows: Iterable[MeetingRow]) -> Iterator[list[MeetingRow]]:
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def decide(
    session: Database,
    *,
    actor: Actor,
    series_id: int,
    proof_of_attendance: bool,
    share_headcount: bool,
    revision: int,
    today: date,
    now: datetime,
) -> None:
    """Record what a hosted group decided for itself; ``revision`` 0: it had decided nothing.

    Raises NotFound for whoever is not its chair or secretary, Conflict where `revision` is not the newest.
    """
    lock(session, series=[series_id])
    series = require_servant(session, series_id, actor=actor, on=today)
    lineage_id = series.lineage_id or series.id
    decided = session.get(Conscience, lineage_id, populate_existing=True)
    if decided is None:
        if revision:
            raise Conflict("Somebody changed this in the meantime.")
        decided = Conscience(lineage_id=lineage_id, revision=1)
        session.add(decided)
    else:
        require_revision(decided, revision)
    decided.proof_of_attendance, decided.share_headcount = proof_of_attendance, share_headcount
    decided.changed_by, decided.changed_at = actor.person_id, now
    session.flush()
    record(
        session,
        at=now,
        actor=actor,
        action="conscience.decided",
        subject="series",
        subject_id=series_id,
        detail={"proof_of_attendance": proof_of_attendance, "share_headcount": share_headcount},
    )


def give_service(
    session: Database,
    *,
    actor: Actor,
    series_id: int,
    name: str,
    position: Position,
    from_date: date,
    until_date: date | None,
    today: date,
    now: datetime,
) -> None:
    """Somebody with exactly this name serves a hosted group from a local date until a local date.

    Raises NotFound for whoever is not its chair or secretary, Invalid on ``name`` for nobody who serves or
    leads here, and as `give_post`; what else somebody does then is nobody's business here: *busy*.
    """
    require_servant(session, series_id, actor=actor, on=today)
    if position not in SERVICE:
        raise Invalid("Choose from the list.", field="position")
    try:
        give_post(
            session,
            actor=actor,
            series_id=series_id,
            person_id=_named(session, name),
            position=position,
            from_date=from_date,
            until_date=until_date,
            now=now,
        )
    except Taken as taken:
        raise Conflict("They are busy at some of these times.") from taken


def end_service(
    session: Database,
    *,
    actor: Actor,
    series_id: int,
    post_id: int,
    revision: int,
    until_date: date,
    today: date,
    now: datetime,
) -> None:
    """Set the last local date of a service position. Raises NotFound as `give_service`, and as `end_post`."""
    require_servant(session, series_id, actor=actor, on=today)
    held = select(Post.id).where(Post.series_id == series_id, Post.position.in_(SERVICE), Post.id == post_id)
    if session.scalar(held) is None:
        raise NotFound("There is no such position.")
    try:
        end_post(session, actor=actor, post_id=post_id, revision=revision, until_date=until_date, now=now)
    except Taken as taken:
        raise Conflict("They are busy at some of these times.") from taken


def _named(session: Database, typed: str) -> int:
    """Who serves or leads here and is called exactly that. Raises Invalid on ``name``."""
    able = select(PersonRole.person_id).where(PersonRole.role.in_([Role.TRUSTED_SERVANT, Role.FACILITATOR]))
    query = (
        select(Identity.person_id)
        .join(Person, Person.id == Identity.person_id)
        .where(Identity.search_name == names.search_name(names.clean(typed)), Person.disabled_at.is_(None))
        .where(Person.id.in_(able))
    )
    found = session.scalars(query).all() if names.clean(typed) else []
    if len(found) != 1:
        raise Invalid("Nobody who serves or leads here has exactly this name.", field="name")
    return found[0]
