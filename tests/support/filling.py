"""Filling in forms as a browser without JavaScript does, token included."""

import re
from typing import Any, Final

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


def alike(text: str, **told: str) -> str:
    """``text`` without its token, which changes with the clock, and without what was typed."""
    text = TOKEN.sub("", text)
    for name, value in told.items():
        text = text.replace(value, f"[{name}]")
    return text


def send(client: FlaskClient, page: str, *, to: str | None = None, **values: Any) -> TestResponse:
    """Look at ``page``, and send its form with ``values`` (to another address: ``to``)."""
    found = TOKEN.search(client.get(page).text)
    assert found, f"{page} has no form"
    return client.post(to or page, data={"csrf_token": found[1], **values})
