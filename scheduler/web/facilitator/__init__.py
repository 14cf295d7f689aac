"""What a facilitator leads, and the sheets."""

from scheduler.web.facilitator import calendar, correcting, device, saving, sheet, syncing, today
from scheduler.web.facilitator.blueprint import blueprint

__all__ = ["blueprint", "calendar", "correcting", "device", "saving", "sheet", "syncing", "today"]
