"""When a row that calendars show was last changed."""

from datetime import datetime, timedelta


def risen(now: datetime, old: datetime) -> datetime:
    """The instant of the newest change: later than ``old`` by at least a second, whatever the clock says.

    Calendars tell times by the second, and some readers look at nothing else (docs/feeds.md, LAST-MODIFIED).
    """
    return max(now, old + timedelta(seconds=1))
