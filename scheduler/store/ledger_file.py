"""The file of the ledger: lines are added to it, each on the disk before its task counts as done."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.errors import Refused
from scheduler.store.ledger import KIND, Line
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction

AT_ONCE = 1000


class LedgerFile:
    """The ledger at ``path``, readable to its owner only. It need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Whether anything was ever written to it."""
        return self.path.is_file()

    def append(self, lines: Iterable[Line]) -> None:
        """Add lines, and come back when they are on the disk. Raises ``OSError``."""
        text = "".join(json.dumps(line.as_payload(), separators=(",", ":")) + "\n" for line in lines)
        with self._locked() as file:
            _cut_what_was_not_finished(file)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())

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
    def _locked(self) -> Iterator[BinaryIO]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
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


def _cut_what_was_not_finished(file: BinaryIO) -> None:
    """Stand at the end of the last whole line, and drop what follows it."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - 4096)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    file.truncate(end)
    file.seek(end)
