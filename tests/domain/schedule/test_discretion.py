import pytest

from scheduler.domain.schedule.discretion import telling_word


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("NA on Tuesdays", "NA"),
        ("Early Recovery", "Recovery"),
        ("methadone window", "methadone"),
        ("12-step evening", "12-step"),
        ("Group therapy A", "Group therapy"),
        ("After court", "court"),
    ],
)
def test_words_that_tell_what_it_is_are_found(title: str, word: str) -> None:
    assert telling_word(title) == word


@pytest.mark.parametrize(
    "title",
    ["", "Appointment", "Evening class", "Na zdrowie lunch", "Ma's cooking", "Courtyard walk", "Drugstore"],
)
def test_plain_words_pass(title: str) -> None:
    assert telling_word(title) == ""
