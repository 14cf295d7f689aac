"""The code on a slip: how it looks, and how it is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.access.slip_codes import ALPHABET, LENGTH, grouped, kept, new_code, read

CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_it_has_fifty_bits_and_no_letters_that_look_alike() -> None:
    assert (len(ALPHABET), LENGTH) == (32, 10)
    assert set("ILOU").isdisjoint(ALPHABET)
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {read(code) for code in codes} == codes


def test_it_is_printed_in_groups() -> None:
    assert grouped("7K39QMX2VB") == "7K3-9QM-X2VB"


@given(CODES)
def test_whatever_is_printed_is_read_back(code: str) -> None:
    assert read(grouped(code)) == code


@given(CODES, st.sampled_from([" ", "-", ".", "\t", "–", ""]))
def test_hurried_hands_are_read(code: str, between: str) -> None:
    hurried = between.join(code.lower()).replace("0", "o").replace("1", "l")
    assert read(hurried) == code


@pytest.mark.parametrize(
    "typed", ["", "7K3", "7K39QMX2V", "7K39QMX2VBB", "7K39QMX2VU", "7K39QMX2V/", "７K39QMX2VB", "x" * 10_000]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read(typed) is None


def test_what_is_kept_depends_on_the_key() -> None:
    assert kept("a key", "7K39QMX2VB") == kept("a key", "7K39QMX2VB")
    assert len({kept("a key", "7K39QMX2VB"), kept("b key", "7K39QMX2VB"), kept("a key", "7K39QMX2VC")}) == 3
    assert "7K39QMX2VB".lower() not in kept("a key", "7K39QMX2VB")
