"""What calendars cost to serve, beside the smallest Flask application and beside Radicale."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

from sqlalchemy import Engine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from benchmarks.databases import analyze, fresh
from benchmarks.feed_center import BUSY, FEEDS, FEW, FULL, FeedCenter, make_feed_center
from benchmarks.load import Pace, on_one_core, pace
from benchmarks.measuring import Figure
from scheduler import clock
from scheduler.store.revisions import raise_calendars
from scheduler.store.transaction import transaction
from tests.support.mail import free_port
from tests.support.program import Server, serving

ROOT = Path(__file__).parent.parent
RADICALE = ROOT / ".venv-bench" / "bin" / "python"
KEY = "k3Zq8wV1xN5rT7yB2mJ4pL6sD9fG0hCa"
ASKED, POLLED, RADICALE_ASKED, RUNS = 20_000, 4_000, 200, 40
_GZIP = "Accept-Encoding: gzip"
_SOMEBODY = "Authorization: Basic c29tZWJvZHk6eA=="


def figures(dialect: str, address: str, folder: Path) -> list[Figure]:
    """Requests a second and CPU for each, on one core, with sixteen connections kept open."""
    with fresh(address, "bench_feeds") as engine, hello() as beside:
        center = make_feed_center(engine)
        analyze(engine)
        settings = {
            "database_url": engine.url.render_as_string(hide_password=False),
            "secret_key": KEY,
            "base_url": "http://127.0.0.1:5000",
        }
        with on_one_core(), serving(folder / f"feeds-{dialect}", **settings) as server:
            least = pace(beside.address, beside.pid, [_get("/")], status=200, how_many=ASKED)
            unchanged = _pace(server, center.stored[:POLLED], status=304)
            whole = _pace(server, [(token, "") for token in center.full], status=200)
            stale = _stale(engine, server, center)
            body = server.get(f"/feeds/{center.full[0]}/calendar.ics").body
        reached = _reaching(engine)
        radicale = _radicale(folder, body) if dialect == "sqlite" else None
    name = f"of {FEEDS:,} calendars, {dialect}"
    many = f"full body of {FULL} series {name}"
    lite = dialect == "sqlite"
    anew = f"stale body of {FEW} series {name}: made anew and answered"
    change = f"a change that reaches {BUSY} calendars {name}: beyond its commit"
    return [
        *_beside(f"304 {name}", unchanged, "hello", least, *((4, 1) if lite else (1, 0.5))),
        *_beside(many, whole, "hello", least, *((1.5, 0.75) if lite else (None, None))),
        *(_beside(f"304 {name}", unchanged, "Radicale", radicale, 200, None) if radicale else ()),
        *(_beside(many, whole, "Radicale", radicale, 80, None) if radicale else ()),
        Figure.beside(anew, stale, "ms", target=10, floor=25),
        Figure.beside(change, reached, "ms", target=0.5, floor=1),
    ]


def _beside(
    name: str, own: Pace, other: str, theirs: Pace, target: float | None, floor: float | None
) -> list[Figure]:
    """How many times as many a second; and the CPU of each, which is steadier."""
    return [
        Figure(
            f"{name}: a second, times {other}",
            own.a_second,
            "1/s",
            theirs.a_second,
            own.a_second / theirs.a_second,
            None if target is None else target * theirs.a_second,
            None if floor is None else floor * theirs.a_second,
            "higher",
        ),
        Figure.beside(f"{name}: CPU of one, beside {other}", own.cpu_ms, "ms", baseline=theirs.cpu_ms),
    ]


def _pace(server: Server, calendars: Sequence[tuple[str, str]], *, status: int) -> Pace:
    asked = [
        _get(f"/feeds/{token}/calendar.ics", _GZIP, *([f'If-None-Match: "{etag}-gzip"'] if etag else ()))
        for token, etag in calendars
    ]
    return pace(server.address, server.pid, asked, status=status, how_many=ASKED)


def _get(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: bench", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def _stale(engine: Engine, server: Server, center: FeedCenter) -> float:
    """Milliseconds until a calendar is answered that something changed in, one after the other."""
    spent = []
    for run in range(RUNS + 3):
        person, token = center.persons[run % BUSY], center.few[run % BUSY]
        with Database(engine) as session, transaction(session):
            raise_calendars(session, [person], now=clock.now())
        begin = perf_counter()
        server.get(f"/feeds/{token}/calendar.ics")
        spent.append((perf_counter() - begin) * 1000)
    return median(spent[3:])


def _reaching(engine: Engine) -> float:
    """Milliseconds that a change takes longer for the calendars that it makes stale."""
    sessions = sessionmaker(engine)
    persons = range(BUSY + 1, 2 * BUSY + 1)

    def changing(reached: Sequence[int]) -> float:
        with sessions() as session:
            begin = perf_counter()
            with transaction(session):
                raise_calendars(session, reached, now=clock.now())
            return (perf_counter() - begin) * 1000

    pairs = [(changing(persons), changing(persons[:1])) for _ in range(RUNS * 2)]
    return median(many for many, _ in pairs) - median(one for _, one in pairs)


@contextmanager
def hello() -> Iterator[Server]:
    """The smallest application, served."""
    with _running([sys.executable, "-m", "benchmarks.hello"]) as server:
        yield server


def _radicale(folder: Path, body: bytes) -> Pace | None:
    """The same calendar from Radicale, which answers whole ones only; none where it is not installed."""
    if not RADICALE.exists():
        print("left out: Radicale is not installed (`make bench` does that)")
        return None
    kept = folder / "radicale"
    kept.mkdir()
    (kept / "rights").write_text("[all]\nuser: .*\ncollection: .*\npermissions: RWrw\n")
    options = {
        "auth-type": "none",
        "rights-type": "from_file",
        "rights-file": str(kept / "rights"),
        "storage-filesystem-folder": str(kept / "collections"),
        "logging-level": "error",
    }
    command = [str(RADICALE), "-m", "radicale", *(f"--{name}={value}" for name, value in options.items())]
    with _running(command, "--server-hosts=127.0.0.1:{port}") as server:
        length = f"Content-Length: {len(body)}"
        put = _get("/somebody/phone/", _SOMEBODY, length, "Content-Type: text/calendar")
        _send(server, put.replace(b"GET", b"PUT", 1) + body)
        asked = _get("/somebody/phone/", _SOMEBODY)
        return pace(server.address, server.pid, [asked], status=200, how_many=RADICALE_ASKED)


def _send(server: Server, request: bytes) -> None:
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(request)
        answer = connection.recv(4_096)
    assert b" 201 " in answer[:20], answer


@contextmanager
def _running(command: Sequence[str], port_option: str = "{port}") -> Iterator[Server]:
    port = free_port()
    with on_one_core():
        process = subprocess.Popen([*command, port_option.format(port=port)], cwd=ROOT)
    server = Server(f"http://127.0.0.1:{port}", process.pid, Path())
    try:
        end = monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert process.poll() is None, f"{command} ended"
                assert monotonic() < end, f"{command} does not answer"
                sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(20)
