"""Programs as they are typed, and the four that every organization begins with. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.domain.people.names import clean
from scheduler.errors import Invalid

LONGEST_NAME = 80


class ProgramKind(StrEnum):
    """What a program is by its nature, whatever it is called."""

    LONG_TERM_RESIDENTIAL = "long_term_residential"
    SHORT_TERM_RESIDENTIAL = "short_term_residential"
    OUTPATIENT = "outpatient"
    AFTERCARE = "aftercare"


@dataclass(frozen=True, slots=True)
class ProgramDraft:
    """A program as it is typed."""

    name: str
    kind: ProgramKind


DEFAULT_PROGRAMS = (
    ProgramDraft("Long-term residential", ProgramKind.LONG_TERM_RESIDENTIAL),
    ProgramDraft("Short-term residential", ProgramKind.SHORT_TERM_RESIDENTIAL),
    ProgramDraft("Outpatient", ProgramKind.OUTPATIENT),
    ProgramDraft("Aftercare", ProgramKind.AFTERCARE),
)


def checked(program: ProgramDraft) -> ProgramDraft:
    """With a clean name. Raises Invalid on `name` for one that is empty or too long."""
    program = replace(program, name=clean(program.name))
    if not program.name:
        raise Invalid("Give it a name.", field="name")
    if len(program.name) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} letters.", field="name")
    return program
