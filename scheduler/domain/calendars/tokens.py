"""The secret in a feed's address: 256 random bits behind a prefix that people and scanners recognize."""

from __future__ import annotations

import hashlib
import secrets

PREFIX = "cal_"


def new_token() -> str:
    """A token that nobody can guess, and nobody can look up again."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token: SHA-256, since a slow hash adds nothing to 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
