"""A type code means something only together with its fellowship."""

from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS
from scheduler.domain.mutual_help.types import TYPE_NAMES, sorted_out, type_name


def test_the_same_letters_mean_different_things() -> None:
    assert type_name("AA", "POA") == "Proof of attendance"
    assert type_name("AL-ANON", "POA") == "Parents"
    assert type_name("AA", "Y") == "Young people"
    assert type_name("AL-ANON", "Y") == "Alateen"
    assert type_name("RD", "DA") == "Danish"
    assert type_name("NA", "POA") is None


def test_a_fellowship_without_a_table_has_the_codes_that_all_lists_share() -> None:
    assert type_name("SMART", "O") == "Open"
    assert type_name("SMART", "BT") is None


def test_every_table_belongs_to_a_fellowship_and_has_open_and_closed() -> None:
    assert set(TYPE_NAMES) <= set(FELLOWSHIPS)
    assert all({"O", "C", "ONL", "TC"} <= set(table) for table in TYPE_NAMES.values())


def test_the_first_table_has_the_specification_s_87_codes_and_online_which_every_list_adds() -> None:
    assert len(TYPE_NAMES["AA"].keys() - {"ONL"}) == 87
    assert type_name("AA", "12x12") == "12 Steps and 12 Traditions"


def test_codes_are_sorted_into_known_and_others_in_their_order() -> None:
    assert sorted_out("AA", ["O", " D ", "", "XYZ", "O"]) == (("O", "D"), ("XYZ",))
