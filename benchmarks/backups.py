"""A backup of a million marks, and its verified restore: how long they take, and how much memory."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.databases import fresh
from benchmarks.marks import make_marks
from benchmarks.measuring import Figure, seconds

MARKS = 1_000_000
FEW = 50_000
COMMAND = [sys.executable, "-c", "from scheduler.cli import main; main(prog_name='aftercare')"]
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def figures(dialect: str, address: str, folder: Path) -> list[Figure]:
    """Seconds for a million marks, and peak memory beside that for a twentieth of them."""
    name = f"{MARKS:,} marks, {dialect}"
    few = _measured(address, folder / f"few-{dialect}", FEW)
    many = _measured(address, folder / f"many-{dialect}", MARKS)
    backup, verified, restored = ("backup", "backup verify", "restore")
    both = many[backup][0] + many[verified][0] + many[restored][0]
    return [Figure.beside(f"{verb}, {name}", many[verb][0], "s") for verb in (backup, verified, restored)] + [
        Figure.beside(f"backup, verify and restore, {name}", both, "s", target=120),
        *(
            Figure.beside(f"{verb}, {name}: peak memory", many[verb][1], "MB", baseline=few[verb][1])
            for verb in (backup, verified, restored)
        ),
    ]


def _measured(address: str, folder: Path, marks: int) -> dict[str, tuple[float, float]]:
    """For each command its seconds and its peak memory in MB."""
    folder.mkdir()
    name = f"bench_marks_{marks}"
    file = folder / "b.backup"
    with fresh(address, name) as engine:
        make_marks(engine, marks)
        engine.dispose()
        settings = {
            "AFTERCARE_DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "AFTERCARE_INSTANCE_PATH": str(folder / "instance"),
        }
        return {
            "backup": _run(settings, "backup", file),
            "backup verify": _run(settings, "backup", "verify", file),
            "restore": _run(settings, "restore", file, "--replace", "--yes"),
        }


def _run(settings: dict[str, str], *words: object) -> tuple[float, float]:
    command = [sys.executable, "-c", PEAK, *COMMAND, *map(str, words)]
    said: list[str] = []
    environment = {**os.environ, **settings}
    spent = seconds(
        lambda: said.append(
            subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
        )
    )
    return spent, int(said[0]) / 1024
