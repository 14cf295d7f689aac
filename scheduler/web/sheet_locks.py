"""How long after its session a sheet can be changed, as it is set."""

from datetime import timedelta

from flask import current_app

from scheduler.config import Settings


def locks() -> timedelta:
    """The setting's days."""
    found: Settings = current_app.extensions["settings"]
    return timedelta(days=found.sheet_lock_days)
