"""Hashing passwords, and which ones are accepted. Slow on purpose: never inside a transaction."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 15
"""Characters, for a password without a second factor (SECURITY rule 15); no composition rules."""

MOST = 500

_HASHER = PasswordHasher()  # argon2id with the library's current parameters
_NOBODY = _HASHER.hash(secrets.token_urlsafe())


def hashed(password: str) -> str:
    """The argon2id hash of ``password``."""
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` is the one; takes the same time where there is no hash at all."""
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
