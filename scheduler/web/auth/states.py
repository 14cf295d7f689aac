"""What a browser is in the middle of, for some minutes: in its signed cookie, so that no other can go on."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import session

from scheduler import clock


def put(name: str, values: Mapping[str, Any], *, lasts: timedelta) -> None:
    """Remember these plain values under this name; none may identify anybody, as a cookie can be read."""
    session[name] = {**values, "until": (clock.now() + lasts).timestamp()}


def found(name: str) -> Mapping[str, Any] | None:
    """What was remembered, if its time is not over."""
    state = session.get(name)
    return state if isinstance(state, dict) and state["until"] > clock.now().timestamp() else None
