"""A member's own pages."""

from scheduler.web.member import meetings
from scheduler.web.member.blueprint import blueprint

__all__ = ["blueprint", "meetings"]
