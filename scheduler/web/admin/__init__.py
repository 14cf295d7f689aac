"""Accounts, roles, and what to do when somebody leaves."""

from scheduler.web.admin import leaving, limits, people, person
from scheduler.web.admin.blueprint import blueprint

__all__ = ["blueprint", "leaving", "limits", "people", "person"]
