"""The ticket by which a device is known: a signed secret and a person. Pure but for chance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket says: the secret of a device, and whose it was when it was made."""

    secret: str
    person_id: int


def signed(keys: Sequence[str], ticket: Ticket) -> str:
    """The ticket as a device keeps it, signed with the first of ``keys``."""
    return str(_signer(keys).dumps([ticket.secret, ticket.person_id]))


def read(keys: Sequence[str], text: str) -> Ticket | None:
    """What a device sent back; none where none of ``keys`` signed it."""
    try:
        secret, person_id = _signer(keys).loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    if not isinstance(secret, str) or not isinstance(person_id, int):
        return None
    return Ticket(secret, person_id)


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    # It signs with the last, and reads what any of them signed.
    return URLSafeSerializer(
        list(reversed(keys)), salt="device", signer_kwargs={"digest_method": hashlib.sha256}
    )
