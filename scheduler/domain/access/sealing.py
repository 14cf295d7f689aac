"""Sealing what must be read again: with a key derived from the installation's secret key. Pure.

A new secret key cannot open what the old one sealed.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(secret_key: str, text: str) -> str:
    """The text, unreadable without the key."""
    return _box(secret_key).encrypt(text.encode()).decode()


def opened(secret_key: str, sealed: str) -> str | None:
    """What was sealed; none where it was with another key."""
    try:
        return _box(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(secret_key: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second step").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(key))
