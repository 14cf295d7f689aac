"""Single-use links: the signed id of a row that holds use and expiry. Pure.

Only the id and the key are needed to make one, so that a worker that knows ids can write the message.
"""

import hashlib
from enum import StrEnum
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer


class Purpose(StrEnum):
    """What a link is for. An invitation and a reset lead to the page that sets a password; a slip is paper.
    The row of a door is a pass that let its person in, and is no link.

    A sign-in, and the confirming of an address, have a code beside the link.
    """

    INVITATION = "invitation"
    RESET = "reset"
    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    SLIP = "slip"
    DOOR = "door"


TO_A_PASSWORD: Final = frozenset({Purpose.INVITATION, Purpose.RESET})
"""What leads to the page that sets a password."""


def token_of(secret_key: str, link_id: int) -> str:
    """What stands in the address of the link with this id."""
    return str(_signer(secret_key).dumps(link_id))


def id_of(secret_key: str, token: str) -> int | None:
    """The id that ``token`` signs, or none where nobody here signed it."""
    try:
        found = _signer(secret_key).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret_key, salt="one-time-link", signer_kwargs={"digest_method": hashlib.sha256}
    )
