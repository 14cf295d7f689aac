"""A list that is read again changes what it changed, and nothing else."""

from dataclasses import replace

from scheduler.domain.mutual_help.comparing import Changed, Comparison, Known, comparison
from scheduler.domain.mutual_help.rows import fingerprint
from tests.domain.mutual_help.made_up import FRIDAY_NOON, ONLINE, at_one


def test_rows_are_new_changed_the_same_or_missing() -> None:
    third = replace(FRIDAY_NOON, key="third")
    known = {
        "friday-noon": Known(7, fingerprint(FRIDAY_NOON), "Friday noon"),
        "late-online": Known(8, fingerprint(ONLINE), "Late online"),
        "gone": Known(9, "…", "Gone on Mondays"),
    }
    assert comparison([at_one(FRIDAY_NOON), ONLINE, third], known) == Comparison(
        new=(third,), changed=(Changed(7, at_one(FRIDAY_NOON)),), same=1, missing=("Gone on Mondays",)
    )


def test_the_first_list_is_all_new() -> None:
    assert comparison([FRIDAY_NOON], {}) == Comparison(new=(FRIDAY_NOON,), changed=(), same=0, missing=())
