"""Accounts, roles, programs, and what to do when somebody leaves."""

from scheduler.web.admin import audit, leaving, limits, people, person, programs
from scheduler.web.admin.blueprint import blueprint

__all__ = ["audit", "blueprint", "leaving", "limits", "people", "person", "programs"]
