"""The style sheet keeps its promises: one set of dark colors, words that can be read, nothing inline."""

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
KINDS = ("group", "individual", "assessment", "mutual", "family", "skills", "medication", "other")
MARKS = ("present", "late", "left", "excused", "absent")
STATES = ("good", "warn", "bad", "info")

Colors = dict[str, str]


def _declarations(selector: str) -> Colors:
    start = TOKENS.index("{", TOKENS.index(selector))
    block = TOKENS[start : TOKENS.index("}", start)]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


LIGHT = _declarations(':root[data-theme="light"] {')
DARK = _declarations(':root[data-theme="dark"] {')

TEXT = [
    *product(("ink", "ink-2", "ink-3", "link"), ("paper", "surface", "sunk")),
    *product(("on-main",), ("main", "main-hover")),
    *product(("on-soft",), ("soft", "soft-hover")),
    *product(("on-dusk", "on-dusk-2", "lamp"), ("dusk-2",)),
    *(("on-lamp", "lamp"), ("lamp-ink", "lamp-soft"), ("ink", "lamp-soft")),
    *((one, ground) for state in STATES for one in (state, "ink", "ink-2") for ground in (f"{state}-bg",)),
    *product(STATES, ("surface",)),
    *product(("link",), ("warn-bg", "bad-bg", "info-bg")),
    *((f"st-{mark}", ground) for mark in MARKS for ground in (f"st-{mark}-bg", "surface")),
    *(("on-st", f"st-{mark}") for mark in MARKS),
    *(("ink", f"st-{mark}-bg") for mark in MARKS),
    *((f"k-{kind}", ground) for kind in KINDS for ground in (f"k-{kind}-bg", "surface")),
    *((one, f"k-{kind}-bg") for kind in KINDS for one in ("ink-2", "warn", "bad")),
]
EDGES = [*product(("line-strong", "focus"), ("paper", "surface")), ("line-strong", "sunk")]


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_dark_colors_are_the_same_by_choice_of_the_device_and_of_the_person() -> None:
    by_device = _declarations(':root:not([data-theme="light"]) {')
    assert by_device == DARK


@pytest.mark.parametrize(("theme", "colors"), [("light", LIGHT), ("dark", DARK)])
def test_words_stand_out_from_what_they_stand_on(theme: str, colors: Colors) -> None:
    faint = {pair: _contrast(colors[pair[0]], colors[pair[1]]) for pair in TEXT}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}, theme


@pytest.mark.parametrize(("theme", "colors"), [("light", LIGHT), ("dark", DARK)])
def test_fields_and_the_focus_can_be_seen(theme: str, colors: Colors) -> None:
    faint = {pair: _contrast(colors[pair[0]], colors[pair[1]]) for pair in EDGES}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}, theme


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_writes_neither_style_nor_script_into_the_page(template: Path) -> None:
    # The policy forbids both (docs/security.md), so that they would only fail in the reader's browser.
    text = re.sub(r"{#.*?#}", "", template.read_text(), flags=re.DOTALL)
    assert (
        re.findall(r"""\sstyle=["']|<style|\son[a-z]+=["']|javascript:|hx-on|<script(?![^>]*\ssrc=)""", text)
        == []
    )
