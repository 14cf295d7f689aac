"""How names and addresses are cleaned, and which addresses can be written to."""

import pytest

from scheduler.domain.people.names import clean, is_email, search_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Renée\t Tamm\x00\n", "Renée Tamm"),
        ("Re\u200bnee\ufeff Tamm\u00ad", "Renee Tamm"),
        ("Renee \u202emmaT\u202c", "Renee mmaT"),
        ("\u2066Renee\u2069 T\u200e", "Renee T"),
        ("Re\u200dnee\u200c Tamm", "Renee Tamm"),
        ("\u200d\u200c", ""),
        ("\u200b\u3164\u2800\u2028", ""),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("علی\u200c رضا\u200c", "علی رضا"),
        ("شری\u200c\u200cمتی", "شری\u200cمتی"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d👧 Evening", "👩\u200d👧 Evening"),
    ],
)
def test_what_nobody_sees_is_dropped_where_it_is_no_part_of_the_spelling(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_joiner_does_not_matter_to_a_search() -> None:
    assert search_name("علی\u200cرضا") == search_name("علیرضا")


@pytest.mark.parametrize(
    "address",
    [
        "renee@example.org",
        "Renee.O'Neill+week@my-mail.example.org",
        "r@localhost",
        "a_b=c@x1.co",
        f"{'a' * 64}@example.org",
    ],
)
def test_an_address_can_be_written_to(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "renee",
        "@example.org",
        "renee@",
        "a@b@c.org",
        "a@example.org,b@example.org",
        "a b@example.org",
        "<a@example.org>",
        "a@example.org;",
        "a:b@example.org",
        '"a"@example.org',
        "a(b)@example.org",
        "a\\b@example.org",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "a@example..org",
        "a@-example.org",
        "a@example-.org",
        "a@example.org.",
        "a@[127.0.0.1]",
        "a@exam_ple.org",
        "straße@example.org",
        "a@bücher.example",
        "\u212aim@example.org",
        "a\u200b@example.org",
        "a@example.org\n",
        "a\r\nBcc: b@example.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 64}.org",
        f"a@{'.'.join(['b' * 60] * 5)}",
    ],
)
def test_what_cannot_be_written_to_is_no_address(address: str) -> None:
    assert not is_email(address)
