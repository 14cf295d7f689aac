"""Every page that somebody can reach by links from their first one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)
"""What a script fills in later: its links lead nowhere yet."""
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Reached:
    """A page: the endpoint that makes it, one address of it (with its query), and its text."""

    endpoint: str
    address: str
    text: str


def endpoint_of(app: Flask, address: str) -> str | None:
    """The endpoint that a GET of this address reaches, or none."""
    try:
        rule, _values = app.url_map.bind("").match(urlsplit(address).path, method="GET", return_rule=True)
    except HTTPException:
        return None
    return str(rule.endpoint)


def crawl(
    app: Flask, client: FlaskClient, start: str, most: int = 200, *, also: Sequence[str] = ()
) -> dict[str, Reached]:
    """Follow links from ``start``, one address for each endpoint and set of query names.

    ``also`` are pages that a search leads to, and that look otherwise than their like: each is looked at.
    Raises AssertionError for a link that leads nowhere. The keys read like ``coordinator.week ?view``.
    """
    found: dict[str, Reached] = {}
    waiting = [start]
    for number, address in enumerate(also):
        page = client.get(address, buffered=True).text
        found[f"{_key(endpoint_of(app, address) or '', address)} #{number}"] = Reached(
            endpoint_of(app, address) or "", address, page
        )
        waiting += links_in(page, address)
    while waiting and len(found) < most:
        address = waiting.pop(0)
        endpoint = endpoint_of(app, address)
        assert endpoint, f"{address} leads nowhere"
        key = _key(endpoint, address)
        if key in found or endpoint == "static":
            continue
        answer = client.get(address, buffered=True)
        assert answer.status_code in {200, 303}, f"{address}: {answer.status}"
        if answer.mimetype != "text/html":
            continue
        found[key] = Reached(endpoint, address, answer.text)
        waiting += [link for link in links_in(answer.text, address) if _key_of(app, link) not in found]
    return {key: page for key, page in found.items() if page.text}


def links_in(page: str, address: str) -> list[str]:
    """The addresses on this site that a page links to, without fragments."""
    targets = (
        urldefrag(urljoin(address, unescape(link))).url for link in LINK.findall(TEMPLATE.sub("", page))
    )
    return [target for target in dict.fromkeys(targets) if target.startswith("/")]


def _key_of(app: Flask, address: str) -> str:
    return _key(endpoint_of(app, address) or "", address)


def _key(endpoint: str, address: str) -> str:
    names = sorted(part.partition("=")[0] for part in urlsplit(address).query.split("&") if part)
    return " ?".join([endpoint, *names])
