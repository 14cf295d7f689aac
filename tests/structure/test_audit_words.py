"""Whatever is put on record has words for the people who read it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.web.audit_words import ACTS, NUMBERED, SUBJECTS

SCHEDULER = Path(__file__).parents[2] / "scheduler"
DOTTED = re.compile(r"[a-z_]+\.[a-z_]+")
FILES = {"site.css"}
"""What is written like an action and is a file."""


def texts(folder: str) -> Iterator[str]:
    """Every fixed text of the code, but in models, where dots name columns."""
    for path in sorted((SCHEDULER / folder).rglob("*.py")):
        if path.name != "models.py":
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def named(keyword: str, *folders: str) -> set[str]:
    """What stands behind this keyword, as a fixed text, in calls anywhere in these folders."""
    paths = (path for folder in folders for path in (SCHEDULER / folder).rglob("*.py"))
    calls = (node for path in paths for node in ast.walk(ast.parse(path.read_text())))
    given = (each for node in calls if isinstance(node, ast.Call) for each in node.keywords)
    return {
        each.value.value
        for each in given
        if each.arg == keyword and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str)
    }


def actions() -> set[str]:
    """Every action that the code records: named in the call, or by a dotted text on its way there."""
    dotted = {text for folder in ("domain", "cli") for text in texts(folder) if DOTTED.fullmatch(text)}
    return (dotted - FILES) | named("action", "domain", "cli", "web")


def test_the_actions_are_found_here() -> None:
    assert {"read", "export", "sheet.recorded", "stay.begun", "person.exported"} <= actions()


@pytest.mark.parametrize("action", sorted(actions()))
def test_each_action_has_words(action: str) -> None:
    assert action in ACTS


def test_no_words_are_left_of_an_action_that_is_recorded_no_more() -> None:
    assert set(ACTS) - actions() == set()


def test_no_two_actions_read_the_same() -> None:
    assert len({str(words) for words in ACTS.values()}) == len(ACTS)


def test_whatever_is_read_has_words() -> None:
    told = {
        each.value
        for path in sorted((SCHEDULER / "web").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "log_read"
        for keyword in node.keywords
        if keyword.arg == "subject"
        for each in [keyword.value]
        if isinstance(each, ast.Constant)
    }
    assert "person" in told
    assert told - set(SUBJECTS) == set()


def test_what_has_a_number_has_words_without_codes() -> None:
    assert all(str(word).replace(" ", "").isalpha() for word in NUMBERED.values())
