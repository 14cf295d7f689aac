"""A member's own pages."""

from scheduler.web.member import absences, calendar, meetings, week
from scheduler.web.member.blueprint import blueprint

__all__ = ["absences", "blueprint", "calendar", "meetings", "week"]
