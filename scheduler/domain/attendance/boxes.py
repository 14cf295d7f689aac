"""Boxes that devices seal with a public key of the server: unreadable on the device itself. Pure.

ECDH on P-256 with a key made for one box, HKDF-SHA-256, AES-256-GCM: what browsers bring along. The key pair
is derived from the secret key, so that nothing more has to be kept, and an earlier secret key opens what was
sealed to its pair.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PAIR: Final = b"pair for sealed marks"
INFO: Final = b"sealed-marks-1"
_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256 (NIST SP 800-186, 3.2.1.3)."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What devices seal with: ``id`` names it, ``jwk`` is it as browsers import it."""

    id: str
    jwk: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Box:
    """A sealed box as it was sent; ``epk`` is the JWK of the key that was made for it."""

    id: str
    key_id: str
    epk: Mapping[str, object]
    iv: str
    box: str


class NoSuchKey(Exception):
    """The box is for a key that is none of ours: of a secret key that is not known here any more."""


def public_key(secret_key: str) -> PublicKey:
    """The public key that belongs to a secret key."""
    return _pair(secret_key)[1]


def opened(secret_keys: Sequence[str], box: Box) -> Any:
    """What was sealed, as the value that its JSON says; none for what is no box of ours.

    Raises NoSuchKey where another secret key might open it.
    """
    pairs = {pair[1].id: pair[0] for pair in map(_pair, secret_keys)}
    if box.key_id not in pairs:
        raise NoSuchKey(box.key_id)
    try:
        shared = pairs[box.key_id].exchange(ec.ECDH(), _public(box.epk))
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO).derive(shared)
        aad = f"{box.id}.{box.key_id}".encode()
        return json.loads(AESGCM(key).decrypt(_bytes(box.iv), _bytes(box.box), aad))
    except (InvalidTag, ValueError, RecursionError):  # no point of the curve, no base64, no JSON
        return None


@lru_cache(maxsize=16)
def _pair(secret_key: str) -> tuple[ec.EllipticCurvePrivateKey, PublicKey]:
    # 16 bytes more than the order has, so that no number is likelier than another (FIPS 186-5, A.2.1).
    wide = HKDF(algorithm=SHA256(), length=48, salt=None, info=PAIR).derive(secret_key.encode())
    private = ec.derive_private_key(int.from_bytes(wide) % (_ORDER - 1) + 1, _CURVE)
    numbers = private.public_key().public_numbers()
    x, y = (_text(each.to_bytes(32)) for each in (numbers.x, numbers.y))
    name = hashlib.sha256(f"{x}.{y}".encode()).hexdigest()[:16]
    return private, PublicKey(name, {"kty": "EC", "crv": "P-256", "x": x, "y": y})


def _public(jwk: Mapping[str, object]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(_bytes(jwk.get(name))) for name in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, _CURVE).public_key()


def _text(number: bytes) -> str:
    return base64.urlsafe_b64encode(number).rstrip(b"=").decode()


def _bytes(text: object) -> bytes:
    """Base64, of either alphabet, padded or not. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("no base64")  # noqa: TRY004 -- the value that was sent is wrong
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
