"""CSV and XLSX files that nobody here wrote: what is read of them, and how hostile and huge ones end."""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.imports.table import Row, Table, packed, unpacked
from scheduler.domain.people.names import clean
from scheduler.errors import Invalid
from scheduler.formats import tables
from scheduler.formats.csv_tables import WINDOWS, read_csv, write_csv
from scheduler.formats.table_files import FileKind, read_table, write_table
from scheduler.formats.workbooks import FIRST_SHEET
from tests.formats.workbooks import SHEET, with_parts, with_sheet, workbook

RENEE = Table(("Name", "Born"), (Row(2, ("Renée Tamm", "1990")),))
COMPUTED = ("=", "-", "\uff1d")
QUICK = 10
"""Seconds: a hostile file ends sooner, also on a busy machine."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_that_spreadsheets_write_text_reads_the_same(
    encoding: str, separator: str, end: str
) -> None:
    text = f"Name{separator}Born{end}Renée Tamm{separator}1990{end}"
    assert read_table(text.encode(encoding)) == RENEE


def test_text_of_windows_is_read_with_a_note() -> None:
    found = read_table("Name,Born\nRenée Tamm,1990\n".encode("cp1252"))
    assert found == Table(RENEE.headings, RENEE.rows, WINDOWS)


def test_a_separator_that_is_named_is_taken_and_a_quoted_one_is_not() -> None:
    assert read_table(b"sep=;\r\nName;Born\r\nTamm, Renee;1990\r\n").rows == (
        Row(3 - 1, ("Tamm, Renee", "1990")),
    )
    assert read_table(b'Name;Born\n"Tamm; Renee";1990\n').rows == (Row(2, ("Tamm; Renee", "1990")),)


def test_a_name_above_the_table_hides_no_separator() -> None:
    found = read_table(b"Plan for winter\n\nName;Born\nRenee, Tamm;1990\n")
    assert [row.cells for row in found.rows] == [("Name", "Born"), ("Renee, Tamm", "1990")]


def test_numbers_of_rows_are_those_of_the_spreadsheet_and_blank_rows_are_passed_over() -> None:
    found = read_table(b"\n,,\nName,Born\n\nRenee,1990\n , \nMarcus\n")
    assert found == Table(("Name", "Born"), (Row(5, ("Renee", "1990")), Row(7, ("Marcus", ""))), number=3)


def test_more_cells_than_headings_are_kept_for_whoever_refuses_the_row() -> None:
    assert read_table(b"Name\nRenee,1990\n").rows == (Row(2, ("Renee", "1990")),)


def test_cells_lose_what_nobody_sees_and_the_mark_that_made_them_harmless() -> None:
    data = "Name,Phone\n  Renee\u200b\u202e  Tamm ,'+1 555 0100\n".encode()
    assert read_table(data).rows[0].cells == ("Renee Tamm", "+1 555 0100")


def test_a_workbook_gives_its_values_as_text_and_formulas_as_they_stand() -> None:
    found = read_table(
        workbook(
            ("Name", "Born", "Since", "At", "Sum", "Yes", "Half"),
            ("Renée Tamm", 1990.0, date(2026, 7, 1), datetime(2026, 7, 1, 9, 30), "=1+1", True, 0.5),
        )
    )
    assert found.rows[0].cells == (
        *("Renée Tamm", "1990", "2026-07-01", "2026-07-01 09:30:00", "=1+1", "True", "0.5"),
    )


def test_of_several_sheets_the_first_is_read_with_a_note() -> None:
    assert read_table(workbook(("Name",), ("Ada",), sheets=3)) == Table(
        ("Name",), (Row(2, ("Ada",)),), FIRST_SHEET
    )


def test_a_packed_table_is_the_same_again() -> None:
    assert unpacked(packed(RENEE)) == RENEE


def _million_rows() -> bytes:
    return with_sheet(b'<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 1_000_000)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", tables.EMPTY),
    "blank": (lambda: b"\n\n , \n", tables.EMPTY),
    "a heading alone": (lambda: b"Name,Born\n", tables.NO_ROWS),
    "a zero byte": (lambda: b"Name\nRe\0nee\n", "neither a CSV nor an XLSX file"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "neither a CSV nor an XLSX file"),
    "no encoding at all": (lambda: b"Name\n\x81\x8d\x8f\n", "neither a CSV nor an XLSX file"),
    "half of a UTF-16 letter": (lambda: b"\xff\xfeN\0a\0m\0e\0\n\0x", "neither a CSV nor an XLSX file"),
    "an open quotation mark": (lambda: b'Name\n"Renee\nMarcus\n', "a quotation mark is open or stands wrong"),
    "10,001 rows": (lambda: b"Name\n" + b"Ada\n" * 10_001, tables.TOO_MANY),
    "2 million rows": (lambda: b"Name\n" + b"Ada\n" * 2_000_000, tables.TOO_MANY),
    "9 million blank rows": (lambda: b"Name\n" + b"\n" * 9_000_000, tables.TOO_MANY),
    "100 MB": (lambda: b"Name\n" + b"a" * 100_000_000, tables.TOO_LARGE),
    "too wide": (lambda: b"a," * 100 + b"b\n1\n", tables.TOO_WIDE),
    "a cell of a megabyte": (
        lambda: b'Name\n"' + b"a" * 1_000_000 + b'"\n',
        "a quotation mark is open or stands wrong",
    ),
    "an old workbook, or one with a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000,
        "an old Excel file, or one with a password",
    ),
    "an archive that breaks off": (lambda: workbook(("Name",), ("Ada",))[:-200], "The file is damaged"),
    "an archive that is none": (lambda: b"PK\x05\x06" + b"\0" * 18, "The file is damaged"),
    "another archive": (lambda: with_parts({}, of=None)[:4] + b"\0" * 400, "The file is damaged"),
    "an archive of zeros": (lambda: with_parts({SHEET: b"\0" * 70_000_000}), "The file is damaged"),
    "an archive of more zeros": (
        lambda: with_parts({SHEET: b" " * 500_000_000}),
        "unpacks to more than a list",
    ),
    "a picture of zeros": (
        lambda: with_parts({"xl/media/i.png": b"\0" * 300_000_000}),
        "unpacks to more than a list",
    ),
    "a million rows": (_million_rows, "unpacks to more than a list"),
    "a million cells in a row": (
        lambda: with_sheet(b"<row>" + b"<c/>" * 1_400_000 + b"</row>"),
        "unpacks to more than a list",
    ),
    "a row far down": (lambda: with_sheet(b'<row r="99999999999"><c><v>1</v></c></row>'), tables.TOO_MANY),
    "a column far away": (
        lambda: with_sheet(
            b'<row r="1"><c r="ZZZ1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
        ),
        "The file",
    ),
    "many styles": (
        lambda: with_parts({"xl/styles.xml": b"<styleSheet>" + b"<xf/>" * 100_000 + b"</styleSheet>"}),
        "unpacks to more than a list",
    ),
    "entities of entities": (
        lambda: with_parts(
            {SHEET: b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><worksheet>&c;</worksheet>'}
        ),
        "definitions that no spreadsheet writes",
    ),
    "an entity of a file": (
        lambda: with_parts(
            {"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><sst>&b;</sst>'}
        ),
        "definitions that no spreadsheet writes",
    ),
    "entities in another encoding": (
        lambda: with_parts(
            {SHEET: '<!DOCTYPE a [<!ENTITY b "x">]><worksheet>&b;</worksheet>'.encode("utf-16")}
        ),
        "definitions that no spreadsheet writes",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_huge_file_ends_quickly_with_one_line(name: str) -> None:
    made, said = HOSTILE[name]
    data = made()
    begun = time.monotonic()
    with pytest.raises(Invalid) as refused:
        read_table(data)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert time.monotonic() - begun < QUICK


def test_a_locked_part_is_named_as_what_it_is() -> None:
    data = bytearray(workbook(("Name",), ("Ada",)))
    with zipfile.ZipFile(BytesIO(data)) as whole:
        offset = whole.start_dir
    data[offset + 8] |= 1  # the flag of the first part in the directory
    with pytest.raises(Invalid, match="has a password"):
        read_table(bytes(data))


def test_links_to_other_files_are_not_followed_and_the_values_are_read() -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    data = with_parts({"xl/externalLinks/externalLink1.xml": link})
    assert read_table(data).rows == (Row(2, ("Ada Lovelace",)),)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    with suppress(Invalid):
        assert read_csv(data).rows


cells = (
    st.text(
        alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_what_is_written_as_csv_is_computed_by_nobody_and_read_again(rows: list[tuple[str, str]]) -> None:
    data = write_csv(("A", "B"), rows)
    for line in data.decode("utf-8-sig").splitlines():
        assert not line.lstrip('"').startswith(tables.ACTIVE)
    read = [row.cells for row in read_csv(data).rows]
    assert read == [tuple(map(clean, row)) for row in rows]


def test_every_cell_is_quoted_and_what_another_separator_would_split_off_is_marked() -> None:
    data = write_csv(("Name", "Born"), [("Anna;=1+1", "1990"), ("1", 'Anna;"=1+1;b')])
    assert data.decode("utf-8-sig").splitlines() == [
        '"Name","Born"',
        """"Anna;'=1+1","1990\"""",
        """"1","Anna;'""=1+1;b\"""",
    ]
    assert read_csv(data).rows == (Row(2, ("Anna;=1+1", "1990")), Row(3, ("1", 'Anna;"=1+1;b')))


