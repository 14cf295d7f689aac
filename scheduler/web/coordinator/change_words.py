"""What a change from the board brings, and what is said once it is done."""

from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.changing import Changed
from scheduler.domain.planning.consequences import Consequences
from scheduler.domain.planning.moves import HowFar
from scheduler.domain.planning.planned import Planned
from scheduler.web.coordinator.follows import Follow, of_dates, of_members
from scheduler.web.coordinator.plan_undo import say_done
from scheduler.web.display import day_and_clock
from scheduler.web.language import gettext, ngettext


def follows_of(
    changed: Changed, how_far: HowFar, room: RoomView | None, lead: str, *, expected: int
) -> tuple[Follow, ...]:
    """The consequences, what is well first; ``expected`` is how many the room should hold."""
    told = changed.consequences
    follows = [] if how_far is HowFar.ONE else [_of_series(told)]
    if room is not None:
        follows.append(_of_room(room, expected))
    if lead:
        follows.append(Follow("ok", gettext("%(name)s leads, and is free.", name=lead)))
    follows += [Follow("warn", clash.sentence) for clash in told.conflicts[:3]]
    follows += of_dates(told.made, told.deleted, told.stopped)
    follows += of_members(told.warnings)
    if how_far is HowFar.ONE:
        calendars = ngettext("%(num)d calendar changes.", "%(num)d calendars change.", changed.calendars)
        follows.append(Follow("ok", calendars))
    return tuple(follows)


def _of_series(told: Consequences) -> Follow:
    sessions = ngettext("%(num)d session changes", "%(num)d sessions change", told.occurrences)
    members = ngettext("%(num)d member", "%(num)d members", told.members)
    text = gettext("%(sessions)s, for %(members)s. Past ones stay.", sessions=sessions, members=members)
    return Follow("ok", text)


def _of_room(room: RoomView, expected: int) -> Follow:
    if room.capacity is not None and room.capacity < expected:
        return Follow("warn", too_small(room, expected))
    if room.shared:
        return Follow("ok", gettext("%(room)s takes several at once.", room=room.full_name))
    if room.capacity is None:
        return Follow("ok", gettext("%(room)s is free.", room=room.full_name))
    free = gettext("%(room)s is free and holds %(places)d.", room=room.full_name, places=room.capacity)
    return Follow("ok", free)


def too_small(room: RoomView, expected: int) -> str:
    """Of a room that does not hold those expected."""
    return gettext(
        "%(room)s holds %(places)d, %(expected)d are expected.",
        room=room.full_name,
        places=room.capacity,
        expected=expected,
    )


def say_changed(before: Planned, after: Planned, changed: Changed) -> None:
    """Where it stands now, with the way back; who leads now is said where that is all that changed."""
    if (before.starts_at, before.ends_at, before.room_id) == (after.starts_at, after.ends_at, after.room_id):
        names = ", ".join(each.short_name for each in after.leading) or gettext("nobody")
        text = gettext("%(names)s leads %(title)s now.", names=names, title=after.title)
    else:
        time, place = day_and_clock(after.local_start, after.timezone), after.place or gettext("no room")
        text = gettext(
            "%(title)s is moved to %(time)s, %(place)s.", title=after.title, time=time, place=place
        )
    others = changed.consequences.occurrences - 1
    if others > 0:
        more = ngettext("%(num)d other went with it.", "%(num)d others went with it.", others)
        text = gettext("%(first)s %(second)s", first=text, second=more)
    say_done(text, changed.change_id)
