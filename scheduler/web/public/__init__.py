"""What everybody may see."""

from scheduler.web.public import health, installing, landing, mark, meetings, sealed
from scheduler.web.public.blueprint import blueprint

__all__ = ["blueprint", "health", "installing", "landing", "mark", "meetings", "sealed"]
