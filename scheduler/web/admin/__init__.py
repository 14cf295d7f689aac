"""Accounts, roles, programs, and what to do when somebody leaves."""

from scheduler.web.admin import (
    audit,
    calendars,
    erasing,
    leaving,
    limits,
    merging,
    people,
    person,
    programs,
    reviews,
)
from scheduler.web.admin.blueprint import blueprint

__all__ = [
    "audit",
    "blueprint",
    "calendars",
    "erasing",
    "leaving",
    "limits",
    "merging",
    "people",
    "person",
    "programs",
    "reviews",
]
