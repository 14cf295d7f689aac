"""What a facilitator leads, and the sheets."""

from scheduler.web.facilitator import (
    absences,
    alike,
    calendar,
    correcting,
    device,
    saving,
    sheet,
    submitting,
    syncing,
    today,
)
from scheduler.web.facilitator.blueprint import blueprint

__all__ = [
    "absences",
    "alike",
    "blueprint",
    "calendar",
    "correcting",
    "device",
    "saving",
    "sheet",
    "submitting",
    "syncing",
    "today",
]
