"""What may stand in an address."""

from flask import Flask
from werkzeug.routing import IntegerConverter


class Id(IntegerConverter):
    """A row's id. A longer number is none, so that its page is not there; databases raise on it."""

    regex = r"\d{1,9}"


def prepare(app: Flask) -> None:
    """Let ``<int:…>`` stand for ids; call it before routes are registered."""
    app.url_map.converters["int"] = Id
