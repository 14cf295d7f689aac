"""The sheets that a device keeps, so that they can be taken without a network."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flask import abort, jsonify, request
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session as Database
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import devices, queries, tickets
from scheduler.domain.attendance.assembly import Head, Line, SheetPage, WalkInLine
from scheduler.domain.attendance.boxes import public_key
from scheduler.domain.attendance.opening import Phase, opens_at
from scheduler.domain.attendance.walking_in import takes_names
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.carrying import device as program
from scheduler.web.auth.carrying import settings
from scheduler.web.display import clock_range, day
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.script_words import script_words
from scheduler.web.facilitator.sheet import TAKERS, below_number
from scheduler.web.facilitator.walk_in_rows import walk_in_row
from scheduler.web.language import gettext
from scheduler.web.public.ended import TICKET
from scheduler.web.sheet_locks import locks

WITHOUT_NAMES: Final = frozenset({Phase.STOPPED, Phase.NOT_MET})


@blueprint.get("/device/sheets")
@guard.allow(*TAKERS)
def device_sheets() -> Response | tuple[Response, int]:
    """The duties around now with everybody on their sheets, and what seals marks; each read is on record."""
    if TICKET not in request.headers:
        abort(404)
    now, person_id = clock.now(), guard.actor().person_id or 0
    keys = settings().secret_keys
    ticket = tickets.read(keys, request.headers[TICKET])
    with transaction(db.session) as session:
        known = devices.known_by(session, ticket)
        if known is None or ticket is None or known.person_id != person_id:
            ticket = devices.ticket_for(session, guard.actor(), secret_key=keys[0])
            known = devices.welcome(session, actor=guard.actor(), ticket=ticket, program=program(), now=now)
        if known.is_ended:
            return jsonify({"ended": True}), 410
        devices.seen(session, known.id, actor=guard.actor(), now=now)
        pages = _pages(session, person_id, now)
        devices.hand_out(session, known.id, [page.head.occurrence_id for page in pages], now=now)
    for page in pages:
        named = [line.person_id for line in page.lines]
        guard.log_read(subject="sheet", subject_id=page.head.occurrence_id, persons=named)
    key = public_key(keys[0])
    return jsonify(
        {
            "person": person_id,
            "ticket": tickets.signed(keys, ticket),
            "key": key.jwk,
            "key_id": key.id,
            "csrf": generate_csrf(),
            "now": now.isoformat(),
            "until": (now + devices.KEPT).isoformat(),
            "sheets": [_sheet(page, now) for page in pages],
        }
    )


def _pages(session: Database, person_id: int, now: datetime) -> list[SheetPage]:
    around = devices.duties_around(session, person_id, now)
    return [queries.short_sheet(session, actor=guard.actor(), occurrence_id=each) for each in around]


def _sheet(page: SheetPage, now: datetime) -> dict[str, Any]:
    head, phase = page.head, page.head.phase(now, locks())
    span = clock_range(head.starts_at, head.ends_at, head.timezone)
    return {
        "id": head.occurrence_id,
        "title": head.title,
        "when": gettext("%(day)s, %(time)s", day=day(head.starts_at, head.timezone), time=span),
        "place": ", ".join(part for part in (head.room_name, head.site_name) if part),
        "opens_at": opens_at(head.local_start, head.timezone).isoformat(),
        "starts_at": head.starts_at.isoformat(),
        "ends_at": head.ends_at.isoformat(),
        "zone": head.timezone,
        "phase": phase,
        "by_heads": head.is_by_heads,
        "submitted": head.submitted_at is not None,
        "headcount": head.headcount,
        "walk_ins": head.walk_ins,
        "last": below_number(page.last_count, head),
        "takes_names": takes_names(head.kind, by_heads=head.is_by_heads),
        "walked_in": [] if phase in WITHOUT_NAMES else [_walk_in(line, head) for line in page.walk_ins],
        "words": script_words(head),
        "rows": [] if phase in WITHOUT_NAMES else [_row(line) for line in page.lines],
    }


def _row(line: Line) -> dict[str, Any]:
    return {
        "person": line.person_id,
        "name": line.short_name,
        "expected": line.expected,
        "status": line.value.status,
        "late_minutes": line.value.late_minutes,
        "left_minutes": line.value.left_minutes,
        "excuse": line.value.excuse,
        "revision": line.revision,
        "says": _says(line),
    }


def _walk_in(line: WalkInLine, head: Head) -> dict[str, Any]:
    row = walk_in_row(line, head)
    return {
        "id": row.id,
        "name": row.name,
        "status": line.value.status,
        "late_minutes": line.value.late_minutes,
        "left_minutes": line.value.left_minutes,
    }


def _says(line: Line) -> str | None:
    """The reason of who says that they can't make it, empty where they gave none; none of everybody else."""
    if line.absence is None or not line.expected:
        return None
    return line.absence.reason or ""
