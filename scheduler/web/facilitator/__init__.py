"""What a facilitator leads, and the sheets."""

from scheduler.web.facilitator import (
    absences,
    alike,
    arrivals,
    calendar,
    correcting,
    device,
    door,
    entering,
    matching,
    paper,
    saving,
    sheet,
    starting,
    submitting,
    syncing,
    today,
    walking_in,
)
from scheduler.web.facilitator.blueprint import blueprint

__all__ = [
    "absences",
    "alike",
    "arrivals",
    "blueprint",
    "calendar",
    "correcting",
    "device",
    "door",
    "entering",
    "matching",
    "paper",
    "saving",
    "sheet",
    "starting",
    "submitting",
    "syncing",
    "today",
    "walking_in",
]
