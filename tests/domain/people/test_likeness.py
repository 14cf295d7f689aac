"""Whether two descriptions mean the same human: one table of pairs."""

import pytest

from scheduler.domain.people.likeness import Description, born_apart, digits, is_certain, is_likely

ADA = Description("ada lovelace", 1985, "ada@x.example", "(555) 010-0142 x12")


@pytest.mark.parametrize(
    ("other", "certain", "likely"),
    [
        (ADA, True, True),
        (Description("ada lovelace", None, "ada@x.example", None), True, True),
        (Description("ada lovelace", None, None, "+1 555 010 0142"), True, True),
        (Description("ada lovelace", None, None, "555.010.0142 ext 9"), True, True),
        (Description("ada lovelace", 1985, None, None), False, True),
        (Description("ada lovelace", None, None, None), False, True),
        (Description("ada lovelace", 1986, None, None), False, False),
        (Description("ada lovelace", 1986, "ada@x.example", None), False, True),
        (Description("ada king", 1990, None, "5550100142"), False, True),
        (Description("ada king", 1985, "king@x.example", "555 010 0143"), False, False),
    ],
)
def test_the_name_and_a_channel_surely_the_name_or_a_channel_likely(
    other: Description, certain: bool, likely: bool
) -> None:
    for one, two in ((ADA, other), (other, ADA)):
        assert (is_certain(one, two), is_likely(one, two)) == (certain, likely)


def test_what_nobody_told_is_no_channel_that_two_share() -> None:
    one, other = Description("ada", None, None, None), Description("bo", None, None, "")
    assert (is_certain(one, other), is_likely(one, other)) == (False, False)


def test_of_a_number_the_last_ten_digits_count_without_an_extension() -> None:
    typed = ("+1 (555) 010-0142", "555.010.0142 x12", "555 010 0142 Ext. 3", "0142", "none", "")
    assert [digits(each) for each in typed] == [*["5550100142"] * 3, "0142", "", ""]


def test_only_two_years_that_are_known_set_apart() -> None:
    assert [born_apart(1985, 1986), born_apart(1985, 1985), born_apart(None, 1985)] == [True, False, False]
