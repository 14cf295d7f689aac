"""A fellowship is found by code, short name or name."""

import pytest

from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS, fellowship_named, short_name_of
from scheduler.errors import Invalid


@pytest.mark.parametrize("text", ["AL-ANON", "al-anon", "Al-Anon", " al-anon family groups "])
def test_a_fellowship_is_found_in_any_spelling(text: str) -> None:
    assert fellowship_named(text) is FELLOWSHIPS["AL-ANON"]


def test_an_unknown_one_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid) as refused:
        fellowship_named("ZZ")
    assert str(refused.value).startswith("There is no fellowship “ZZ” here. Known are: AA, ACA, AL-ANON,")
    assert list(refused.value.fields) == ["fellowship"]


def test_a_stored_code_always_has_something_to_show() -> None:
    assert short_name_of("RD") == "Recovery Dharma"
    assert short_name_of("GONE") == "GONE"
