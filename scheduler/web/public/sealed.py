"""Marks that a device sealed when nobody was signed in any more: taken from whoever has it in hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import jsonify, request
from sqlalchemy.orm import Session as Database
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import boxes, devices, tickets
from scheduler.domain.attendance.boxes import Box
from scheduler.domain.attendance.sent_rows import BEFORE, Sender, sender_of
from scheduler.domain.attendance.taking_in import take_in
from scheduler.domain.attendance.tickets import Ticket
from scheduler.domain.attendance.why import Why
from scheduler.domain.people.queries import acting_as
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.carrying import settings
from scheduler.web.facilitator.sent import arrived
from scheduler.web.public.blueprint import blueprint
from scheduler.web.sheet_locks import locks

MOST: Final = 50
"""Boxes of one request; the rest is sent again."""
LARGEST: Final = 1024 * 1024
"""Bytes of a request."""


@blueprint.post("/sealed")
@guard.public
@guard.without_token  # no cookie is read: what is done is done for whom the ticket in the box names
@limiter.limit("60/minute")
def sealed() -> Response:
    """Take what can be opened, and what never will be: whoever sends it learns nothing else.

    What only an earlier secret key may open stays with the device, and so does what found the database busy.
    """
    request.max_content_length = LARGEST
    body = _json()
    given = body.get("sealed") if isinstance(body, dict) else None
    now, taken = clock.now(), list[str]()
    for each in given[:MOST] if isinstance(given, list) else ():
        name = _name(each)
        if name and _is_done(name, each, now):
            taken.append(name)
    return jsonify({"taken": taken})


def _json() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _name(each: Any) -> str:
    try:
        return str(UUID(each.get("id")))
    except (ValueError, TypeError, AttributeError):
        return ""


def _is_done(name: str, each: Mapping[str, Any], now: datetime) -> bool:
    """Whether the device may forget this box."""
    keys = settings().secret_keys
    texts = {key: str(each.get(key, "")) for key in ("key_id", "iv", "box")}
    epk = each.get("epk")
    try:
        body = boxes.opened(keys, Box(name, epk=epk if isinstance(epk, dict) else {}, **texts))
    except boxes.NoSuchKey:
        return False
    text = body.get("ticket") if isinstance(body, dict) else None
    ticket = tickets.read(keys, text if isinstance(text, str) else "")
    try:
        return ticket is None or _is_taken(ticket, body, each.get("sent_at"), now)
    except Invalid:
        return True


def _is_taken(ticket: Ticket, body: Any, sent_at: object, now: datetime) -> bool:
    """Whether all of it was decided on. Raises Invalid for what is no batch."""
    found = arrived(body, now, sent_at=sent_at)
    sender, until = _sender(db.session(), ticket, now)
    if sender is None:
        return True
    stale = replace(sender, why=sender.why or Why.STALE)
    for batch in found.batches():
        for who, part in zip((sender, stale), batch.by(until), strict=True):
            if not part.all:
                continue
            try:
                with transaction(db.session) as session:
                    take_in(session, sender=who, batch=part, now=now, locks=locks())
            except NotFound:
                continue  # for this sender there is no such sheet
            except Conflict:
                return False
    return True


def _sender(session: Database, ticket: Ticket, now: datetime) -> tuple[Sender | None, datetime]:
    """Whose ticket it is, none for nobody; and until when its marks count as if they had sent them.

    After a restore their device may be unknown: nobody knows then whether it was ended.
    """
    known = devices.known_by(session, ticket)
    actor = acting_as(session, known.person_id if known else ticket.person_id)
    if actor is None:
        return None, now
    if known is None:
        since = now - devices.KEPT - BEFORE
        return Sender(actor=actor, device_id=None, since=since, why=Why.UNKNOWN, asks=False), now
    return sender_of(actor, known, asks=False), known.seen_at + devices.KEPT
