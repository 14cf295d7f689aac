"""Time zones, by name, from the list of zones only (docs/security.md)."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones, reset_tzpath

from scheduler.errors import Invalid

# The pinned package is the only source of zones, so that every node writes the same bytes; a system's own
# files
# change with the system.
reset_tzpath(())

# Files that stand among the zones of some systems and name no place.
_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def zone_names() -> frozenset[str]:
    """The names that a zone may have: the IANA list that this machine carries."""
    return frozenset(available_timezones()) - _NO_PLACES


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name. Raises Invalid on field `timezone`: a name never reaches the file system unless
    it is listed.
    """
    if name not in zone_names():
        raise Invalid("There is no time zone with that name.", field="timezone")
    return ZoneInfo(name)
