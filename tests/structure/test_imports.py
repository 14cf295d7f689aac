"""Who may import whom: the contracts in pyproject.toml hold, cover every package, and notice a breach."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BREACHES = {
    "Nothing calls back up": ("clock.py", "import scheduler.store.base"),
    "Each domain package uses only those before it": (
        "domain/people/__init__.py",
        "import scheduler.domain.roster",
    ),
    "The store knows the clock and the errors, and nobody else": ("store/transaction.py", "import flask"),
    "The domain knows neither pages nor formats nor messages": (
        "domain/schedule/__init__.py",
        "import flask",
    ),
    "Formats know the domain's plain values only": (
        "formats/__init__.py",
        "import scheduler.domain.people.models",
    ),
    "Messages are composed and delivered without pages": ("notifications/__init__.py", "import flask"),
    "Pages know services, queries and plain values: no tables, no messages, no jobs": (
        "web/__init__.py",
        "import scheduler.domain.people.models",
    ),
    "Jobs run without pages": ("jobs/__init__.py", "import flask"),
    "Commands do not go through pages": ("cli/__init__.py", "import scheduler.web.guard"),
    "icalendar lives in formats": ("web/guard.py", "import icalendar"),
}


def contracts() -> list[dict[str, Any]]:
    """The contracts as pyproject.toml tells them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the package in ``folder`` against the contracts of its pyproject.toml."""
    program = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return subprocess.run(
        [*program, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_imports_keep_their_order() -> None:
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_domain_package_has_its_place_in_the_order() -> None:
    order = next(c["layers"] for c in contracts() if c["id"] == "domain-order")
    packages = {path.parent.name for path in (ROOT / "scheduler" / "domain").glob("*/__init__.py")}
    assert packages <= {layer.strip("()") for layer in order}


def test_every_contract_is_tried() -> None:
    assert {contract["name"] for contract in contracts()} == set(BREACHES)


@pytest.fixture(scope="module")
def verdicts_on_breaches(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the check says of a copy in which every contract is broken once."""
    folder = tmp_path_factory.mktemp("breached")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "scheduler", folder / "scheduler", ignore=shutil.ignore_patterns("__pycache__"))
    for path, statement in BREACHES.values():
        with (folder / "scheduler" / path).open("a") as file:
            file.write(f"\n{statement}\n")
    return lint_imports(folder).stdout


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_noticed(name: str, verdicts_on_breaches: str) -> None:
    assert f"{name} BROKEN" in verdicts_on_breaches
