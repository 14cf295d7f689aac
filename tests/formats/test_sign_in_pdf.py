"""The sheet on paper: tagged and neutral; one page goes round without a name, one has the names."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
import typst

from scheduler.config import FILES
from scheduler.formats.sign_in_pdf import NOTICE, TEMPLATE, TITLE, OnPaper, SignIn, lined, sign_in_pdf
from tests.formats.test_record_pdf import MARKUP, inflated

PLACE = FILES / TEMPLATE
TWELVE = OnPaper(
    "4821-07-14",
    "Tuesday evening group",
    "",
    "July 14, 2026",
    "7:00 to 8:30 PM (New York)",
    "Elm Street, room 2",
    "Dana R., Femi A.",
    tuple(f"Alma {letter}." for letter in "ABCDEFGHIJKL"),
)


def pages(*sheets: OnPaper) -> list[str]:
    """Each page as a drawing."""
    data = asdict(SignIn(TITLE, NOTICE, tuple(map(lined, sheets))))
    drawn: Any = typst.compile(PLACE.read_bytes(), format="svg", sys_inputs={"record": json.dumps(data)})
    return [each.decode() for each in (drawn if isinstance(drawn, list) else [drawn])]


def test_twelve_people_are_one_page_that_goes_round_and_one_for_the_lead() -> None:
    assert len(pages(TWELVE)) == 2
    assert len(pages(TWELVE, TWELVE)) == 4
    assert pages(TWELVE)[0] == pages(replace(TWELVE, names=("Zoe Q.",), session="Another"))[0]


def test_it_is_tagged_neutral_and_what_was_typed_does_nothing() -> None:
    pdf = sign_in_pdf([replace(TWELVE, session=MARKUP, names=(MARKUP, "李雷"))], template=PLACE)
    plain = inflated(pdf)
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"pdfuaid:part", b"/Lang", b"Sign-in sheet"):
        assert mark in pdf + plain, mark


@pytest.mark.parametrize("names", [(), ("Renee T.",) * 40])
def test_nobody_and_many_fit(names: tuple[str, ...]) -> None:
    assert sign_in_pdf([replace(TWELVE, names=names, taken=2)], template=PLACE).startswith(b"%PDF")
