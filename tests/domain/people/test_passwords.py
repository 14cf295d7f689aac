"""Which passwords are accepted, and how they are kept."""

import pytest

from scheduler.domain.people import passwords
from scheduler.domain.people.weak import is_guessed_early
from scheduler.errors import Invalid

ABOUT = ("Renee Tamm", "renee.tamm@example.org", "Lindenfield")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password12345678",
        "P@ssw0rd2026!!!!",
        "qwertyuiopasdfgh",
        "1q2w3e4r5t6y7u8i",
        "zxcvbnmasdfghjkl",
        "987654321987654321",
        "aaaaaaaaaaaaaaaa",
        "catcatcatcatcat",
        "correcthorsebatterystaple",
        "iloveyouforever1",
        "Welcome-Summer-2026",
        "reneetamm1985!!",
        "Lindenfield2026",
        "                ",
        "!!!!!!!!!!!!!!!!",
    ],
)
def test_what_is_made_of_common_pieces_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="one of the first that somebody would try"):
        passwords.require_good(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "seven brown boats at noon",
        "the kettle is on my desk",
        "xk3jf92mslqpd02",
        "Wir gehen heute schwimmen",
        "пятнадцать букв есть",
        "🐢🐢🦊🦊🐳🐳🦉🦉🐙🐙🦔🦔🐝🐝🌵",
        "purple umbrella dances",
    ],
)
def test_whatever_else_is_long_enough_is_accepted(password: str) -> None:
    passwords.require_good(password, about=ABOUT)


@pytest.mark.parametrize(
    ("password", "said"), [("fourteen chars", "at least 15"), ("xk3 " * 126, "at most 500")]
)
def test_too_short_and_too_long_are_refused(password: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        passwords.require_good(password)
    assert set(refusal.value.fields) == {"password"}


def test_one_s_own_name_is_common_only_to_oneself() -> None:
    assert is_guessed_early("reneetammreneetamm1", about=ABOUT)
    assert is_guessed_early("tammrenee201985", about=ABOUT)
    assert not is_guessed_early("tammrenee201985")


def test_a_long_one_is_looked_at_in_no_time() -> None:
    assert not is_guessed_early("xqkvzjwbqp" * 49 + "unrepeated")


def test_it_is_kept_as_argon2id_and_matches_itself_alone() -> None:
    made = passwords.hashed("seven brown boats at noon")
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches(made, "seven brown boats at noon")
    assert not passwords.matches(made, "Seven brown boats at noon")
    assert not passwords.matches(None, "seven brown boats at noon")
    assert not passwords.matches("no hash at all", "seven brown boats at noon")
    assert made != passwords.hashed("seven brown boats at noon")


def test_an_accent_may_be_typed_in_either_way() -> None:
    assert passwords.matches(passwords.hashed("sept bateaux a\u0300 midi"), "sept bateaux \u00e0 midi")
