"""How a feed stands: it lives, it says farewell, or it is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """What the address of a feed answers: the calendar, an empty one, or that there is none."""

    LIVE = "live"
    FAREWELL = "farewell"
    GONE = "gone"


class Ending(StrEnum):
    """The two ways to turn a feed off: its entries leave the phones first, or the address ends at once."""

    FAREWELL = "farewell"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class End:
    """When a feed was turned off, and until when it answers as an empty calendar (empty: not at all)."""

    at: datetime
    farewell_until: datetime | None


def end_of(
    *,
    revoked_at: datetime | None,
    farewell_until: datetime | None,
    suspended_at: datetime | None,
    owner_left_at: datetime | None,
    farewell: timedelta,
) -> End | None:
    """When this feed ended: by itself, or with its owner's account, which goes the way of a farewell.

    One that waits for somebody to confirm it after a restore answers as if it had been ended at once.
    """
    if revoked_at is not None:
        return End(revoked_at, farewell_until)
    if suspended_at is not None:
        return End(suspended_at, None)
    return End(owner_left_at, owner_left_at + farewell) if owner_left_at is not None else None


def standing(end: End | None, now: datetime) -> Standing:
    """How a feed that ended so, or did not end, stands at this instant."""
    if end is None:
        return Standing.LIVE
    return Standing.FAREWELL if end.farewell_until is not None and now < end.farewell_until else Standing.GONE
