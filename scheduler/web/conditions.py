"""What a request asks to be spared (RFC 9110, 12 and 13): pure, from the values of its headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
ZIPPED = "-gzip"
"""Ends the tag of a compressed answer: a strong tag names exact bytes."""


def known_tags(if_none_match: str | None) -> list[str] | None:
    """The tags that the reader has, weak or strong, compressed or not, without quotes; `*` stands for
    itself. None without the header.
    """
    if if_none_match is None:
        return None
    if if_none_match.strip() == "*":
        return ["*"]
    return [tag.removesuffix(ZIPPED) for tag in _TAG.findall(if_none_match)]


def is_unchanged(
    tag: str, last_modified: datetime, *, known: Sequence[str] | None, if_modified_since: str | None
) -> bool:
    """Does the reader have it already? `known` are its tags: they decide alone, and the date counts only
    where it names none (empty).
    """
    if known is not None:
        return tag in known or known == ["*"]
    since = _date(if_modified_since or "")
    return since is not None and last_modified.replace(microsecond=0) <= since


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: str) -> bool:
    """May the answer be compressed? A named encoding wins over the star; with q=0 it is refused."""
    weights: dict[str, str] = {}
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = "".join(weight.split()).removeprefix("q=")
    weight = weights.get("gzip", weights.get("*", "0"))
    return weight.strip("0.") != "" or weight == ""
