"""Flask-Babel's functions, with the types that they do not declare.

Sentences are marked for translation by calling these names; pybabel finds them by name.
"""

from collections.abc import Callable
from datetime import tzinfo
from typing import Final

import flask_babel
from babel import Locale

gettext: Final[Callable[..., str]] = flask_babel.gettext
ngettext: Final[Callable[..., str]] = flask_babel.ngettext
lazy_gettext: Final[Callable[..., str]] = flask_babel.lazy_gettext
"""For sentences said before there is a request: a text that is translated when it is shown."""


def locale() -> Locale:
    """The reader's language; English where there is no request."""
    found: Locale | None = flask_babel.get_locale()
    return found or Locale("en")


def reader_zone() -> tzinfo:
    """The zone of the reader's clock."""
    zone: tzinfo = flask_babel.get_timezone()
    return zone
