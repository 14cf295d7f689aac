"""What a facilitator leads, and the sheets."""

from scheduler.web.facilitator import calendar, saving, sheet, today
from scheduler.web.facilitator.blueprint import blueprint

__all__ = ["blueprint", "calendar", "saving", "sheet", "today"]
