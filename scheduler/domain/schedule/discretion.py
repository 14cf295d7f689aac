"""Words that a discreet title must not hold, since they tell what a session is (docs/security.md). Pure."""

import re
import unicodedata
from collections.abc import Iterable

FELLOWSHIPS = ("AA", "CA", "DUI", "IOP", "MA", "MAT", "NA")
"""Letters that tell in capitals: "ma" and "na" are words too. Before "meeting" they tell in any case."""

BEGINNINGS = (
    "12 ?step",
    "addict",
    "aftercare",
    "alcohol",
    "anonym",
    "buprenorphin",
    "clean and sober",
    "detox",
    "dosing",
    "fentanyl",
    "group therap",
    "heroin",
    "in ?patient",
    "methadon",
    "naloxon",
    "naltrexon",
    "narcotic",
    "opiat",
    "opioid",
    "out ?patient",
    "parole",
    "probation",
    "recover",
    "rehab",
    "relaps",
    "residential",
    "sober",
    "sobriet",
    "step meeting",
    "suboxon",
    "substance",
    "therap",
    "treatment",
    "twelve ?step",
    "vivitrol",
)
"""How telling words begin, whatever follows: "addict" is "addicts" and "addiction" too. A " ?" may be a
space, a hyphen or nothing.
"""

WHOLE = ("court", "courts", "dose", "doses", "drug", "drugs")
"""Words that tell by themselves only: a courtyard and a drugstore are plain places."""

MEETINGS = r"(?: meetings?| groups?)"
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_INITIALS = re.compile(r"\b(?:[^\W\d_]\. ?){2,}|\b(?:[^\W\d_]\.){1,}[^\W\d_]\b")
_APART = re.compile(r"[\W_]+")


def _any_of(patterns: Iterable[str]) -> str:
    return "|".join(patterns)


_CAPITALS = re.compile(rf"\b(?:{_any_of(FELLOWSHIPS)})(?=s?\b|\d)")
_ANY_CASE = re.compile(
    rf"\b(?:(?:{_any_of(BEGINNINGS)})\w*|(?:{_any_of(WHOLE)})\b"
    rf"|(?:{_any_of(FELLOWSHIPS)}){MEETINGS}\b)",
    re.IGNORECASE,
)


def telling_word(title: str) -> str:
    """The first word in a title that gives away what the session is; empty where none does.

    Found however it is written: in wide letters, with accents or with something invisible inside, with dots,
    hyphens or underscores between.
    """
    plain = _plain(title)
    found = _CAPITALS.search(plain) or _ANY_CASE.search(plain)
    return found[0] if found else ""


def telling_part(address: str) -> str:
    """The same for a host name or a mail address, in which words stand together: "elmrehab.example.org"."""
    joined = _APART.sub("", _plain(address).lower())
    parts = (beginning.replace(" ?", "") for beginning in BEGINNINGS)
    return telling_word(address) or next((part for part in parts if part in joined), "")


def _plain(title: str) -> str:
    """The title as somebody reads it: letters, digits and single spaces. "A.A." is "AA"."""
    apart = unicodedata.normalize("NFKD", title)
    seen = "".join(each for each in apart if unicodedata.category(each) not in _UNSEEN)
    joined = _INITIALS.sub(lambda found: re.sub(r"[. ]", "", found[0]) + " ", seen.replace("_", " "))
    return _APART.sub(" ", joined).strip()
