"""Because of whom, or of what, an import cannot be taken back. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A person by name, or a series by title with the reason; no name where they are gone.

    ``lost_address``: the address that they had before it is somebody else's by now. Whose is not told.
    """

    id: int
    name: str
    why: str = ""
    lost_address: bool = False
