"""Sixteen connections that ask without a pause, and what answering cost the server."""

import os
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

from tests.support.program import children_of

CONNECTIONS = 16
ROUNDS = 3
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"connection: *close", re.IGNORECASE)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Pace:
    """How many requests were answered in a second, and the CPU milliseconds that each took the server."""

    a_second: float
    cpu_ms: float


def pace(address: str, pid: int, asked: Sequence[bytes], *, status: int, how_many: int) -> Pace:
    """Ask each of these in turn, again and again; the median of three rounds after one of warming up.

    ``pid`` is the server, its children included. Raises ``AssertionError`` for an answer of another status.
    """
    _ask(address, asked, status, max(len(asked), how_many // 4))
    rounds = []
    for _ in range(ROUNDS):
        spent, begin = cpu_seconds(pid), perf_counter()
        _ask(address, asked, status, how_many)
        rounds.append(Pace(how_many / (perf_counter() - begin), (cpu_seconds(pid) - spent) / how_many * 1000))
    return Pace(median(each.a_second for each in rounds), median(each.cpu_ms for each in rounds))


def cpu_seconds(pid: int) -> float:
    """What a process and its children have used until now, in user and kernel mode."""
    spent = 0
    for each in (pid, *children_of(pid)):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / _TICKS


@contextmanager
def on_one_core() -> Iterator[None]:
    """What is started in this block keeps to one core, and this process to the others, if there are any."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores[1:] or cores)


@dataclass(slots=True)
class _Connection:
    """One of the sixteen; it opens itself anew where the server does not keep it."""

    host: str
    port: int
    line: socket.socket = field(init=False)
    got: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.line = socket.create_connection((self.host, self.port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.got.clear()
        self.line.sendall(request)

    def is_answered(self) -> bool:
        """Read what has come; is the answer whole?"""
        part = self.line.recv(262_144)
        self.got += part
        head, parted, body = self.got.partition(b"\r\n\r\n")
        if not parted:
            assert part, "the server hung up"
            return False
        length = _LENGTH.search(head)
        if length is None and b" 304 " not in head[:16]:
            return not part
        return len(body) >= (int(length[1]) if length else 0)

    @property
    def is_over(self) -> bool:
        """Does the server close it after this answer? HTTP/1.0 does."""
        return (
            self.got.startswith(b"HTTP/1.0") or _CLOSES.search(self.got.partition(b"\r\n\r\n")[0]) is not None
        )


def _ask(address: str, asked: Sequence[bytes], status: int, how_many: int) -> None:
    parts, waiting = urlsplit(address), islice(cycle(asked), how_many)
    expected = f" {status} ".encode()
    with DefaultSelector() as selector:
        for request in islice(waiting, min(CONNECTIONS, how_many)):
            _begin(selector, _Connection(parts.hostname or "", parts.port or 80), request)
        while selector.get_map():
            for key, _ in selector.select():
                connection: _Connection = key.data
                if not connection.is_answered():
                    continue
                assert expected in connection.got[:16], bytes(connection.got[:300])
                following = next(waiting, None)
                if following is not None and not connection.is_over:
                    connection.send(following)
                    continue
                selector.unregister(connection.line)
                connection.line.close()
                if following is not None:
                    _begin(selector, _Connection(connection.host, connection.port), following)


def _begin(selector: DefaultSelector, connection: _Connection, request: bytes) -> None:
    selector.register(connection.line, EVENT_READ, connection)
    connection.send(request)
