"""What everybody may see."""

from scheduler.web.public import health, landing, mark, meetings, sealed
from scheduler.web.public.blueprint import blueprint

__all__ = ["blueprint", "health", "landing", "mark", "meetings", "sealed"]
