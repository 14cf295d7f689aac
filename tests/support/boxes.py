"""Sealing a box as a browser does, from the parts that the documentation names."""

import base64
import os
from collections.abc import Mapping
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(key: Mapping[str, str], key_id: str, text: bytes) -> dict[str, object]:
    """One entry of what is sent to ``/sealed``."""
    x, y = (int.from_bytes(base64.urlsafe_b64decode(key[name] + "=")) for name in "xy")
    theirs = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    mine = ec.generate_private_key(ec.SECP256R1())
    numbers = mine.public_key().public_numbers()
    shared = mine.exchange(ec.ECDH(), theirs)
    secret = HKDF(algorithm=SHA256(), length=32, salt=b"", info=b"sealed-marks-1").derive(shared)
    name, iv = str(uuid4()), os.urandom(12)
    return {
        "id": name,
        "key_id": key_id,
        "epk": {"kty": "EC", "crv": "P-256", "x": _text(numbers.x), "y": _text(numbers.y)},
        "iv": base64.b64encode(iv).decode(),
        "box": base64.b64encode(AESGCM(secret).encrypt(iv, text, f"{name}.{key_id}".encode())).decode(),
    }


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()
