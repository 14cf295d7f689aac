"""Accounts, roles, and what to do when somebody leaves."""

from scheduler.web.admin import leaving, people, person
from scheduler.web.admin.blueprint import blueprint

__all__ = ["blueprint", "leaving", "people", "person"]
