"""What a facilitator leads, and the sheets."""

from scheduler.web.facilitator.blueprint import blueprint

__all__ = ["blueprint"]
