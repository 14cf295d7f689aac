"""The file of a backup: a packed tar with the manifest first and the data after it, or that, encrypted."""

import fcntl
import gzip
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from scheduler.errors import Refused
from scheduler.store.backups.manifest import Data, Manifest
from scheduler.store.backups.sealing import sealed, unsealed
from scheduler.store.ledger_file import sync_folder

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 2**22
PIECE = 2**20
_ASIDE = ".aftercare-aside-"
_DAMAGED = (
    EOFError,
    ValueError,
    KeyError,
    RecursionError,
    zlib.error,
    tarfile.TarError,
    gzip.BadGzipFile,
)


def data_of(path: Path) -> Data:
    """The length and the SHA-256 of a file."""
    with path.open("rb") as file:
        return Data(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A folder for the owner only, inside ``folder``, that goes at the end.

    Those that killed runs left go at the beginning.
    """
    for left in folder.glob(f"{_ASIDE}*"):
        with _locked(left) as is_ours:
            if is_ours:
                shutil.rmtree(left, ignore_errors=True)
    path = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder))
    try:
        with _locked(path):
            yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def new_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file that is at ``path`` whole, or not at all; readable to its owner only from its first byte.

    Raises :class:`Refused` where there is one already, unless it may be replaced.
    """
    if path.exists() and not replace:
        raise Refused(f"{path} exists already. Choose another name, or add --force to replace it.")
    partial = path.with_name(path.name + ".partial")
    handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b") as file:
        _claim(file, path)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _put(partial, path, replace=replace)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def write(target: BinaryIO, manifest: Manifest, data: Path, recipients: Sequence[Any]) -> None:
    """Write manifest and data into ``target``, encrypted where there are recipients. Raises ``OSError``."""
    with (
        sealed(target, recipients) as plain,
        gzip.GzipFile(fileobj=plain, mode="wb", compresslevel=1, mtime=0, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w|", bufsize=PIECE, format=tarfile.PAX_FORMAT) as tar,
        data.open("rb") as file,
    ):
        text = manifest.written()
        tar.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))
        tar.addfile(_entry(manifest.data.name, manifest.data.size), file)


def read(path: Path, folder: Path, identities: Sequence[Any]) -> tuple[Manifest, Path]:
    """The manifest, and the data as a file in ``folder``, compared with what the manifest says of it.

    Raises :class:`Refused` for what is damaged, or no backup, or encrypted to another key.
    """
    try:
        with (
            path.open("rb") as file,
            unsealed(file, identities) as plain,
            gzip.GzipFile(fileobj=plain, mode="rb") as packed,
        ):
            manifest, data = _unpack(packed, folder)
            while packed.read(PIECE):  # to the end, where the checksum stands
                pass
    except _DAMAGED as error:
        raise Refused(f"{path} is damaged, or no backup of this program.") from error
    if data_of(data) != manifest.data:
        raise Refused(f"{path} is damaged: its data is not what was written.")
    return manifest, data


def _unpack(packed: gzip.GzipFile, folder: Path) -> tuple[Manifest, Path]:
    with tarfile.open(fileobj=packed, mode="r|", bufsize=PIECE) as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
            raise ValueError("no manifest")
        manifest = Manifest.read(_content(tar, first).read())
        second = tar.next()
        if second is None or (second.name, second.size) != (manifest.data.name, manifest.data.size):
            raise ValueError("no data")
        path = folder / Path(second.name).name
        with open(path, "wb", opener=_private) as file:
            shutil.copyfileobj(_content(tar, second), file, PIECE)
    return manifest, path


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> Any:
    content = tar.extractfile(entry)
    if content is None:
        raise ValueError("not a file")
    return content


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _claim(file: BinaryIO, path: Path) -> None:
    """Begin the file anew, whatever a killed run left in it; refuse where another run is at work on it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refused(f"Another backup is being written to {path}.") from error
    os.fchmod(file.fileno(), 0o600)
    file.truncate(0)


def _put(partial: Path, path: Path, *, replace: bool) -> None:
    if replace:
        partial.replace(path)
        return
    try:
        path.hardlink_to(partial)  # unlike renaming, it never replaces what appeared in the meantime
    except FileExistsError as error:
        raise Refused(f"{path} exists already. Choose another name, or add --force to replace it.") from error
    except OSError:  # a file system without links
        partial.replace(path)
        return
    partial.unlink()


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Whether nobody is at work in ``folder``, which is then ours."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = True
    except OSError:
        is_ours = False
    try:
        yield is_ours
    finally:
        os.close(handle)
