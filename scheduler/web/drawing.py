"""Parts of pages that are alike again and again: a template draws them once, and not at every request.

What such a part says hangs on what it is given and on the reader's language alone. It must not ask who is
looking, where the page is, or for a form's token.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, Final, Protocol

from flask import Flask, g
from flask.templating import Environment
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from scheduler.web.language import language

Macro = Callable[..., Markup]
MOST: Final = 1000
"""So many of one kind are kept; there are more only where one is given what differs from page to page."""
_HOLE: Final = re.compile("\ue000(\\w+)\ue001")  # private characters: no text of ours has them
_ESCAPED: Final = str.maketrans({sign: str(escape(sign)) for sign in "&<>\"'"})
"""What MarkupSafe makes of each sign, for hundreds of short plain texts: it takes as long to wrap one."""


class Castable(Protocol):
    """One of many on a page. Two with the same ``shape`` differ only in what fills the holes.

    ``hollow`` is the same with a :func:`hole` for each of these, ``filling`` says what goes into them.
    """

    @property
    def shape(self) -> Hashable: ...
    @property
    def hollow(self) -> object: ...
    @property
    def filling(self) -> Mapping[str, str | int]: ...


class Pages(Environment):
    """Flask's templates, of which all have the same globals."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals themselves where a template adds none: Jinja compares them at every import."""
        return super().make_globals(d) if d else self.globals


def prepare(app: Flask) -> None:
    """Let the templates of ``app`` have parts drawn so: ``{% set icon = once(_icon) %}``."""
    app.add_template_global(once)
    app.add_template_global(moulded)
    app.add_template_global(csrf_field)


def csrf_field() -> Markup:
    """The form's token as a field: one and the same in all forms of a page."""
    found: Markup | None = g.get("csrf_field")
    if found is None:
        found = g.csrf_field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(
            generate_csrf()
        )
    return found


def hole(name: str) -> str:
    """Where something stands that differs; no text that people typed has these characters' meaning."""
    return f"\ue000{name}\ue001"


def once(macro: Macro) -> Macro:
    """The macro, drawn once for what it is given."""

    # Typed: a text that is escaped already equals the same that is not.
    @lru_cache(maxsize=MOST, typed=True)
    def drawn(_language: str, *given: Hashable, **named: Hashable) -> Markup:
        return macro(*given, **named)

    return lambda *given, **named: drawn(language(), *given, **named)


def moulded(macro: Macro) -> Callable[[Iterable[Castable]], Markup]:
    """The macro, which draws one, drawn once for each shape that these have: it draws many at once."""
    moulds = dict[Hashable, str]()

    def mould(one: Castable) -> str:
        if len(moulds) >= MOST:
            moulds.clear()
        return _HOLE.sub(r"%(\1)s", str(macro(one.hollow)).replace("%", "%%"))

    def draw(many: Iterable[Castable]) -> Markup:
        spoken, drawn = language(), list[str]()
        for one in many:
            key = (spoken, one.shape)
            found = moulds.get(key)
            if found is None:
                found = moulds[key] = mould(one)
            drawn.append(found % _escaped(one.filling))
        return Markup("".join(drawn))  # noqa: S704 -- drawn by a template, and filled with what is escaped

    return draw


def _escaped(filling: Mapping[str, str | int]) -> dict[str, str | int]:
    return {
        name: said if type(said) is int else str(said).translate(_ESCAPED) for name, said in filling.items()
    }
