"""What a conflict and its remedies read as."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduler.domain.planning.grouping import Group, Trouble
from scheduler.domain.planning.offering import Offer
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.remedies import Does
from scheduler.web.coordinator.choices import room_label
from scheduler.web.display import clock as clock_face
from scheduler.web.display import clock_range, day
from scheduler.web.language import gettext, lazy_gettext, ngettext

TROUBLES: Final = {
    Trouble.ROOM.value: lazy_gettext("Room taken twice"),
    Trouble.FACILITATOR.value: lazy_gettext("Facilitator in two places"),
    Trouble.MEMBER.value: lazy_gettext("Members wanted twice"),
    Trouble.APART.value: lazy_gettext("Kept apart, and together"),
}
NAMED: Final = 3
"""So many members are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Button:
    """A remedy as a form sends it, and what it says."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """Taking a member out of one of the two: of which series, on whose page that is done."""

    series_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A conflict as the page shows it. `sides` has one session where the other is nobody's business here."""

    group: Group
    heading: str
    when: str
    is_near: bool
    sides: tuple[Planned, ...]
    is_busy: bool
    times: int
    last: datetime
    timezone: str
    buttons: tuple[Button, ...]
    keep: str
    take_back: str = ""
    leaving: tuple[Leaving, ...] = ()


def told_of(
    group: Group,
    *,
    firsts: Mapping[int, Planned],
    offers: Sequence[Offer],
    names: Mapping[int, str],
    members: Mapping[int, str],
    rooms: Mapping[int, str],
    now: datetime,
) -> Told:
    """A conflict in words; `names` are of those who lead, `members` of those whom the viewer may read."""
    sides = tuple(firsts[fact.id] for fact in group.times[0] if fact.id in firsts)
    last = max(group.times[-1], key=lambda fact: fact.starts_at)
    is_to_come = bool(
        group.warned_after(now) if group.only_warns else group.side(group.series[-1], after=now)
    )
    return Told(
        group=group,
        heading=_heading(group, sides, names, members, rooms),
        when=_when(group.starts_at, now),
        is_near=group.starts_at - now < timedelta(days=1),
        sides=sides,
        is_busy=len(sides) == 1 and group.trouble is not Trouble.APART,
        times=len(group.times),
        last=last.local_start,
        timezone=last.timezone,
        buttons=tuple(Button(_value(offer), _says(offer, names)) for offer in offers),
        leaving=tuple(_leaving(group, sides, members)),
        keep=f"{Does.KEEP.value}:{group.series[-1]}:0" if group.is_open and is_to_come else "",
        take_back=f"{Does.TAKE_BACK.value}:{group.series[-1]}:0"
        if group.can_be_taken_back and is_to_come
        else "",
    )


def _leaving(group: Group, sides: Sequence[Planned], members: Mapping[int, str]) -> Iterator[Leaving]:
    """Who is wanted twice may leave either; of more than a few the pages of the series say who they are."""
    if group.trouble is not Trouble.MEMBER:
        return
    named = sorted((members[person], person) for person in group.persons if person in members)[:NAMED]
    for name, _ in named:
        for side in sides:
            yield Leaving(
                side.series_id, gettext("Take %(name)s out of %(title)s", name=name, title=side.title)
            )


def _heading(
    group: Group,
    sides: Sequence[Planned],
    names: Mapping[int, str],
    members: Mapping[int, str],
    rooms: Mapping[int, str],
) -> str:
    first = sides[0]
    starts, ends = max(each.starts_at for each in sides), min(each.ends_at for each in sides)
    words = {"day": day(first.local_start), "times": clock_range(starts, ends, first.timezone)}
    if group.trouble is Trouble.ROOM:
        return gettext("%(room)s on %(day)s, %(times)s", room=rooms.get(group.held, ""), **words)
    if group.trouble is Trouble.FACILITATOR:
        name = names.get(group.held, "")
        if len(sides) == 1:
            return gettext("%(name)s leads here and is busy on %(day)s, %(times)s", name=name, **words)
        return gettext("%(name)s leads two sessions on %(day)s, %(times)s", name=name, **words)
    if group.trouble is Trouble.APART:
        one, other = (members.get(person, gettext("Somebody")) for person in group.persons)
        return gettext("%(one)s and %(other)s are kept apart, and both are here", one=one, other=other)
    who = _people(group.persons, members)
    if len(sides) == 1:
        return gettext("%(who)s: here and busy on %(day)s, %(times)s", who=who, **words)
    return gettext("%(who)s: in both on %(day)s, %(times)s", who=who, **words)


def _people(persons: Sequence[int], names: Mapping[int, str]) -> str:
    """ "Marcus T., Lucia P. and 2 others"; who must not be named is counted."""
    known = sorted(names[person] for person in persons if person in names)[:NAMED]
    more = len(persons) - len(known)
    if not known:
        return ngettext("%(num)d member", "%(num)d members", more)
    named = ", ".join(known)
    if not more:
        return named
    return ngettext("%(names)s and %(num)d other", "%(names)s and %(num)d others", more, names=named)


def _when(starts_at: datetime, now: datetime) -> str:
    days = (starts_at - now) // timedelta(days=1)
    if days < 1:
        return gettext("Within a day")
    if days < 14:
        return ngettext("In %(num)d day", "In %(num)d days", days)
    return ngettext("In %(num)d week", "In %(num)d weeks", days // 7)


def _value(offer: Offer) -> str:
    remedy = offer.remedy
    return f"{remedy.does.value}:{remedy.series_id}:{remedy.value}"


def _says(offer: Offer, names: Mapping[int, str]) -> str:
    title, remedy = offer.planned.title, offer.remedy
    if offer.room is not None:
        return gettext("%(title)s in %(room)s", title=title, room=room_label(offer.room))
    if remedy.does is Does.LEAD:
        return gettext("%(name)s leads %(title)s (free)", name=names.get(remedy.value, ""), title=title)
    at = offer.planned.local_start + timedelta(minutes=remedy.value)
    return gettext("%(title)s at %(time)s", title=title, time=clock_face(at.time()))
