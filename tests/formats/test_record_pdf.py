"""The record on paper: tagged, numbered, neutral, and what people typed is never markup."""

import re
import zlib
from datetime import UTC, datetime

import pytest

from scheduler.config import FILES
from scheduler.domain.privacy.held import Held, Row
from scheduler.formats.pdf import NO_TYPE, Paper, Section, as_pdf
from scheduler.formats.record_pdf import NOTICE, paper_of, record_pdf

AT = datetime(2026, 7, 15, 20, tzinfo=UTC)
TEMPLATE = FILES / "templates" / "print" / "record.typ"
MARKUP = '#panic("x") *strong* _emph_ $x^2$ `raw` @ref <label> \\ // comment = heading #read("/etc/passwd")'


def held(**tables: tuple[Row, ...]) -> Held:
    return Held(AT, 7, tables, {"mark.marked_by": 3})


def test_the_paper_says_what_is_held_and_reads_by_the_day() -> None:
    read: Row = {"at": "2026-07-15T20:00:00+00:00", "by": "Odile K.", "action": "read", "subject": "person"}
    paper = paper_of(
        held(
            audit_entry=(read, read),
            identity=({"name": "Renee Tamm", "email": "r@example.org", "birth_year": 1980},),
            mark=({"session_at": "2026-07-14T19:00:00", "session": "Group", "status": "left_early"},),
            something_new=({"id": 1, "person_id": 7, "what": "kept", "given": True},),
        ),
        zone="America/New_York",
    )
    assert paper.title == "Record"
    assert NOTICE in paper.intro
    assert [(section.title, section.rows) for section in paper.sections] == [
        ("Name and channels", (("Renee Tamm", "r@example.org", "", "1980"),)),
        ("Attendance", (("2026-07-14 19:00", "Group", "left early", "", "", "", ""),)),
        ("Something new", (("kept", "yes"),)),
        ("Who read and changed it", (("2026-07-15", "Odile K.", "read", "person", "2"),)),
        ("Done as staff", (("mark.marked_by", "3"),)),
    ]


def test_it_is_tagged_in_a_language_with_a_neutral_title_and_without_a_date() -> None:
    pdf = record_pdf(held(identity=({"name": "Renee"},)), zone="America/New_York", template=TEMPLATE)
    plain = inflated(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"pdfuaid:part", b"/Lang"):
        assert mark in pdf + plain, mark
    assert b"Record" in pdf + plain


@pytest.mark.parametrize("typed", [MARKUP, "a\nb", "x" * 3000, "\x00\x1b\u202e", ""])
def test_what_people_typed_is_shown_as_it_is_and_does_nothing(typed: str) -> None:
    paper = Paper("Record", (typed,), (Section("Part", ("Head",), ((typed,),), typed),))
    assert as_pdf(paper, template=TEMPLATE).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "Ольга Кузнецова", "李雷", "مريم", "🙂", "\U000e0041"])
def test_names_of_every_alphabet_are_printed_or_boxed(name: str) -> None:
    paper = Paper("Record", (name,), (Section("Part", ("Head",), ((name,),)),))
    assert as_pdf(paper, template=TEMPLATE).startswith(b"%PDF")


def test_pages_are_numbered_and_a_long_table_goes_on() -> None:
    rows = tuple((str(number), NO_TYPE) for number in range(300))
    pdf = as_pdf(Paper("Record", (), (Section("Part", ("Number", "Sign"), rows),)), template=TEMPLATE)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf + inflated(pdf))) > 3


def inflated(pdf: bytes) -> bytes:
    """The streams of a PDF that can be unpacked, one after the other."""
    found = b""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found += zlib.decompress(stream)
        except zlib.error:
            found += stream
    return found
