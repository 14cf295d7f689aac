"""Passkeys: what a browser is asked, and whether its answer holds (WebAuthn level 3). Pure but for chance.

An answer comes from anybody: whatever it is, it is right or it is refused.
"""

import hashlib
import json
import struct
from dataclasses import dataclass
from typing import Any, Final

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.helpers import base64url_to_bytes, generate_challenge, generate_user_handle, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LONGEST: Final = 20_000
"""Characters of an answer; real ones have about a thousand."""
RANDOM: Final = 64
"""Bytes of chance at the beginning of a challenge."""
_WRONG: Final = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    OverflowError,
    struct.error,
)
"""What the library raises for an answer that is none."""


@dataclass(frozen=True, slots=True)
class Party:
    """The service as browsers know it: its host, and the whole of its address (``https://my.example.org``)."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a browser: ``options`` is JSON, ``challenge`` what must be signed."""

    options: str
    challenge: bytes


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that a device has just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser answered, taken apart and not yet believed."""

    credential: dict[str, Any]
    credential_id: bytes
    challenge: bytes
    user_handle: bytes | None


def new_handle() -> bytes:
    """A random name of a person, for their devices."""
    return generate_user_handle()


def hash_of(challenge: bytes) -> str:
    """What the row of a challenge is found by."""
    return hashlib.sha256(challenge).hexdigest()


def ask_for_new(party: Party, *, handle: bytes, name: str, known: tuple[bytes, ...]) -> Asked:
    """Ask for a new passkey that the device finds by itself; not on a device that has one of ``known``.

    ``name`` is shown by the device; the service is shown by its host, which tells no more than its address.
    """
    challenge = generate_challenge() + handle
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=party.host,
        user_id=handle,
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return Asked(options_to_json(options), challenge)


def handle_in(challenge: bytes) -> bytes:
    """The handle that a device got with this challenge of :func:`ask_for_new`.

    It is a part of it, so that whatever else was asked meanwhile, on other devices too, the answer brings the
    handle that this device will name at the door.
    """
    return challenge[RANDOM:]


def ask_for_any(party: Party) -> Asked:
    """Ask for whichever passkey the device has for this service; the question names nobody."""
    challenge = generate_challenge()
    options = webauthn.generate_authentication_options(
        rp_id=party.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Asked(options_to_json(options), challenge)


def read(typed: str) -> Answer | None:
    """Take an answer apart; none where it is none."""
    if len(typed) > LONGEST:
        return None
    try:
        credential = json.loads(typed)
        response = credential["response"]
        client = json.loads(base64url_to_bytes(response["clientDataJSON"]))
        handle = response.get("userHandle")
        return Answer(
            credential=credential,
            credential_id=base64url_to_bytes(credential["rawId"]),
            challenge=base64url_to_bytes(client["challenge"]),
            user_handle=base64url_to_bytes(handle) if handle else None,
        )
    except _WRONG:
        return None


def new_key(answer: Answer, party: Party) -> NewKey | None:
    """The passkey that was made for ``answer.challenge``, its owner verified by the device; else none."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _WRONG:
        return None
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def new_count(answer: Answer, party: Party, *, public_key: bytes, sign_count: int) -> int | None:
    """The count after this use, if the passkey signed ``answer.challenge`` and its owner was verified.

    None for anything else, and where the count did not grow: then there is a copy of the key.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _WRONG:
        return None
    return found.new_sign_count
