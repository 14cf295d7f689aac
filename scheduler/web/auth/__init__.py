"""Signing in and out, links by mail, and one's own account."""

from scheduler.web.auth.blueprint import blueprint

__all__ = ["blueprint"]
