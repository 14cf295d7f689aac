"""What everybody may see."""

from scheduler.web.public import landing
from scheduler.web.public.blueprint import blueprint

__all__ = ["blueprint", "landing"]
