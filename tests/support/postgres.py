"""A PostgreSQL server of the test run's own, on a socket in a temporary folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDERS = ["", *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)]
SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=200", "listen_addresses=")


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's programs, or none where it is not installed."""
    found = (shutil.which(name, path=folder or None) for folder in reversed(FOLDERS))
    return next((path for path in found if path), None)


def _as_server(*words: str) -> list[str]:
    # PostgreSQL refuses to run as root.
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else list(words)


@contextmanager
def server() -> Iterator[str]:
    """Run a server; yields the address of its database without a name, for ``str.format(name=…)``."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    if initdb is None or pg_ctl is None:
        raise LookupError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="aftercare-pg-"))
    folder.chmod(0o777)
    data = folder / "data"
    options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}"))
    make = _as_server(
        initdb, "-D", str(data), "-U", "aftercare", "--auth=trust", "--encoding=UTF8", "--no-sync"
    )
    start = _as_server(pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        for words in (make, start):
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")
        yield f"postgresql+psycopg://aftercare@/{{name}}?host={folder}"
    finally:
        stop = _as_server(pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop")
        subprocess.run(stop, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)
