"""What a closure does, in words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from scheduler.domain.planning.calling import Calls, Part
from scheduler.domain.planning.closed import Touched
from scheduler.domain.planning.closing_plan import Did
from scheduler.domain.planning.coming_back import Became
from scheduler.web.coordinator.follows import Follow
from scheduler.web.language import gettext, lazy_gettext, ngettext

BECAME: Final = {
    Became.RESTORED: lazy_gettext("Takes place again"),
    Became.STOPPED: lazy_gettext("Still cancelled: something else stops it"),
    Became.ELSEWHERE: lazy_gettext("Stays elsewhere: another closure has it there"),
    Became.TAKEN: lazy_gettext("Not back: its room, or who leads it, was taken meanwhile"),
    Became.CHANGED: lazy_gettext("Left alone: somebody moved it meanwhile"),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown before it is done: sentences, then each session."""

    follows: tuple[Follow, ...]
    sessions: tuple[Touched, ...]
    going_on: tuple[Touched, ...]


def summary_of(sessions: Collection[Touched], going_on: Collection[Touched], calls: Calls) -> Summary:
    """Counted: sessions, members, duties, and what is in the way."""
    lines = [*_sessions(sessions), *_people(calls), *_trouble(sessions, going_on)]
    if not sessions:
        lines.insert(0, Follow("ok", gettext("No session changes.")))
    return Summary(tuple(lines), tuple(sessions), tuple(going_on))


def fate_of(each: Touched, *, to_come: bool = False) -> str:
    """What becomes of one session, in a few words; ``to_come``: of one that is not moved yet."""
    if each.became is not None:
        text = str(BECAME[each.became])
        moved = each.became is Became.TAKEN and each.did is Did.MOVED
        return (
            gettext("Stays in %(place)s: its own room was taken meanwhile", place=each.to_place)
            if moved
            else text
        )
    if each.did is Did.MOVED:
        place = each.to_place
        return (
            gettext("Goes to %(place)s", place=place) if to_come else gettext("Now in %(place)s", place=place)
        )
    if each.did is Did.KEPT:
        return gettext("Goes on there")
    if each.for_want_of_room:
        return gettext("Does not meet: no room was free")
    return gettext("Does not meet")


def tone_of(each: Touched) -> str:
    """The chip of a session: good, warn, bad or lamp."""
    if each.became is not None:
        return "good" if each.became is Became.RESTORED else "warn"
    return {Did.MOVED: "lamp", Did.KEPT: "warn", Did.STOPPED: "bad"}[each.did]


def _sessions(sessions: Collection[Touched]) -> list[Follow]:
    standing = [each for each in sessions if each.became is None]
    stopped = sum(each.did is Did.STOPPED for each in standing)
    moved = sum(each.did is Did.MOVED for each in standing)
    back = sum(each.became is Became.RESTORED for each in sessions)
    lines = []
    if stopped:
        text = ngettext("%(num)d session does not meet.", "%(num)d sessions do not meet.", stopped)
        lines.append(Follow("warn", text))
    if moved:
        text = ngettext("%(num)d session goes to another room.", "%(num)d sessions go to other rooms.", moved)
        lines.append(Follow("ok", text))
    if back:
        text = ngettext("%(num)d session takes place again.", "%(num)d sessions take place again.", back)
        lines.append(Follow("ok", text))
    return lines


def _people(calls: Calls) -> list[Follow]:
    members = {
        each.person_id for found in calls.contacts.values() for each in found if each.part is Part.MEMBER
    }
    duties = sum(each.part is Part.FACILITATOR for found in calls.contacts.values() for each in found)
    lines = []
    if members:
        text = ngettext("%(num)d member expects them.", "%(num)d members expect them.", len(members))
        lines.append(Follow("ok", text))
    if duties:
        lines.append(Follow("ok", ngettext("%(num)d duty changes.", "%(num)d duties change.", duties)))
    return lines


def _trouble(sessions: Collection[Touched], going_on: Collection[Touched]) -> list[Follow]:
    wanting = sum(each.for_want_of_room and each.became is None for each in sessions)
    left = sum(each.became not in {None, Became.RESTORED} for each in sessions)
    lines = []
    if wanting:
        text = ngettext(
            "%(num)d of them finds no free room, and so does not meet.",
            "%(num)d of them find no free room, and so do not meet.",
            wanting,
        )
        lines.append(Follow("bad", text))
    if left:
        text = ngettext("%(num)d session does not come back.", "%(num)d sessions do not come back.", left)
        lines.append(Follow("bad", text))
    if going_on:
        text = ngettext(
            "%(num)d medication visit goes on there.", "%(num)d medication visits go on there.", len(going_on)
        )
        lines.append(Follow("warn", text))
    return lines
