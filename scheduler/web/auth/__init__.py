"""Signing in and out, links by mail, and one's own account."""

from scheduler.web.auth import links, me, sign_in
from scheduler.web.auth.blueprint import blueprint

__all__ = ["blueprint", "links", "me", "sign_in"]
