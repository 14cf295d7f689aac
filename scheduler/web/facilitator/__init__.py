"""What a facilitator leads, and the sheets."""

from scheduler.web.facilitator import (
    absences,
    alike,
    calendar,
    correcting,
    device,
    matching,
    saving,
    sheet,
    submitting,
    syncing,
    today,
    walking_in,
)
from scheduler.web.facilitator.blueprint import blueprint

__all__ = [
    "absences",
    "alike",
    "blueprint",
    "calendar",
    "correcting",
    "device",
    "matching",
    "saving",
    "sheet",
    "submitting",
    "syncing",
    "today",
    "walking_in",
]
