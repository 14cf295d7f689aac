"""What rows say of persons, and why they cannot be taken."""

from datetime import date

import pytest

from scheduler.domain.imports.drafts import FORMULA, NO_NAME, WIDER, Draft, drafts
from scheduler.domain.imports.mapping import Field
from scheduler.domain.imports.table import Row, Table

TODAY = date(2026, 7, 15)


def read(fields: tuple[Field | None, ...], *rows: tuple[str, ...]) -> tuple[Draft, ...]:
    numbered = tuple(Row(number, row) for number, row in enumerate(rows, 2))
    return drafts(Table(("",) * len(fields), numbered), fields, today=TODAY)


def one(field: Field, cell: str) -> Draft:
    return read((Field.NAME, field), ("Ada Lovelace", cell))[0]


def test_a_row_says_what_its_columns_hold() -> None:
    fields = (Field.FIRST, Field.LAST, Field.BORN, Field.EMAIL, Field.PHONE, Field.GROUP, Field.ADMITTED)
    row = ("Renée", "Tamm", "1990-05-17", "R@Example.org", "+1 (555) 010-0000", "A; B ;A", "7/1/2026")
    assert read(fields, row) == (
        Draft(
            number=2,
            name="Renée Tamm",
            search="renee tamm",
            birth_year=1990,
            email="r@example.org",
            phone="+1 (555) 010-0000",
            groups=("A", "B"),
            admitted_on=date(2026, 7, 1),
        ),
    )


@pytest.mark.parametrize("cell", ["1990", "1990-12-31", "12/31/1990", "31.12.1990", "1990-12-31 00:00:00"])
def test_only_the_year_of_a_birth_is_kept(cell: str) -> None:
    assert one(Field.BORN, cell).birth_year == 1990


def test_days_come_first_where_one_of_the_dates_can_be_read_no_other_way() -> None:
    fields = (Field.NAME, Field.ADMITTED)
    monthly = read(fields, ("Ada", "03/04/2026"), ("Grace", "03/05/2026"))
    assert [each.admitted_on for each in monthly] == [date(2026, 3, 4), date(2026, 3, 5)]
    daily = read(fields, ("Ada", "03/04/2026"), ("Grace", "23/05/2026"))
    assert [each.admitted_on for each in daily] == [date(2026, 4, 3), date(2026, 5, 23)]


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        (Field.BORN, "1890", "This is no year of birth. (1890)"),
        (Field.BORN, "2027", "This is no year of birth. (2027)"),
        (Field.BORN, "May", "This is not a date. Write it like 2026-07-14. (May)"),
        (Field.ADMITTED, "2026-02-30", "This is not a date. Write it like 2026-07-14. (2026-02-30)"),
        (Field.ADMITTED, "1889-01-01", "This date is too far away. (1889-01-01)"),
        (Field.EMAIL, "ada at home", "This is not an e-mail address. (ada at home)"),
        (Field.PHONE, "none", "This is not a phone number. (none)"),
        (Field.PHONE, "=HYPERLINK(1)", FORMULA),
        (Field.DISCHARGED, "2026-07-01", "There is a day of discharge, and none of admission."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(field: Field, cell: str, said: str) -> None:
    assert said in one(field, cell).reasons


def test_a_row_is_refused_as_a_whole() -> None:
    dates = (Field.NAME, Field.ADMITTED, Field.DISCHARGED)
    found = read(
        dates, ("", "2026-07-01", "2026-06-01"), ("A", "2026-07-01", "2026-08-01"), ("B", "", "", "x")
    )
    assert [each.reasons for each in found] == [
        (NO_NAME, "The day of discharge is before the day of admission."),
        ("The day of discharge is still to come.",),
        (WIDER,),
    ]
