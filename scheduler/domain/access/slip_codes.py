"""The code on a printed slip: ten characters that nobody takes for each other. Pure but for chance."""

import re
import secrets
from typing import Final

from scheduler.domain.people.lockout import key_of

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, so that paper and a hurried hand can be read. 5 bits each."""
LENGTH: Final = 10
GROUPS: Final = (3, 3, 4)
_FORM: Final = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
_ALIKE: Final = str.maketrans("ILO", "110")
_BETWEEN: Final = re.compile(r"[\s.\-\u2010-\u2015]+")


def new_code() -> str:
    """50 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read(typed: str) -> str | None:
    """The code that was typed or scanned, or none where it has not a code's form.

    Small letters, spaces and dashes do not matter; I and L are read as 1, and O as 0.
    """
    code = _BETWEEN.sub("", typed).upper().translate(_ALIKE)
    return code if _FORM.fullmatch(code) else None


def grouped(code: str) -> str:
    """As it is printed: ``7K3-9QM-X2VB``."""
    parts, rest = [], code
    for size in GROUPS:
        parts.append(rest[:size])
        rest = rest[size:]
    return "-".join(parts)


def kept(secret_key: str, code: str) -> str:
    """What is stored of a code: a keyed hash, since 50 bits could be tried out by who has the table alone."""
    return key_of(secret_key, f"slip {code}")
