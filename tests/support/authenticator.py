"""A device with passkeys, in software: answers as a browser sends them (WebAuthn, attestation "none")."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """Holds one passkey. ``verifies``: asks its owner to unlock it; ``count``: how often it was used."""

    def __init__(self, origin: str, *, verifies: bool = True, count: int = 0) -> None:
        self.origin = origin
        self.verifies = verifies
        self.count = count
        self.credential_id = secrets.token_bytes(16)
        self.handle = b""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def makes(self, options: str) -> str:
        """The answer to a question for a new passkey."""
        asked = json.loads(options)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        told = self._told(asked["rp"]["id"], ATTESTED) + attested + encode_cbor(public)
        stated = encode_cbor({"fmt": "none", "attStmt": {}, "authData": told})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": stated})

    def signs(self, options: str, *, handle: bytes | None = None) -> str:
        """The answer to a question at the door."""
        asked = json.loads(options)
        self.count += 1
        told = self._told(asked["rpId"])
        client = self._client("webauthn.get", asked["challenge"])
        signature = self._key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": told,
                "signature": signature,
                "userHandle": handle or self.handle,
            }
        )

    def _told(self, host: str, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.credential_id)
        told: dict[str, Any] = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})
