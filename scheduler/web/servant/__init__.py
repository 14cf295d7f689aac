"""Those who speak for a hosted mutual-help group: its counts, its positions, what it decided."""

from scheduler.web.servant import group, groups
from scheduler.web.servant.blueprint import blueprint

__all__ = ["blueprint", "group", "groups"]
