"""The ``aftercare`` command as a process of its own."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from tests.support.mail import free_port

PROGRAM = (sys.executable, "-c", "from scheduler.cli import main; main(prog_name='aftercare')")


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """This process's environment, with settings of the test's own only."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    given = {f"AFTERCARE_{name.upper()}": value for name, value in settings.items()}
    return {**kept, "AFTERCARE_INSTANCE_PATH": str(folder), **given}


def run(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*PROGRAM, *words],
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Server:
    """A running ``aftercare serve``, and where its output goes."""

    address: str
    pid: int
    log: Path

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = urllib.request.Request(self.address + path, headers=named)  # noqa: S310 -- our own server
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())

    def memory(self) -> int:
        """Proportional bytes of memory of all its processes."""
        return sum(map(_memory_of, [self.pid, *children_of(self.pid)]))


@contextmanager
def serving(folder: Path, *words: str, **settings: str) -> Iterator[Server]:
    """Run ``aftercare serve`` on a free port until the block ends."""
    port, log = free_port(), folder / "serve.log"
    folder.mkdir(exist_ok=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", str(port), *words],
            env={**environment(folder, **settings), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process.pid, log)
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = monotonic() + 40
    while True:
        try:
            server.get("/healthz")
        except OSError:
            assert process.poll() is None, server.log.read_text()
            assert monotonic() < end, server.log.read_text()
            sleep(0.1)
        else:
            return


def children_of(pid: int) -> list[int]:
    """Its children and theirs."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ended meanwhile
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *children_of(child)]
    return found


def _memory_of(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    pss = re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)
    return int(pss[1]) * 1024 if pss else 0
