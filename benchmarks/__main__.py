"""``python -m benchmarks [NAME …]``: measure all, or those named, and publish the table."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import Figure, publish
from tests.support import postgres

PARTS = (
    *("people", "planning", "board", "conflicts", "finding", "attendance"),
    *("importing", "erasing", "backups", "feeds"),
)
"""Each has ``figures(dialect, address, folder)``: measured on a new database at ``address``."""


@contextmanager
def addresses(folder: Path) -> Iterator[dict[str, str]]:
    """Where databases may be made, with ``{name}`` for their name: files, and a server where there is one."""
    found = {"sqlite": f"sqlite:///{folder}/{{name}}.sqlite3"}
    if postgres.program("initdb") is None:
        print("left out: PostgreSQL, its programs were not found")
        yield found
        return
    with postgres.server() as address:
        yield found | {"postgresql": address}


def main(names: list[str]) -> None:
    """Measure and publish."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as made:
        folder = Path(made)
        with addresses(folder) as found:
            for part in names or PARTS:
                for dialect, address in found.items():
                    print(f"measuring {part} on {dialect} …", flush=True)
                    figures += import_module(f"benchmarks.{part}").figures(dialect, address, folder)
    publish(figures)


if __name__ == "__main__":
    main(sys.argv[1:])
