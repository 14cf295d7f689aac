"""Sealed boxes and tickets: what opens them, also after the secret key was changed."""

import json

import pytest

from scheduler.domain.attendance import boxes, tickets
from scheduler.domain.attendance.boxes import Box, NoSuchKey
from scheduler.domain.attendance.tickets import Ticket
from tests.support.boxes import seal

OLD, NEW, OTHER = ("an old secret key", "a new secret key", "the key of another installation")


def sealed_to(secret_key: str, text: bytes = b'{"marks": []}') -> Box:
    key = boxes.public_key(secret_key)
    found = json.loads(json.dumps(seal(key.jwk, key.id, text)))
    return Box(**found)


def test_a_box_is_opened_with_the_key_and_with_earlier_ones_that_are_known() -> None:
    box = sealed_to(OLD)
    assert boxes.opened([OLD], box) == boxes.opened([NEW, OLD], box) == {"marks": []}
    with pytest.raises(NoSuchKey):
        boxes.opened([NEW], box)


def test_a_pair_is_always_the_same_for_a_secret_and_another_for_each() -> None:
    assert boxes.public_key(OLD) == boxes.public_key(OLD)
    assert len({boxes.public_key(each).id for each in (OLD, NEW, OTHER)}) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "another"},
        {"iv": "AAAAAAAAAAAAAAAA"},
        {"iv": ""},
        {"box": "AAAA"},
        {"box": "no base64!"},
        {"epk": {}},
        {"epk": {"x": "AAAA", "y": "AAAA"}},
        {"epk": {"x": 7, "y": None}},
    ],
    ids=str,
)
def test_what_is_not_as_it_was_sealed_opens_to_nothing(changed: dict[str, object]) -> None:
    box = sealed_to(OLD)
    fields = {"id": box.id, "key_id": box.key_id, "epk": box.epk, "iv": box.iv, "box": box.box}
    assert boxes.opened([OLD], Box(**{**fields, **changed})) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [b"\xff", b"{", b"[" * 100_000], ids=["bytes", "half", "deep"])
def test_what_holds_no_json_opens_to_nothing(text: bytes) -> None:
    assert boxes.opened([OLD], sealed_to(OLD, text)) is None


def test_a_ticket_is_read_with_any_key_that_is_known_and_by_nobody_else() -> None:
    ticket = Ticket("secret", 7)
    text = tickets.signed([OLD], ticket)
    assert tickets.read([OLD], text) == tickets.read([NEW, OLD], text) == ticket
    assert tickets.read([NEW, OTHER], text) is None
    assert tickets.read([NEW, OLD], tickets.signed([NEW, OLD], ticket)) == ticket
    assert [tickets.read([OLD], each) for each in ("", "x.y", text + "a", text[:-1])] == [None] * 4
