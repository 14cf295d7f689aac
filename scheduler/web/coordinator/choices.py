"""What the selects of the coordinator's forms offer."""

from collections.abc import Iterable

from babel.dates import get_day_names

from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS
from scheduler.domain.people.finding import Found
from scheduler.domain.places.queries import RoomView
from scheduler.domain.places.zones import zone_names
from scheduler.web.display import zone_name
from scheduler.web.language import gettext, locale
from scheduler.web.offers import SelectChoice, offers

Offered = list[SelectChoice]

REGIONS = ("America", "Pacific", "Atlantic", "Europe", "Africa", "Asia", "Australia", "Indian")


def id_of(chosen: str | None) -> int | None:
    """The id that a select's value stands for; none for the empty choice."""
    return int(chosen) if chosen else None


def rooms(offered: Iterable[RoomView], *, none: str) -> Offered:
    """Rooms under the name of their site, the online ones last; ``none`` stands for no room at all."""
    online = gettext("Online")
    return [
        SelectChoice("", none),
        *(
            SelectChoice(str(room.id), room_label(room), optgroup=room.site_name or online)
            for room in offered
        ),
    ]


def room_label(room: RoomView) -> str:
    """ "Elm Street, Room 2 (holds 14)"."""
    if room.capacity is None:
        return room.full_name
    return gettext("%(room)s (holds %(places)d)", room=room.full_name, places=room.capacity)


def people(offered: Iterable[Found], *, none: str) -> Offered:
    """People by their short names; ``none`` stands for nobody."""
    return offers({"": none, **{str(person.id): person.short_name for person in offered}})


def person(number: int, name: str) -> SelectChoice:
    """One person among the others."""
    return SelectChoice(str(number), name)


def zones(used: Iterable[str]) -> Offered:
    """The zones that are in use here first, then all by region."""
    own, here = sorted(set(used)), gettext("Used here")
    found = [SelectChoice(name, zone_name(name), optgroup=here) for name in own]
    for region in REGIONS:
        names = sorted(name for name in zone_names() if name.startswith(f"{region}/") and name not in own)
        found += [SelectChoice(name, _within(name), optgroup=region) for name in names]
    return found


def fellowships() -> Offered:
    """The fellowships by name, and none."""
    named = sorted(FELLOWSHIPS.values(), key=lambda fellowship: fellowship.name)
    return offers({"": gettext("Another, or none"), **{each.code: each.name for each in named}})


def weekdays() -> Offered:
    """Monday to Sunday, and whatever the first day is."""
    days = get_day_names("wide", locale=locale())
    return offers({"": gettext("The first day’s"), **{str(day): days[day] for day in range(7)}})


def _within(name: str) -> str:
    return name.partition("/")[2].replace("_", " ")
