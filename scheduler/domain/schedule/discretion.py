"""Words that a discreet title must not hold, since they tell what a session is (docs/security.md). Pure."""

import re

TELLING = (
    "12-step",
    "AA",
    "addict",
    "addiction",
    "aftercare",
    "alcohol",
    "alcoholics",
    "anonymous",
    "buprenorphine",
    "CA",
    "clean and sober",
    "court",
    "detox",
    "DUI",
    "dose",
    "dosing",
    "drug",
    "drugs",
    "fentanyl",
    "group therapy",
    "heroin",
    "inpatient",
    "IOP",
    "MA",
    "MAT",
    "methadone",
    "NA",
    "naloxone",
    "naltrexone",
    "narcotics",
    "opiate",
    "opioid",
    "outpatient",
    "parole",
    "probation",
    "recovery",
    "rehab",
    "rehabilitation",
    "relapse",
    "residential",
    "sober",
    "sobriety",
    "step meeting",
    "suboxone",
    "substance",
    "therapy",
    "treatment",
    "twelve step",
    "twelve-step",
    "vivitrol",
)
# Two letters are a fellowship only in capitals: "ma" and "na" are words too.
_IN_CAPITALS = [word for word in TELLING if word.isupper()]
_IN_ANY_CASE = [word for word in TELLING if not word.isupper()]
_CAPITALS = re.compile(rf"\b({'|'.join(map(re.escape, _IN_CAPITALS))})\b")
_ANY_CASE = re.compile(rf"\b({'|'.join(map(re.escape, _IN_ANY_CASE))})\b", re.IGNORECASE)


def telling_word(title: str) -> str:
    """The first word in a title that gives away what the session is; empty where none does."""
    found = _CAPITALS.search(title) or _ANY_CASE.search(title)
    return found[0] if found else ""
