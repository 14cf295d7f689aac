"""What a request asks to be spared, from its headers alone."""

from datetime import UTC, datetime

import pytest

from scheduler.web.conditions import is_unchanged, known_tags, takes_gzip

CHANGED = datetime(2026, 7, 15, 20, 0, 0, 400_000, UTC)


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("GZip, deflate, br", True),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("gzip;q=0.001", True),
        ("*", True),
        ("*;q=0.5, gzip;q=0", False),
        ("identity, *;q=0", False),
    ],
)
def test_gzip_is_taken(header: str, takes: bool) -> None:
    assert takes_gzip(header) is takes


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("", []),
        ('"a"', ["a"]),
        ('W/"a" , "b-gzip"', ["a", "b"]),
        ("*", ["*"]),
        ("a", []),
    ],
)
def test_tags_are_read_as_a_list(header: str, tags: list[str]) -> None:
    assert known_tags(header) == tags


@pytest.mark.parametrize(
    ("tag", "date", "unchanged"),
    [
        (None, None, False),
        ('"a"', None, True),
        ('"b"', "Wed, 15 Jul 2026 20:00:00 GMT", False),
        ("", "Wed, 15 Jul 2026 20:00:00 GMT", False),
        (None, "Wed, 15 Jul 2026 20:00:00 GMT", True),
        (None, "Wed, 15 Jul 2026 20:00:00 -0000", True),
        (None, "Wed, 15 Jul 2026 19:59:59 GMT", False),
        (None, "yesterday", False),
        (None, "Wed, 15 Jul 2026 20:00:00 +999999999999999", False),
    ],
)
def test_it_is_unchanged(tag: str | None, date: str | None, unchanged: bool) -> None:
    assert is_unchanged("a", CHANGED, known=known_tags(tag), if_modified_since=date) is unchanged
