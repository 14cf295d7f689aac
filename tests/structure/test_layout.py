"""What lies where: the top of the repository, the files of a domain package, what pages may contain."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    # what the service is made of
    "scheduler",
    "templates",
    "static",
    "instance",
    "pyproject.toml",
    "tests",
    # what a reader expects beside it
    "README.md",
    "Makefile",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "docs",
    "benchmarks",
    "package.json",
    "package-lock.json",
}
LONGER_READS = {
    # reads that would crowd the queries.py beside them
    "calendars/missing.py",
    "calendars/background.py",
    "calendars/source_queries.py",
    "enrollment/week.py",
    "people/eligible.py",
    "people/finding.py",
    "schedule/clashes.py",
}
LONGER_WRITES = {
    # what serving writes is nobody's act: it has no actor, no audit and no place among the verbs
    "calendars/keeping.py",
    # changes of a table of their own, which would crowd the service.py beside them
    "people/credentials.py",
}
BY_VERBS = {"access", "admissions", "attendance", "imports", "planning", "privacy"}
"""Packages with a file for each of their verbs, in place of one long service.py."""
GIT = shutil.which("git") if (ROOT / ".git").exists() else None


def committed() -> list[str]:
    """The paths of all files that belong to the project; without git, those that .gitignore lets pass."""
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False) if GIT else None
    if listing is not None and listing.returncode == 0:
        return [path for path in listing.stdout.split("\0") if (ROOT / path).is_file()]
    lines = (ROOT / ".gitignore").read_text().splitlines()
    rules = [".git", *(line.strip("/") for line in lines if line and line[0] not in "#!")]
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [path.as_posix() for path in paths if path.name == ".gitkeep" or not is_ignored(path, rules)]


def is_ignored(path: Path, rules: list[str]) -> bool:
    names = {*path.parts, path.as_posix(), *(folder.as_posix() for folder in path.parents)}
    return any(fnmatch(name, rule) for name in names for rule in rules)


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    """The full names of what ``path`` imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def requirements(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-r"))}


def declared() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return set(settings["project"]["dependencies"])


def test_the_top_level_holds_only_what_a_reader_expects() -> None:
    top = {path.split("/")[0] for path in committed()}
    usual = re.compile(r"\..+|requirements[-a-z]*\.(in|txt)")
    assert {name for name in top - TOP_LEVEL if not usual.fullmatch(name)} == set()


def test_what_installers_read_names_no_server() -> None:
    """Where packages come from is the machine's business: a mirror, a cache, a folder."""
    read = [
        path
        for path in committed()
        if re.match(r"requirements|package|pyproject|\.npmrc|Makefile|\.ci/", path)
    ]
    telling = re.compile(r"(https?:|file:)//(?!127\.0\.0\.1)|index-url|find-links|registry=")
    pins = {
        path: (ROOT / path).read_text().replace("--no-emit-index-url --no-emit-find-links", "")
        for path in read
    }
    assert [path for path, text in pins.items() if telling.search(text)] == []


def test_the_instance_folder_is_never_committed() -> None:
    assert [path for path in committed() if path.startswith("instance/")] == ["instance/.gitkeep"]


def test_the_wheel_requires_what_the_lock_is_made_from() -> None:
    assert declared() == requirements("requirements.in")


def test_every_pinned_requirement_carries_a_hash() -> None:
    for path in ROOT.glob("requirements*.txt"):
        pins = re.split(r"\n(?=[a-z0-9])", path.read_text())
        assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == [], path.name


def test_what_the_package_imports_is_declared() -> None:
    names = {re.split(r"[<>=\[]", line)[0] for line in declared()}
    owners = packages_distributions()
    used = {name.split(".")[0] for path in python_files("scheduler") for name in imports_of(path)}
    strangers = {
        module
        for module in used - set(sys.stdlib_module_names) - {"scheduler"}
        if not names & {owner.lower().replace("_", "-") for owner in owners.get(module, [])}
    }
    # Parts of Flask, Flask-WTF and Flask-Limiter, whose versions choose theirs; _typeshed is for mypy.
    assert strangers <= {"_typeshed", "limits", "markupsafe", "werkzeug", "wtforms"}


def test_a_domain_package_touches_the_database_in_its_fixed_files_only() -> None:
    """Everything else is pure: small frozen values in, a decision out, `now` as an argument."""
    fixed = {"__init__.py", "models.py", "queries.py", "service.py", "policy.py"}
    impure = re.compile(r"sqlalchemy|scheduler\.(store|clock)\b|scheduler\.domain\.\w+\.(models|service)\b")
    domain = ROOT / "scheduler" / "domain"
    touching = {
        path.relative_to(domain).as_posix()
        for path in domain.glob("*/*.py")
        if path.name not in fixed and any(impure.match(name) for name in imports_of(path))
    }
    assert {
        path for path in touching if path.partition("/")[0] not in BY_VERBS
    } == LONGER_READS | LONGER_WRITES


def test_only_the_tables_declare_tables() -> None:
    breaches = [
        path.relative_to(ROOT).as_posix()
        for path in python_files("scheduler")
        if "__tablename__" in path.read_text() and path.name != "models.py" and path.parent.name != "store"
    ]
    assert breaches == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a script written into the page", r"<script(?![^>]*\bsrc=)"),
        ("a style sheet written into the page", r"<style\b"),
        ("a style written into an element", r"<[^>]*\sstyle="),
        ("a handler written into an element", r"<[^>]*\son[a-z]+="),
        ("something from another server", r"<(script|img|link|iframe)[^>]*\s(src|href)=[\"']?(https?:)?//"),
    ],
)
def test_no_page_contains(what: str, pattern: str) -> None:
    """The Content-Security-Policy would refuse it in a browser; this says so earlier."""
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts]
    found = [page.name for page in pages if re.search(pattern, page.read_text(), re.IGNORECASE)]
    assert found == [], what


def test_every_page_escapes_what_it_shows() -> None:
    pages = (ROOT / "templates").rglob("*.html")
    unescaped = {page.name for page in pages if re.search(r"\|\s*safe\b|autoescape false", page.read_text())}
    assert unescaped <= {"icons.html"}  # draws its own signs, and nothing that anybody typed
