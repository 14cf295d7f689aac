"""Encryption to age keys, as streams: nothing is held in memory, and nothing lies open on a disk."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from scheduler.errors import Refused

MARK = b"age-encryption.org/v1\n"
"""How an encrypted file begins."""


def recipients_of(keys: Sequence[str]) -> list[Any]:
    """Public keys as they are typed, ``age1…``. Raises :class:`Refused` for one that is none."""
    from pyrage import RecipientError, x25519

    try:
        return [x25519.Recipient.from_str(key) for key in keys]
    except RecipientError as error:
        raise Refused("A key to encrypt to looks like age1…, as age-keygen prints it.") from error


def identities_of(path: Path) -> list[Any]:
    """The secret keys in a file of age-keygen. Raises :class:`Refused` where there is none."""
    from pyrage import IdentityError, x25519

    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        keys = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, ValueError, IdentityError) as error:
        raise Refused(f"{path} cannot be read as a file of age-keygen.") from error
    if not keys:
        raise Refused(f"There is no key in {path}.")
    return keys


@contextmanager
def sealed(target: BinaryIO, recipients: Sequence[Any]) -> Iterator[BinaryIO]:
    """What is written here arrives in ``target``, encrypted where there is anybody to encrypt to."""
    if not recipients:
        yield target
        return
    from pyrage import encrypt_io

    source, sink = _pipe()
    with _beside(lambda: encrypt_io(source, target, list(recipients)), source), sink:
        yield sink


@contextmanager
def unsealed(source: BinaryIO, identities: Sequence[Any]) -> Iterator[BinaryIO]:
    """What was sealed in ``source``, or what stands there openly. Raises :class:`Refused` without the key."""
    start = source.read(len(MARK))
    source.seek(0)
    if start != MARK:
        yield source
        return
    if not identities:
        raise Refused("The backup is encrypted. Give the file with its key: --key FILE")
    from pyrage import decrypt_io

    plain, sink = _pipe()
    with _beside(lambda: decrypt_io(source, sink, list(identities)), sink), plain:
        yield plain


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


@contextmanager
def _beside(work: Any, end: BinaryIO) -> Iterator[None]:
    """Do ``work`` in a thread that closes its ``end`` of the pipe; what it raised is raised here at last."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 -- handed over to the thread that waits for it
            raised.append(error)
        with suppress(OSError):
            end.close()

    thread = threading.Thread(target=run, name="age")
    thread.start()
    try:
        yield
    except Exception:
        thread.join()
        if raised and not isinstance(raised[0], BrokenPipeError):  # else this end was closed, for what it met
            raise _as_told(raised[0]) from raised[0]
        raise
    finally:
        thread.join()
    if raised:
        raise _as_told(raised[0]) from raised[0]


def _as_told(error: BaseException) -> Refused:
    """What the library refused, in our words: while it writes, it is the disk; while it reads, the file."""
    from pyrage import EncryptError

    if isinstance(error, EncryptError):
        why = str(error).rpartition("] ")[2]
        return Refused(f"The backup cannot be written: {why}. Nothing was changed.")
    return Refused("The backup cannot be decrypted: it was made for another key, or is damaged.")
