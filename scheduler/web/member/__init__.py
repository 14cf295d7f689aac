"""A member's own pages."""

from scheduler.web.member import calendar, meetings, week
from scheduler.web.member.blueprint import blueprint

__all__ = ["blueprint", "calendar", "meetings", "week"]
