"""What columns hold: by heading, by sample, and as it was taken before."""

import pytest

from scheduler.domain.imports.mapping import (
    as_read,
    as_stored,
    checked,
    folded,
    guess,
    samples,
    with_headings,
)
from scheduler.domain.imports.people_columns import PEOPLE, Field
from scheduler.domain.imports.series_columns import SERIES
from scheduler.domain.imports.table import Row, Table, headed_by, packed, unpacked
from scheduler.errors import Invalid


def table(headings: str, *rows: str) -> Table:
    return Table(
        tuple(headings.split("|")),
        tuple(Row(number, tuple(row.split("|"))) for number, row in enumerate(rows, 2)),
    )


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Client Name", Field.NAME),
        ("FIRST_NAME", Field.FIRST),
        ("D.O.B.", Field.BORN),
        ("E-Mail Address", Field.EMAIL),
        ("Prénom", Field.FIRST),
        ("Level of care", Field.PROGRAM),
        ("Intake date", Field.ADMITTED),
        ("Shoe size", None),
    ],
)
def test_a_heading_tells_the_field_however_it_is_written(heading: str, field: Field | None) -> None:
    assert guess(PEOPLE, table(heading, "x"), {}) == (field,)


def test_a_column_without_a_telling_heading_is_told_by_what_stands_in_it() -> None:
    found = guess(PEOPLE, table("a|b|c", "ada@example.org|+1 555 010 0000|2026-07-14", "||"), {})
    assert found == (Field.EMAIL, Field.PHONE, None)


def test_no_field_is_guessed_twice_and_a_full_name_needs_no_parts() -> None:
    assert guess(PEOPLE, table("Name|Full name", "x|y"), {}) == (Field.NAME, None)
    assert guess(PEOPLE, table("First name|Last name|Name", "x|y|z"), {}) == (None, None, Field.NAME)


def test_a_column_mostly_of_addresses_holds_addresses() -> None:
    rows = ("Ada|ada@example.org", "Grace|none", "Edsger|edsger@@example", "Barbara|")
    assert guess(PEOPLE, table("Name|how", *rows), {}) == (Field.NAME, Field.EMAIL)


@pytest.mark.parametrize("last", ["Name, last", "Last name", "LAST_NAME"])
def test_a_name_beside_a_last_name_is_the_first_name(last: str) -> None:
    assert guess(PEOPLE, table(f"Client|{last}", "Ada|Lovelace", "Grace|Hopper"), {}) == (
        Field.FIRST,
        Field.LAST,
    )
    full = table(f"Client|{last}", "Ada Lovelace|Lovelace", "Grace Hopper|Hopper")
    assert guess(PEOPLE, full, {}) == (Field.NAME, None)


def test_what_was_chosen_the_last_time_comes_first() -> None:
    remembered = {folded("Name"): "", folded("Wer"): "name"}
    assert guess(PEOPLE, table("NAME|wér", "x|y"), remembered) == (None, Field.NAME)


def test_samples_are_the_first_cells_that_say_anything_each_once() -> None:
    assert samples(table("a", "x", "", "x", "y", "z"), 0, 2) == ("x", "y")


def test_a_list_needs_a_name_and_each_field_once() -> None:
    with pytest.raises(Invalid) as refused:
        checked(PEOPLE, (Field.BORN, Field.BORN, Field.FROM), ("Born", "Year", "Since"))
    assert refused.value.fields == {
        "column1": "This is chosen already, for Born.",
        "": "Say which column holds the names.",
        "column2": "This needs a column with the group.",
    }
    with pytest.raises(Invalid, match="and not both"):
        checked(PEOPLE, (Field.NAME, Field.LAST), ("a", "b"))


def test_what_is_stored_is_read_again() -> None:
    fields = (Field.NAME, None, Field.BORN)
    assert as_read(PEOPLE, as_stored(fields), 3) == fields


def test_what_stands_above_the_headings_is_not_read() -> None:
    found = with_headings(SERIES, table("PLAN|", "Printed|July 1", "Group|Days|Time", "Choir|Tuesday|7 PM"))
    assert found == Table(
        ("Group", "Days", "Time"),
        (Row(4, ("Choir", "Tuesday", "7 PM")),),
        number=3,
        above=(Row(1, ("PLAN",)), Row(2, ("Printed", "July 1"))),
    )
    assert unpacked(packed(found)) == found


@pytest.mark.parametrize(
    "lines",
    [
        ("Name", "Ada|ada@example.org"),
        ("Bezeichnung|Art|Tag", "Meeting|Group|Monday", "Choir|Group|Tuesday"),
        ("Titel|Tag", "Title|Day"),
    ],
)
def test_a_row_like_those_above_it_is_no_heading(lines: tuple[str, ...]) -> None:
    assert with_headings(SERIES, table(*lines)) == table(*lines)


def test_another_row_is_chosen_as_the_headings_and_the_first_again() -> None:
    first = table("A|B", "Titel|Tag|Zeit", "Chor|Montag|19:00")
    second = headed_by(first, 2)
    assert (second.headings, [row.number for row in second.rows]) == (("Titel", "Tag", "Zeit"), [3])
    assert headed_by(second, 1) == first
    for number in (3, 9):
        with pytest.raises(Invalid):
            headed_by(first, number)
