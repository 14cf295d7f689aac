"""Six digits that go beside a link, and what is kept of them. Pure but for chance.

What is kept begins with a mark of who may type them (the browser that asked; the person who is signed in),
so that a row is found by that alone, and each wrong code is counted on it.
"""

import hashlib
import hmac
import re
import secrets
from typing import Final

TRIES: Final = 5
"""Wrong codes for one row; then it is over."""
_MARK: Final = 32
_FORM: Final = re.compile(r"[0-9]{6}")
_BETWEEN: Final = re.compile(r"[\s.\-\u2010-\u2015]+")


def new_digits() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**6):06d}"


def read(typed: str) -> str | None:
    """The six digits that were typed, spaces and dashes aside; none for anything else."""
    found = _BETWEEN.sub("", typed)
    return found if _FORM.fullmatch(found) else None


def new_browser() -> str:
    """What marks a browser that asks: 128 random bits for its cookie."""
    return secrets.token_urlsafe(16)


def scope_of_browser(browser: str) -> str:
    """What may go into a task: nobody finds the browser's own value by it."""
    return hashlib.sha256(browser.encode()).hexdigest()


def scope_of_person(person_id: int) -> str:
    """For a code that only its owner types, signed in already."""
    return f"person {person_id}"


def mark_of(secret_key: str, scope: str) -> str:
    """What everything kept for this scope begins with."""
    return keyed(secret_key, "scope", scope)[:_MARK]


def kept(secret_key: str, scope: str, link_id: int, digits: str) -> str:
    """What the row with this id keeps."""
    return mark_of(secret_key, scope) + keyed(secret_key, "digits", scope, str(link_id), digits)


def keyed(secret_key: str, *parts: str) -> str:
    """A keyed hash of several texts, which cannot be taken for one of others."""
    return hmac.new(secret_key.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
