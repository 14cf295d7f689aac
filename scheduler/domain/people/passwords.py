"""Hashing passwords, and which ones are accepted. Slow on purpose: never inside a transaction."""

import secrets
import threading
import unicodedata
from collections.abc import Iterable
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from scheduler.domain.people.weak import is_guessed_early
from scheduler.errors import Invalid

LEAST: Final = 15
"""Characters, for a password without a second factor; no composition rules."""

MOST: Final = 500

_HASHER = PasswordHasher()  # argon2id with the library's current parameters
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
_ONE_AT_A_TIME = threading.Lock()  # each takes 64 MiB: many guesses at once must not take the memory of all


def hashed(password: str) -> str:
    """The argon2id hash of ``password``."""
    with _ONE_AT_A_TIME:
        return _HASHER.hash(_typed_anywhere(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` is the one; takes the same time where there is no hash at all."""
    try:
        with _ONE_AT_A_TIME:
            _HASHER.verify(password_hash or _NOBODY, _typed_anywhere(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _typed_anywhere(password: str) -> str:
    # Keyboards differ in how they compose an accent; the letter is the same (RFC 8265, 4.2).
    return unicodedata.normalize("NFKC", password)


def require_good(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a password that is too short or guessed early; ``about`` are words that lie near.

    Raises :class:`Invalid` with the sentence to show.
    """
    if len(password) < LEAST:
        raise Invalid("Use at least 15 characters. A few words in a row are easy to keep.", "password")
    if len(password) > MOST:
        raise Invalid("Use at most 500 characters.", "password")
    if is_guessed_early(password, about=about):
        raise Invalid("This is one of the first that somebody would try. Choose other words.", "password")
