"""What the selects of the coordinator's forms offer."""

from collections.abc import Iterable, Mapping

from babel.dates import get_day_names

from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS
from scheduler.domain.people.finding import Found
from scheduler.domain.places.queries import RoomView
from scheduler.domain.schedule.wall_time import zone_names
from scheduler.web.display import zone_name
from scheduler.web.language import gettext, locale

Choices = list[tuple[str, str]]
Groups = dict[str, Choices]

REGIONS = ("America", "Pacific", "Atlantic", "Europe", "Africa", "Asia", "Australia", "Indian")


def of(words: Mapping[str, str]) -> Choices:
    """Values and their words as choices."""
    return list(words.items())


def id_of(chosen: str | None) -> int | None:
    """The id that a select's value stands for; none for the empty choice."""
    return int(chosen) if chosen else None


def rooms(offered: Iterable[RoomView], *, none: str) -> Groups:
    """Rooms under the name of their site, the online ones last; ``none`` stands for no room at all."""
    groups: Groups = {"": [("", none)]}
    for room in offered:
        site = room.site_name or gettext("Online")
        groups.setdefault(site, []).append((str(room.id), room_label(room)))
    return groups


def room_label(room: RoomView) -> str:
    """ "Elm Street, Room 2 (holds 14)"."""
    if room.capacity is None:
        return room.full_name
    return gettext("%(room)s (holds %(places)d)", room=room.full_name, places=room.capacity)


def people(offered: Iterable[Found], *, none: str) -> Choices:
    """People by their short names; ``none`` stands for nobody."""
    return [("", none), *((str(person.id), person.short_name) for person in offered)]


def zones(used: Iterable[str]) -> Groups:
    """The zones that are in use here first, then all by region."""
    own = sorted(set(used))
    groups: Groups = {gettext("Used here"): [(name, zone_name(name)) for name in own]}
    for region in REGIONS:
        names = sorted(name for name in zone_names() if name.startswith(f"{region}/") and name not in own)
        groups[region] = [(name, name.partition("/")[2].replace("_", " ")) for name in names]
    return groups


def fellowships() -> Choices:
    """The fellowships by name, and none."""
    named = sorted(FELLOWSHIPS.values(), key=lambda fellowship: fellowship.name)
    return [("", gettext("Another, or none")), *((each.code, each.name) for each in named)]


def weekdays() -> Choices:
    """Monday to Sunday, and whatever the first day is."""
    days = get_day_names("wide", locale=locale())
    return [("", gettext("The first day’s")), *((str(day), days[day]) for day in range(7))]


def month_days() -> Choices:
    """The days of a month, its last one, and whatever the first day is."""
    days = [(str(day), str(day)) for day in range(1, 32)]
    return [("", gettext("The first day’s")), *days, ("-1", gettext("The last day"))]
