"""Why what a device sent waits for a coordinator."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Why a mark waits for a coordinator."""

    CANCELLED = "cancelled"
    NOT_MET = "not_met"
    LOCKED = "locked"
    SUBMITTED = "submitted"
    NOT_THEIRS = "not_theirs"
    """Who made it may not take this sheet any more: reassigned, or without the role."""
    ENDED = "ended"
    """The device was ended before this came."""
    REVOKED = "revoked"
    """Its sign-in was ended from elsewhere, and nobody signed in there since."""
    EARLY = "early"
    """The day of the session has not come, and nobody was there to be told."""
    COUNTING = "counting"
    """The sheet is by heads now, or by names."""
    CONFLICT = "conflict"
    """Somebody else was faster, and nobody was there to be asked."""
    NOT_EXPECTED = "not_expected"
    """The person is not on the sheet any more, and nobody was there to be told."""
    FULL = "full"
    """There are too many walk-ins on the sheet."""
    UNFIT = "unfit"
    """Its minutes are not within the session any more, and nobody was there to be told."""
    UNKNOWN = "unknown"
    """The device is not known any more: the database was restored from before it was."""
    STALE = "stale"
    """It was made when the device must not have kept the sheet any more."""
