"""What everybody may see."""

from scheduler.web.public import landing, mark, meetings
from scheduler.web.public.blueprint import blueprint

__all__ = ["blueprint", "landing", "mark", "meetings"]
