"""A name that base.html takes in stands over the same name of the page: its own value is never seen there."""

from pathlib import Path

import pytest
from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(page for page in TEMPLATES.rglob("*.html") if '{% extends "base.html" %}' in page.read_text())


def names_of(page: Path) -> dict[str, str]:
    """Each name that a page brings in at its top, and from where; "itself" for what is set there."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(page.read_text())  # noqa: S701 nothing is rendered
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            found[node.target.name] = "itself"
        elif isinstance(node, nodes.Macro):
            found[node.name] = "itself"
        elif isinstance(node, nodes.Import):
            found[node.target] = str(node.template)
        elif isinstance(node, nodes.FromImport):
            pairs = ((one, one) if isinstance(one, str) else one for one in node.names)
            found |= {here: f"{node.template} {there}" for there, here in pairs}
    return found


def test_the_names_of_the_base_are_found() -> None:
    assert names_of(TEMPLATES / "base.html")["act"] == "Const(value='_macros/forms.html') act"
    assert len(PAGES) > 100


@pytest.mark.parametrize("own", PAGES, ids=lambda own: str(own.relative_to(TEMPLATES)))
def test_no_page_gives_another_meaning_to_a_name_of_the_base(own: Path) -> None:
    base = names_of(TEMPLATES / "base.html")
    assert {name: source for name, source in names_of(own).items() if base.get(name, source) != source} == {}
