"""Planning: the week, series, people, places."""

from scheduler.web.coordinator.blueprint import blueprint

__all__ = ["blueprint"]
