"""Flask-Babel's functions, with the types that they do not declare, and without asking for the language anew.

Sentences are marked for translation by calling these names; pybabel finds them by name.
"""

from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from typing import Any, Final

import flask_babel
from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose page it is, by their language: its name, and its sentences."""

    language: str
    catalog: NullTranslations


def prepare(app: Flask) -> None:
    """Let the templates of ``app`` say their sentences by the functions here."""
    said = {"_": _in_template, "gettext": _in_template, "ngettext": _numbered_in_template}
    app.jinja_env.globals.update(said)


def gettext(sentence: str, /, **variables: object) -> str:
    """The sentence in the reader's language, with what is filled into it."""
    said: str = _catalog().gettext(sentence)
    return said % variables if variables else said


def ngettext(one: str, many: str, num: int, /, **variables: object) -> str:
    """The form of the sentence that fits the number, which is filled in as ``num``."""
    said: str = _catalog().ngettext(one, many, num)
    return said % {"num": num, **variables}


def lazy_gettext(sentence: str, /, **variables: object) -> str:
    """For sentences said before there is a request: a text that is translated when it is shown."""
    later: str = LazyString(gettext, sentence, **variables)  # it does all that a str does
    return later


def locale() -> Locale:
    """The reader's language; English where there is no request."""
    found: Locale | None = flask_babel.get_locale()
    return found or Locale("en")


def language() -> str:
    """The same by its name, as a key to what is kept for each language."""
    return _reader().language


def reader_zone() -> tzinfo:
    """The zone of the reader's clock."""
    zone: tzinfo = flask_babel.get_timezone()
    return zone


def _catalog() -> NullTranslations:
    """What the reader's language makes of sentences: it is one and the same for all of a request."""
    return _reader().catalog


def _reader() -> Reader:
    try:
        here = _here()
    except RuntimeError:  # outside of any request
        return _asked()
    found: Reader | None = here.get("reader")
    if found is None:
        found = here.reader = _asked()
    return found


_here: Final = g._get_current_object  # noqa: SLF001 -- documented, by Werkzeug
"""Flask's own, past its proxy: a page says dozens of sentences, and each asks for it."""


def _asked() -> Reader:
    return Reader(str(locale()), flask_babel.get_translations())


@lru_cache(maxsize=4096)
def _whole(catalog: NullTranslations, sentence: str) -> Markup:
    """A sentence of a template into which nothing is filled."""
    return _as_ours(catalog.gettext(sentence)) % {}


@pass_eval_context
def _in_template(context: EvalContext, sentence: str, /, **variables: Any) -> str:
    # As in Jinja's own "new style": always a format, whose values are escaped.
    if not context.autoescape:
        return gettext(sentence) % variables
    catalog = _catalog()
    return _as_ours(catalog.gettext(sentence)) % variables if variables else _whole(catalog, sentence)


@pass_eval_context
def _numbered_in_template(context: EvalContext, one: str, many: str, num: int, /, **variables: Any) -> str:
    said = _catalog().ngettext(one, many, num)
    return (_as_ours(said) if context.autoescape else said) % {"num": num, **variables}


def _as_ours(said: str) -> Markup:
    """A sentence as it stands in a template or a catalog, which nobody else writes."""
    return Markup(said)  # noqa: S704 -- what is filled in is escaped by it
