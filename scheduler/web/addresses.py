"""What may stand in an address, and the addresses in templates, most of which are the same each time."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import flask
from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter


class Id(IntegerConverter):
    """A row's id. A longer number is none, so that its page is not there; databases raise on it."""

    regex = r"\d{1,9}"


def prepare(app: Flask) -> None:
    """Let ``<int:…>`` stand for ids; call it before routes are registered."""
    app.url_map.converters["int"] = Id
    app.extensions["url_for"] = _remembering()
    app.add_template_global(app.extensions["url_for"], "url_for")


def url_for(endpoint: str, **values: Any) -> str:
    """An address as templates have it, for what stands in the frame of every page."""
    found: str = current_app.extensions["url_for"](endpoint, **values)
    return found


def _remembering() -> Callable[..., str]:
    """Flask's ``url_for``. Only what names rows by their ids, or files, is kept: nothing that is a secret."""

    @lru_cache(maxsize=5000)
    def kept(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return flask.url_for(endpoint, **dict(values))

    def url_for(endpoint: str, **values: Any) -> str:
        is_plain = endpoint == "static" or all(type(value) is int for value in values.values())
        if not is_plain or endpoint.startswith("."):
            return flask.url_for(endpoint, **values)
        return kept(request.script_root, endpoint, tuple(values.items()))

    return url_for
