"""What is typed about sites and rooms, and whether it makes sense. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scheduler.domain.people.names import clean
from scheduler.domain.places.zones import zone_names
from scheduler.errors import Invalid

LONGEST_NAME = 80
LONGEST_LINK = 500
MOST_PLACES = 10_000


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A building; `timezone` is an IANA name."""

    name: str
    timezone: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """A room of a site, or an online room: no site, and a join link. `shared`: several sessions at once."""

    name: str
    site_id: int | None = None
    join_link: str = ""
    capacity: int | None = None
    shared: bool = False


def checked_site(site: SiteDraft) -> SiteDraft:
    """With clean texts. Raises Invalid with every field that is wrong."""
    site = replace(site, name=clean(site.name), address=clean(site.address))
    wrong = _wrong_name(site.name)
    if len(site.address) > 300:
        wrong["address"] = "An address has at most 300 letters."
    if site.timezone not in zone_names():
        wrong["timezone"] = "There is no time zone with that name."
    if wrong:
        raise Invalid.many(wrong)
    return site


def checked_room(room: RoomDraft) -> RoomDraft:
    """With clean texts. Raises Invalid with every field that is wrong."""
    room = replace(room, name=clean(room.name), join_link=room.join_link.strip())
    wrong = _wrong_name(room.name)
    if room.site_id is None and not room.join_link:
        wrong["join_link"] = "Choose a site, or give the link of an online room."
    elif room.join_link and not is_join_link(room.join_link):
        wrong["join_link"] = "A join link begins with https:// and names a host."
    if room.capacity is not None and not 1 <= room.capacity <= MOST_PLACES:
        wrong["capacity"] = f"A room holds from 1 to {MOST_PLACES}."
    if wrong:
        raise Invalid.many(wrong)
    return room


def is_join_link(text: str) -> bool:
    """An https address with a host and without a name or a password in it."""
    if len(text) > LONGEST_LINK or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and port_is_sound


def _wrong_name(name: str) -> dict[str, str]:
    if not name:
        return {"name": "Give it a name."}
    if len(name) > LONGEST_NAME:
        return {"name": f"A name has at most {LONGEST_NAME} letters."}
    return {}
