"""Why a stay ended, and what becomes of places during a hold. Codes: what they read as, pages say. Pure."""

from enum import StrEnum


class DischargeReason(StrEnum):
    """Why a stay ended. The first seven are those that treatment centers in the United States report
    (SAMHSA, Treatment Episode Data Set, discharges).
    """

    COMPLETED = "completed"
    LEFT = "left"
    ENDED_BY_CENTER = "ended_by_center"
    TRANSFERRED = "transferred"
    INCARCERATED = "incarcerated"
    DIED = "died"
    OTHER = "other"
    MOVED = "moved"
    LOST_TOUCH = "lost_touch"


class Places(StrEnum):
    """Whether others may have a member's places during a hold."""

    KEPT = "kept"
    FREED = "freed"
