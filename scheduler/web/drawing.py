"""Parts of pages that are alike again and again: a template draws them once, and not at every request.

What such a part says hangs on what it is given and on the reader's language alone. It must not ask who is
looking, where the page is, or for a form's token.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Final, Protocol

from flask import Flask
from markupsafe import Markup, escape

from scheduler.web.language import language

Macro = Callable[..., Markup]
MOST: Final = 1000
"""So many of one kind are kept; there are more only where one is given what differs from page to page."""
_HOLE: Final = re.compile("\ue000(\\w+)\ue001")  # private characters: no text of ours has them


class Castable(Protocol):
    """One of many on a page. Two with the same ``shape`` differ only in what fills the holes.

    ``hollow`` is the same with a :func:`hole` for each of these, ``filling`` says what goes into them.
    """

    @property
    def shape(self) -> Hashable: ...
    @property
    def hollow(self) -> object: ...
    @property
    def filling(self) -> Mapping[str, object]: ...


def prepare(app: Flask) -> None:
    """Let the templates of ``app`` have parts drawn so: ``{% set icon = once(_icon) %}``."""
    app.add_template_global(once)
    app.add_template_global(moulded)


def hole(name: str) -> str:
    """Where something stands that differs; no text that people typed has these characters' meaning."""
    return f"\ue000{name}\ue001"


def once(macro: Macro) -> Macro:
    """The macro, drawn once for what it is given."""

    # Typed: a text that is escaped already equals the same that is not.
    @lru_cache(maxsize=MOST, typed=True)
    def drawn(_language: str, *given: Hashable) -> Markup:
        return macro(*given)

    return lambda *given: drawn(language(), *given)


def moulded(macro: Macro) -> Callable[[Castable], Markup]:
    """The macro, which draws one of many, drawn once for each shape that these have."""
    moulds = dict[Hashable, tuple[list[str], list[str]]]()

    def draw(one: Castable) -> Markup:
        key = (language(), one.shape)
        found = moulds.get(key)
        if found is None:
            if len(moulds) >= MOST:
                moulds.clear()
            parts = _HOLE.split(str(macro(one.hollow)))
            found = moulds[key] = (parts[0::2], parts[1::2])
        return _cast(*found, one.filling)

    return draw


def _cast(between: list[str], holes: list[str], filling: Mapping[str, object]) -> Markup:
    said = {name: escape(value) for name, value in filling.items()}
    parts = [""] * (len(between) + len(holes))
    parts[0::2] = between
    parts[1::2] = [said[name] for name in holes]
    return Markup("".join(parts))  # noqa: S704 -- drawn by a template, and escaped here
