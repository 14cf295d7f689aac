"""Because of whom, or of what, an import cannot be taken back. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ELSEWHERE: Final = "It is at a site that you do not plan for."


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A person by name, or a series by title with the reason; no name where they are gone or out
    of reach.

    ``lost_address``: the address that they had before it is somebody else's by now. Whose is not told.
    """

    id: int
    name: str
    why: str = ""
    lost_address: bool = False

    @property
    def is_elsewhere(self) -> bool:
        """Whether all that is told of it is that it is out of reach."""
        return self.why == ELSEWHERE
