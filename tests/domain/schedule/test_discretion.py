import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.schedule.discretion import telling_word

TELLING = (
    "addicts",
    "opioids",
    "recoveries",
    "Relapses",
    "detoxification",
    "Narcotic",
    "Methadon",
    "12-step",
    "NA",
    "A.A.",
)
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""A soft hyphen, spaces and joiners of no width, a mark of the order of bytes."""


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("NA on Tuesdays", "NA"),
        ("Early Recovery", "Recovery"),
        ("methadone window", "methadone"),
        ("12-step evening", "12 step"),
        ("12 step", "12 step"),
        ("12step", "12step"),
        ("Twelve-Steps", "Twelve Steps"),
        ("Group therapy A", "Group therapy"),
        ("After court", "court"),
        ("AA_group", "AA"),
        ("A.A.", "AA"),
        ("a.a. meeting", "aa meeting"),
        ("Evening (N.A.)", "NA"),
        ("N. A. on Fridays", "NA"),
        ("AA2", "AA"),
        ("na meeting", "na meeting"),
        ("Na-Meetings", "Na Meetings"),
        ("ＮＡ", "NA"),
        ("ｒｅｃｏｖｅｒｙ", "recovery"),
        ("reco\u00advery", "recovery"),
        ("reco\u200bvery", "recovery"),
        ("Sobér", "Sober"),
    ],
)
def test_words_that_tell_what_it_is_are_found(title: str, word: str) -> None:
    assert telling_word(title) == word


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Appointment",
        "Banana bread",
        "Class A",
        "Courtyard walk",
        "Dance steps",
        "Drugstore",
        "Evening class",
        "Ma's cooking",
        "Na zdrowie lunch",
        "Naan baking",
        "Nancy",
        "Stepford walk",
        "Walk at 12",
        "J. S. Bach",
        "Mathematics",
        "Canada",
    ],
)
def test_plain_words_pass(title: str) -> None:
    assert telling_word(title) == ""


@given(
    word=st.sampled_from(TELLING),
    unseen=st.lists(st.sampled_from(["", *UNSEEN]), min_size=12, max_size=12),
    before=st.sampled_from(["", "Evening ", "(", "_", "a-"]),
    after=st.sampled_from(["", " at six", ")", "_", "!"]),
)
def test_nothing_invisible_and_no_mark_beside_it_hides_a_word(
    word: str, unseen: list[str], before: str, after: str
) -> None:
    hidden = "".join(letter + mark for letter, mark in zip(word, unseen, strict=False)) + word[12:]
    assert telling_word(before + hidden + after)


@given(word=st.sampled_from(TELLING))
def test_wide_letters_hide_no_word(word: str) -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in word)
    assert telling_word(wide)
