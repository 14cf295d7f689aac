"""Wall time and instants: the one place where a local time and a zone become a moment.

Local times are naive datetimes, instants are aware and in UTC. The local time with its zone is the authority
for all that recurs; an instant is derived from them, and derived again when the rules of a zone change.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.places.zones import zone_named, zone_names
from scheduler.errors import Invalid

__all__ = [
    "instant_of",
    "instants_around",
    "is_skipped",
    "local_of",
    "minutes_between",
    "require_existing",
    "zone_named",
    "zone_names",
]

LONGEST_OVERNIGHT = timedelta(hours=4)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive wall time.

    One that does not exist takes the offset before the gap (RFC 5545, 3.3.5); one that exists twice is the
    first. Both are what PEP 495 calls fold 0.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def local_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """The naive wall time of an instant; the second of two equal wall times loses what told it from the
    first.
    """
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def instants_around(at: time, near: datetime, timezone: str) -> list[datetime]:
    """The UTC instants of a wall time on the local day of another instant, the day before and the day after.

    One that exists twice is there twice; one that does not exist takes the offset before the gap.
    """
    zone = zone_named(timezone)
    today = local_of(near, zone).date()
    days = [datetime.combine(today + timedelta(days=by), at) for by in (-1, 0, 1)]
    first = {instant_of(local, zone) for local in days}
    second = (local.replace(tzinfo=zone, fold=1) for local in days if not is_skipped(local, zone))
    return sorted(first | {local.astimezone(UTC) for local in second})


def is_skipped(local: datetime, zone: ZoneInfo) -> bool:
    """Does a change of clock jump over this naive wall time?"""
    return local_of(instant_of(local, zone), zone) != local.replace(fold=0)


def require_existing(local: datetime, zone: ZoneInfo, *, field: str) -> None:
    """Raises Invalid on `field` if a person typed a wall time that does not exist on that day."""
    if is_skipped(local, zone):
        raise Invalid(
            "The clocks change that night, and that time does not exist. Choose another time.", field=field
        )


def minutes_between(start: time, end: time) -> int:
    """The minutes from one wall time to the next such wall time.

    An end before its start is on the next day, if that makes it at most four hours. Raises
    Invalid on field `end` otherwise, and where both are the same.
    """
    day = datetime(2000, 1, 1)
    length = datetime.combine(day, end) - datetime.combine(day, start)
    if length < timedelta(0) and length + timedelta(days=1) <= LONGEST_OVERNIGHT:
        length += timedelta(days=1)
    if length < timedelta(0):
        raise Invalid("The end is before the start.", field="end")
    if not length:
        raise Invalid("The end is the same as the start.", field="end")
    return int(length.total_seconds() // 60)