hostile = st.text(alphabet="a;\t'\"=-\uff1d, \n\r", min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(hostile, hostile, hostile), min_size=1, max_size=3))
def test_no_separator_makes_a_cell_that_is_computed(rows: list[tuple[str, str, str]]) -> None:
    text = write_csv(("A", "B", "C"), rows).decode("utf-8-sig")
    for separator in ",;\t":
        found = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        assert [cell for record in found for cell in record if cell.startswith(COMPUTED)] == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet="a;'\"=-,", min_size=1, max_size=12), min_size=1, max_size=3))
def test_marks_of_a_cell_are_taken_off_again(cells: list[str]) -> None:
    rows = [(cell,) for cell in cells]
    assert [row.cells for row in read_csv(write_csv(("A",), rows)).rows] == rows


@pytest.mark.parametrize("kind", FileKind)
def test_a_formula_is_told_from_a_text_that_looks_like_one(kind: FileKind) -> None:
    text = read_table(write_table(kind, ("A", "B"), [("=1+1", "a"), ("'=1+1", "a")]))
    assert text.rows == (Row(2, ("=1+1", "a")), Row(3, ("'=1+1", "a")))
    formula = b"A,B\na,=1+1\n" if kind is FileKind.CSV else workbook(("A", "B"), ("a", "=1+1"))
    assert read_table(formula).rows == (Row(2, ("a", "=1+1"), formulas=frozenset({1})),)
    assert unpacked(packed(read_table(formula))) == read_table(formula)


@pytest.mark.parametrize("sign", [*"=+-@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
@pytest.mark.parametrize("kind", FileKind)
def test_a_sign_that_computes_gets_a_mark_in_the_file_and_loses_it_when_read(
    kind: FileKind, sign: str
) -> None:
    data = write_table(kind, ("A",), [(f"{sign}1",)])
    text = data if kind is FileKind.CSV else zipfile.ZipFile(BytesIO(data)).read(SHEET)
    assert f"'{sign}1".encode() in text
    assert f">{sign}1".encode() not in text
    assert read_table(data).rows == (Row(2, (f"{sign}1",)),)


def test_a_workbook_that_is_written_has_text_and_no_formula() -> None:
    rows = [("=1+1", "+1 555", "-3", "@here", "\tx", "plain")]
    read = read_table(write_table(FileKind.XLSX, tuple("abcdef"), rows))
    assert read.rows[0].cells == ("=1+1", "+1 555", "-3", "@here", "x", "plain")
    data = write_table(FileKind.XLSX, ("a",), rows)
    with zipfile.ZipFile(BytesIO(data)) as book:
        assert b"<f>" not in book.read(SHEET)
