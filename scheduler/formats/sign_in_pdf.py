"""The sheet on paper: a page that goes round with numbered lines and no names, and one for who leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scheduler.formats.pdf import as_pdf

TITLE: Final = "Sign-in sheet"
"""Neutral: it stands in the window of whoever reads the file."""
TEMPLATE: Final = "templates/print/sign_in.typ"
"""Below the folder of the installed files."""
A_PAGE: Final = 12
"""Lines that fit beside all else. There are so many, or twice, three times …: that tells nobody's number."""
WALK_INS: Final = 3
NOTICE: Final = "42 CFR part 2 prohibits unauthorized disclosure of these records."


@dataclass(frozen=True, slots=True)
class OnPaper:
    """One session. ``called`` may be read by everybody in the room, ``session`` by who leads only.

    ``names`` are those expected, in the sheet's order; ``taken`` more have a place and no name here.
    """

    number: str
    session: str
    called: str
    date: str
    time: str
    place: str
    leads: str
    names: tuple[str, ...]
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Lined:
    """The same with the numbers of its lines, and of those for walk-ins."""

    sheet: OnPaper
    lines: tuple[int, ...]
    walk_ins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """All that is printed."""

    title: str
    notice: str
    sheets: tuple[Lined, ...]


def sign_in_pdf(sheets: Iterable[OnPaper], *, template: Path) -> bytes:
    """Two pages for each as PDF/UA. Takes a second for some hundred pages: not with a transaction open."""
    return as_pdf(SignIn(TITLE, NOTICE, tuple(map(lined, sheets))), template=template)


def lined(sheet: OnPaper) -> Lined:
    """Twelve lines, or the next multiple of twelve for more people, and then three."""
    last = max(1, -(-(len(sheet.names) + sheet.taken) // A_PAGE)) * A_PAGE
    return Lined(sheet, tuple(range(1, last + 1)), tuple(range(last + 1, last + WALK_INS + 1)))
