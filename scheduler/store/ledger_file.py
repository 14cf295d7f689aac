"""The file of the ledger: lines are added to it, each on the disk before its task counts as done."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import FileIO
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.errors import Refused
from scheduler.store.ledger import KIND, Line
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction

AT_ONCE = 1000


class LedgerNotWritten(OSError):
    """The ledger cannot be written: ``filename`` is where, ``strerror`` why. It is as it was before."""


class LedgerFile:
    """The ledger at ``path``, readable to its owner only. It need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Whether anything was ever written to it."""
        return self.path.is_file()

    def append(self, lines: Iterable[Line]) -> None:
        """Add lines, all or none, and come back when they are on the disk.

        Raises :class:`LedgerNotWritten`.
        """
        with self.appended(lines):
            pass

    @contextmanager
    def appended(self, lines: Iterable[Line]) -> Iterator[None]:
        """The same for what is true only once the body is done: where that fails, the lines go again.

        Nobody else writes or takes back anything meanwhile: keep the body short.
        """
        text = "".join(json.dumps(line.as_payload(), separators=(",", ":")) + "\n" for line in lines)
        with ExitStack() as opened:
            with self._told():
                file = opened.enter_context(self._locked())
                end = _end_of_what_was_finished(file)
            try:
                with self._told():
                    _write(file, end, text.encode())
                yield
            except BaseException:
                file.truncate(end)
                raise

    def read(self) -> Iterator[Line]:
        """Every line that was finished. Raises :class:`Refused` for one that cannot be read."""
        with self.path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if not raw.endswith(b"\n"):
                    return  # cut off while it was written: its task is not done, and writes it again
                try:
                    yield Line.of(json.loads(raw))
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                    raise Refused(f"Line {number} of the ledger {self.path} cannot be read.") from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LedgerNotWritten(error.errno, error.strerror or str(error), str(self.path)) from error

    @contextmanager
    def _locked(self) -> Iterator[FileIO]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:  # closing must not write what a full disk refused
            fcntl.flock(file, fcntl.LOCK_EX)
            if is_new:
                sync_folder(self.path.parent)
            yield file


def flush(sessions: sessionmaker[Database], ledger: LedgerFile, *, now: datetime) -> int:
    """Copy all that waits, given up or not, to the file, and answer how much that was."""
    copied = 0
    while True:
        with sessions() as session:
            waiting = select(Outbox).where(Outbox.kind == KIND, Outbox.done_at.is_(None))
            rows = session.scalars(waiting.order_by(Outbox.id).limit(AT_ONCE)).all()
            if not rows:
                return copied
            ids = [row.id for row in rows]
            ledger.append([Line.of(row.payload) for row in rows])
            with transaction(session):
                session.execute(update(Outbox).where(Outbox.id.in_(ids)).values(done_at=now))
        copied += len(ids)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk: a new or renamed file is there after a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _end_of_what_was_finished(file: FileIO) -> int:
    """Where the last whole line ends: what follows it was cut off while it was written."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - 4096)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _write(file: FileIO, end: int, text: bytes) -> None:
    """Write from ``end`` on, and come back when it is on the disk."""
    file.truncate(end)
    file.seek(end)
    while text:
        text = text[file.write(text) :]
    os.fsync(file.fileno())
