"""What everybody may see."""

from scheduler.web.public import door, ended, health, installing, landing, mark, meetings, sealed
from scheduler.web.public.blueprint import blueprint

__all__ = ["blueprint", "door", "ended", "health", "installing", "landing", "mark", "meetings", "sealed"]
