"""What a calendar must not say to whoever reads over its owner's shoulder, looked for everywhere in it.

That is in every value and every parameter, folded or not, escaped or not, also in names of entries.
"""

import re
import unicodedata
from functools import lru_cache

from scheduler.domain.schedule.discretion import telling_word
from tests.calendars.lint import unfolded

WORDS = (
    # What it is about: diagnosis, drug and dose, level of care.
    *("addict", "alcohol", "aftercare", "detox", "diagnos", "dose", "dosing", "drug", "opioid", "opiate"),
    *("heroin", "fentanyl", "methadon", "buprenorphin", "suboxon", "naltrexon", "vivitrol", "medicat"),
    *(
        "recover",
        "rehab",
        "relaps",
        "sober",
        "sobriet",
        "inpatient",
        "outpatient",
        "residential",
        "level of care",
    ),
    *("treatment", "therap", "counsel", "clinic", "patient", "assessment", "relapse", "intake"),
    # Whose company it is, and what a member did there.
    *("anonymous", "12 step", "12-step", "twelve step", "step meeting", "fellowship", "sponsor", "big book"),
    *("attendance", "absent", "no-show", "no show", "missed", "late by", "points", "reward", "notes"),
    # Who sent them, and what those who lead may be called.
    *("court", "probation", "parole", "cadc", "lcsw", "lmhc", "cac ii", "ph.d", "facilitat", "group"),
)
"""Beginnings of words, in any case."""
LETTERS = re.compile(r"\b(?:AA|NA|CA|MA|MAT|IOP|PHP|DUI)\b")
_BEGINNINGS = re.compile(rf"\b(?:{'|'.join(map(re.escape, WORDS))})", re.IGNORECASE)


def found_in(body: bytes, names: frozenset[str] = frozenset()) -> set[str]:
    """The forbidden words in a calendar, and those of these names that it says."""
    parts = (part for line in unfolded(body) for part in _parts(line))
    said = sorted({_plain(part) for part in parts if part})
    text = "\n".join(said)
    found = {match[0].lower() for match in _BEGINNINGS.finditer(text)}
    found |= {match[0] for match in LETTERS.finditer(text)}
    found |= {match[0] for match in _any_of(names).finditer(text)}
    return found | {word for each in said if (word := telling_word(each))}


@lru_cache
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b" if names else r"(?!)", re.IGNORECASE
    )


def _parts(line: str) -> tuple[str, str]:
    head, _, value = line.partition(":")
    return value, head.partition(";")[2]


def _plain(text: str) -> str:
    """As somebody reads it: without the marks that escape, and without letters dressed up."""
    return unicodedata.normalize("NFKC", re.sub(r"\\([\\,;])", r"\1", text).replace("\\n", " "))
