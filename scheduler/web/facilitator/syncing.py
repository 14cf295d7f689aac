"""Marks that were made without a network, taken in when it is back: each sheet by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flask import jsonify, request
from flask_login import current_user

from scheduler import clock
from scheduler.domain.attendance import devices, queries, tickets
from scheduler.domain.attendance.merging import Outcome
from scheduler.domain.attendance.sent_rows import Batch, Sender, sender_of
from scheduler.domain.attendance.sync import (
    WALK_IN,
    Decided,
    Number,
    Sent,
    SentNumber,
    SentWalkIn,
    WalkedIn,
)
from scheduler.domain.attendance.taking_in import Taken, take_in
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.carrying import settings
from scheduler.web.display import clock as clock_face
from scheduler.web.display import day_and_clock
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.sent import Arrived, Refusal, arrived
from scheduler.web.facilitator.sheet import TAKERS
from scheduler.web.language import gettext
from scheduler.web.sheet_locks import locks
from scheduler.web.words import KEPT_FOR

Answer = tuple[Any, int]
LARGEST: Final = 512 * 1024
"""Bytes of a batch; 500 marks are a quarter of it."""


@blueprint.post("/device/sync")
@guard.allow(*TAKERS)
def sync() -> Answer:
    """Take in a batch. What cannot be saved says why, or waits for a coordinator; the rest is saved."""
    now = clock.now()
    request.max_content_length = LARGEST
    try:
        found = arrived(_body(), now)
    except Invalid as error:
        return jsonify({"error": gettext(str(error))}), 422
    actor = guard.actor()
    known = devices.known_by(db.session(), tickets.read(settings().secret_keys, found.ticket))
    if known is None or known.person_id != actor.person_id:
        return jsonify({"ended": True}), 410
    sender = sender_of(actor, known)
    results = _taken(sender, found, now)
    said = next((result["saved_at"] for result in results if result.get("saved_at")), "")
    ended = {"ended": True} if known.is_ended else {}
    return jsonify({"saved_at": said, "results": results, **ended}), 200


def _body() -> Any:
    """What was sent; none where it is no JSON, or is nested too deep to be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _taken(sender: Sender, found: Arrived, now: datetime) -> list[dict[str, Any]]:
    taken, refused = dict[int, Taken](), [_refusal(each) for each in found.refused]
    for batch in found.batches():
        try:
            with transaction(db.session) as session:
                taken[batch.occurrence_id] = take_in(
                    session, sender=sender, batch=batch, now=now, locks=locks()
                )
        except (NotFound, Refused) as error:
            refused += _all_refused(batch, gettext(str(error)))
        except Conflict:
            continue  # it was not decided: what has no result is sent again
    by = {each.saved.by for one in taken.values() for each in one.marks}
    by |= {one.counted_by for one in taken.values()}
    names = _names({each for each in by if each})
    results: list[dict[str, Any]] = []
    for batch in found.batches():
        if one := taken.get(batch.occurrence_id):
            results += _results(batch, one, names, now)
            _log(batch, one)
    return results + refused


def _names(persons: set[int]) -> dict[int, str]:
    """Their short names: most often there is nobody but whoever asks."""
    me = guard.actor().person_id or 0
    others = persons - {me}
    found = queries.short_names(db.session(), others) if others else {}
    return {me: current_user.short_name, **found}


def _log(batch: Batch, taken: Taken) -> None:
    """An answer tells what somebody else marked."""
    told = [each.sent.wanted.person_id for each in taken.marks if each.outcome is not Outcome.APPLIED]
    if told and not taken.is_hidden:
        guard.log_read(subject="sheet", subject_id=batch.occurrence_id, persons=told)


