"""What rows say of persons, and why they cannot be taken."""

from datetime import date

import pytest

from scheduler.domain.imports.drafts import NO_NAME, Draft, drafts
from scheduler.domain.imports.people_columns import PEOPLE, Field
from scheduler.domain.imports.reading import FORMULA, WIDER, Slip, orders_used
from scheduler.domain.imports.table import Table
from scheduler.domain.schedule.written_dates import ColumnDates, Order
from tests.domain.imports.lists import row_of

TODAY = date(2026, 7, 15)


def read(fields: tuple[Field | None, ...], *rows: tuple[str, ...]) -> tuple[Draft, ...]:
    numbered = tuple(row_of(number, row) for number, row in enumerate(rows, 2))
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


def test_an_impossible_date_says_nothing_of_the_others() -> None:
    found = read((Field.NAME, Field.ADMITTED), ("Ada", "03/04/2026"), ("Grace", "32/1/2026"))
    assert found[0].admitted_on == date(2026, 3, 4)
    assert found[1].reasons == ("This is not a date. Write it like 2026-07-14. (32/1/2026)",)


def test_each_column_is_read_by_its_own_dates() -> None:
    fields = (Field.NAME, Field.BORN, Field.ADMITTED, Field.FROM)
    found = read(
        fields, ("Ada", "23/05/1990", "03/04/2026", ""), ("Grace", "1/2/1990", "04/05/2026", "1.2.2026")
    )
    assert [each.admitted_on for each in found] == [date(2026, 3, 4), date(2026, 4, 5)]
    assert found[1].from_date == date(2026, 2, 1)
    assert [each.birth_year for each in found] == [1990, 1990]


def test_rows_that_do_not_fit_the_order_of_their_column_are_refused() -> None:
    fields, cells = (Field.NAME, Field.ADMITTED), ("03/04/2026", "23/05/2026", "05/24/2026", "05/25/2026")
    rows = tuple(("Ada", cell) for cell in cells)
    refusal = "The dates of this column are read as month/day/year, and this is none. (23/05/2026)"
    assert [each.reasons for each in read(fields, *rows)] == [(), (refusal,), (), ()]
    numbered = tuple(row_of(number, row) for number, row in enumerate(rows, 2))
    table = Table(("Name", "Admitted"), numbered)
    assert orders_used(PEOPLE, table, fields) == (ColumnDates("Admitted", Order.MONTH, is_mixed=True),)
    flipped = drafts(table, fields, today=TODAY, order=Order.DAY)
    assert [bool(each.reasons) for each in flipped] == [False, False, True, True]
    assert flipped[0].admitted_on == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        (Field.BORN, "1890", "This is no year of birth. (1890)"),
        (Field.BORN, "2027", "This is no year of birth. (2027)"),
        (Field.BORN, "May", "This is not a date. Write it like 2026-07-14. (May)"),
        (Field.ADMITTED, "7/14/26", "Write the year with four digits, like 2026-07-14. (7/14/26)"),
        (Field.ADMITTED, "25-12-25", "Write the year with four digits, like 2026-07-14. (25-12-25)"),
        (Field.ADMITTED, "7/14", "Write the year with four digits, like 2026-07-14. (7/14)"),
        (Field.ADMITTED, "32/13", "This is not a date. Write it like 2026-07-14. (32/13)"),
        (Field.ADMITTED, "2026-02-30", "This is not a date. Write it like 2026-07-14. (2026-02-30)"),
        (Field.ADMITTED, "1889-01-01", "This date is too far away. (1889-01-01)"),
        (Field.EMAIL, "ada at home", "This is not an e-mail address. (ada at home)"),
        (Field.PHONE, "none", "This is not a phone number. (none)"),
        (Field.PHONE, "=HYPERLINK(1)", FORMULA),
        (Field.DISCHARGED, "2026-07-01", "There is a day of discharge, and none of admission."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(field: Field, cell: str, said: str) -> None:
    found = one(field, cell)
    assert said in (*found.reasons, *(slip.reason for slip in found.slips))


def test_a_row_can_be_taken_without_an_address_but_not_without_a_day() -> None:
    slip = Slip("This is not an e-mail address. (ada at home)", "e-mail")
    found = one(Field.EMAIL, "ada at home")
    assert (found.reasons, found.slips) == ((), (slip,))
    assert slip.remark == "Without the e-mail: this is not an e-mail address. (ada at home)"
    assert one(Field.ADMITTED, "soon").slips == ()


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
