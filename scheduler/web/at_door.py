"""What a browser scanned at a door: kept in its signed cookie for some minutes, through a sign-in as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import session

from scheduler import clock
from scheduler.domain.access.digits import new_browser
from scheduler.domain.attendance import door
from scheduler.web.auth import states
from scheduler.web.auth.carrying import DOOR, settings


@dataclass(frozen=True, slots=True)
class Pass:
    """Which session's door was scanned, and when (UTC); ``used_by`` is whom it let in.

    ``once`` tells it from others: the server keeps whom it let in, so that a copy lets in nobody else.
    """

    occurrence_id: int
    scanned_at: datetime
    used_by: int | None
    once: str


def enter(code: str) -> bool:
    """Remember the door of this code, if it stands there now."""
    now = clock.now()
    occurrence_id = door.scanned(settings().secret_key, code, now)
    if occurrence_id is None:
        return False
    states.put(
        DOOR,
        {"occurrence": occurrence_id, "at": now.timestamp(), "once": new_browser()},
        lasts=door.PASS_LASTS,
    )
    return True


def found() -> Pass | None:
    """The pass of this browser, if its time is not over."""
    state = states.found(DOOR)
    return _pass(state) if state and "once" in state else None


def use(person_id: int) -> None:
    """The pass of this browser let this person in, and lets in nobody else on the same phone."""
    session[DOOR] = {**session[DOOR], "by": person_id}


def title() -> str:
    """What pages at the door are called: it tells nothing."""
    return settings().calendar_name


def _pass(state: Mapping[str, Any]) -> Pass:
    return Pass(state["occurrence"], datetime.fromtimestamp(state["at"], UTC), state.get("by"), state["once"])