def _results(batch: Batch, taken: Taken, names: dict[int, str], now: datetime) -> list[dict[str, Any]]:
    faces = _Faces(taken.timezone)
    me, saved_at = guard.actor().person_id, faces[now]
    meant = {each.uid: each.wanted.person_id for each in batch.marks}  # as they are called on the device
    marks = [
        {**_mark(each, taken, names, faces, me), "person": meant[each.sent.uid], "saved_at": saved_at}
        for each in taken.marks
    ]
    numbers = [{**_number(each, taken, names), "saved_at": faces[now]} for each in taken.numbers]
    walk_ins = [{**_walked_in(each, taken), "saved_at": faces[now]} for each in taken.walk_ins]
    wrong = {uid: gettext("There is no such mark.") for uid in taken.foreign}
    wrong |= {uid: _minutes_said(taken) for uid in taken.unfit}
    wrong |= {uid: gettext("Too many marks of yours came for this sheet.") for uid in taken.crowded}
    refused = [each for each in batch.all if each.uid in wrong]
    told = marks + numbers + walk_ins + [_refusal(_refused(each, batch, wrong[each.uid])) for each in refused]
    return [{"sheet": batch.occurrence_id, **each} for each in told]


class _Faces(dict[datetime, str]):
    """What a clock of this zone shows at an instant: most marks of a sheet were saved at one and the same."""

    def __init__(self, timezone: str) -> None:
        self._timezone = timezone

    def __missing__(self, at: datetime) -> str:
        return self.setdefault(at, clock_face(at, self._timezone))


def _mark(
    each: Decided, taken: Taken, names: dict[int, str], faces: _Faces, me: int | None
) -> dict[str, Any]:
    blind = taken.is_hidden or each.outcome is Outcome.KEPT
    value = each.sent.wanted.value if blind else each.saved.value
    by = None if blind else each.saved.by
    return {
        "uid": each.sent.uid,
        "outcome": each.outcome,
        "status": value.status,
        "late_minutes": value.late_minutes,
        "left_minutes": value.left_minutes,
        "excuse": value.excuse,
        "number": None,
        "revision": 0 if blind else each.saved.revision,
        "by": names.get(by or 0, ""),
        "mine": by is not None and by == me,
        "at": faces[each.saved.at] if each.saved.at and not blind else "",
        "reason": str(KEPT_FOR[each.why]) if each.why else "",
    }


def _number(each: Number, taken: Taken, names: dict[int, str]) -> dict[str, Any]:
    blind = taken.is_hidden or each.outcome is Outcome.KEPT
    by, at = (None, None) if blind else (taken.counted_by, taken.counted_at)
    name = names.get(by or 0) or gettext("the system")
    time = day_and_clock(at, taken.timezone) if at else ""
    return {
        "uid": each.sent.uid,
        "person": None,
        "what": each.sent.what,
        "outcome": each.outcome,
        "number": each.sent.number if blind else each.stands,
        "by": names.get(by or 0, ""),
        "mine": by is not None and by == guard.actor().person_id,
        "at": clock_face(at, taken.timezone) if at else "",
        "last_saved": gettext("Last saved by %(name)s, %(time)s.", name=name, time=time) if at else "",
        "reason": str(KEPT_FOR[each.why]) if each.why else "",
    }


def _walked_in(each: WalkedIn, taken: Taken) -> dict[str, Any]:
    """``walk_in`` is the number of the row, once there is one."""
    return {
        "uid": each.sent.uid,
        "person": None,
        "what": WALK_IN,
        "outcome": each.outcome,
        "walk_in": taken.written.get(each.sent.uid) if each.outcome is Outcome.APPLIED else None,
        "reason": str(KEPT_FOR[each.why]) if each.why else "",
    }


def _minutes_said(taken: Taken) -> str:
    return gettext(
        "Give the minutes as a number from 1 to %(most)d: the session lasts %(minutes)d.",
        most=taken.minutes - 1,
        minutes=taken.minutes,
    )


def _all_refused(batch: Batch, reason: str) -> list[dict[str, Any]]:
    return [_refusal(_refused(each, batch, reason)) for each in batch.all]


def _refused(each: Sent | SentNumber | SentWalkIn, batch: Batch, reason: str) -> Refusal:
    person = each.wanted.person_id if isinstance(each, Sent) else None
    what = each.what if isinstance(each, SentNumber) else WALK_IN if isinstance(each, SentWalkIn) else None
    return Refusal(each.uid, batch.occurrence_id, person, what, reason)


def _refusal(each: Refusal) -> dict[str, Any]:
    what = {"what": each.what} if each.what else {}
    told = {"uid": each.uid, "sheet": each.sheet, "person": each.person, **what}
    return {**told, "outcome": "refused", "reason": each.reason}
