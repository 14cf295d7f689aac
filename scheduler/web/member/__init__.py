"""A member's own pages."""

from scheduler.web.member import absences, calendar, check_in, meetings, week
from scheduler.web.member.blueprint import blueprint

__all__ = ["absences", "blueprint", "calendar", "check_in", "meetings", "week"]
