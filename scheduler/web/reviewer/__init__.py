"""Reading a named span of days after an undertaking, and nothing else."""

from scheduler.web.reviewer import reviews, sheets
from scheduler.web.reviewer.blueprint import blueprint

__all__ = ["blueprint", "reviews", "sheets"]
