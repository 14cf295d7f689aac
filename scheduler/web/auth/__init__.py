"""Signing in and out, what comes by mail or on paper, and one's own account."""

from scheduler.web.auth import (
    address,
    at_the_door,
    code,
    keys,
    links,
    me,
    second_step,
    shared,
    sign_in,
    sign_ins,
    slip,
)
from scheduler.web.auth.blueprint import blueprint

__all__ = [
    "address",
    "at_the_door",
    "blueprint",
    "code",
    "keys",
    "links",
    "me",
    "second_step",
    "shared",
    "sign_in",
    "sign_ins",
    "slip",
]
