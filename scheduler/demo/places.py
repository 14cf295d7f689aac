"""Three sites and nine rooms, two of them online."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """The rooms, by a word for each."""

    HALL = "hall"
    ELM_2 = "elm 2"
    ELM_4 = "elm 4"
    HARBOR_1 = "harbor 1"
    KITCHEN = "kitchen"
    SUN_ROOM = "sun room"
    MILL_3 = "mill 3"
    ONLINE_A = "online a"
    ONLINE_B = "online b"


@dataclass(frozen=True, slots=True)
class DemoSite:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """A room of a site, or an online one with a link; a shared one may hold several sessions at once."""

    name: str
    site: DemoSite | None
    capacity: int | None = None
    join_link: str = ""
    shared: bool = False


ELM = DemoSite("Elm Street", "220 Elm Street, Lindenfield")
HARBOR = DemoSite("Harbor Road", "5 Harbor Road, Lindenfield")
MILL = DemoSite("Mill Lane", "14 Mill Lane, Lindenfield")
SITES = (ELM, HARBOR, MILL)

ROOMS = {
    Place.HALL: DemoRoom("Hall", ELM, 40),
    Place.ELM_2: DemoRoom("Room 2", ELM, 14),
    Place.ELM_4: DemoRoom("Room 4", ELM, 4),
    Place.HARBOR_1: DemoRoom("Room 1", HARBOR, 16),
    Place.KITCHEN: DemoRoom("Kitchen", HARBOR, 8),
    Place.SUN_ROOM: DemoRoom("Sun room", MILL, 14),
    Place.MILL_3: DemoRoom("Room 3", MILL, 4),
    Place.ONLINE_A: DemoRoom("Online room A", None, None, "https://meet.example/lindenfield-a", shared=True),
    Place.ONLINE_B: DemoRoom("Online room B", None, 14, "https://meet.example/lindenfield-b"),
}
