"""What a change of a series brings, in sentences."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scheduler.domain.planning.consequences import Consequences
from scheduler.domain.planning.editing import Edited
from scheduler.domain.planning.ending import Ended
from scheduler.domain.planning.going_on import NOBODY, Back
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.dates import Meeting
from scheduler.web.coordinator.preview import sentences_of
from scheduler.web.display import day
from scheduler.web.language import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Follow:
    """One consequence; ``tone`` is ok, warn or bad."""

    tone: str
    text: str


def follows_of(edited: Edited, to_come: Sequence[Meeting], *, keeps_dates: bool) -> tuple[Follow, ...]:
    """What saving does, the most important first."""
    first = Follow("ok", _what(edited, to_come, keeps_dates=keeps_dates))
    counts = len(edited.made), len(edited.deleted), len(edited.stopped)
    return (first, *of_dates(*counts), *of_people_back(edited.back), *of_members(edited.warnings))


def follows_of_change(told: Consequences) -> tuple[Follow, ...]:
    """What moving some sessions, or giving them another lead, does."""
    sessions = ngettext("%(num)d session changes.", "%(num)d sessions change.", told.occurrences)
    members = ngettext("%(num)d member", "%(num)d members", told.members)
    duties = ngettext("%(num)d duty goes along", "%(num)d duties go along", told.duties)
    people = gettext("%(members)s expected there, %(duties)s.", members=members, duties=duties)
    return (
        Follow("ok", sessions),
        Follow("ok", people),
        *of_dates(told.made, told.deleted, told.stopped),
        *of_members(told.warnings),
        *(Follow("bad", text) for text in sentences_of(told.conflicts)),
    )


def follows_of_end(ended: Ended) -> tuple[Follow, ...]:
    """What ending a series, or putting its end off, does."""
    dates = of_dates(len(ended.made), len(ended.deleted), len(ended.stopped))
    people = [*_ending(ended.members, ended.posts), *of_people_back(ended.back)]
    if ended.never:
        text = ngettext(
            "%(num)d enrollment or post that was to begin later is gone.",
            "%(num)d enrollments or posts that were to begin later are gone.",
            ended.never,
        )
        people.append(Follow("warn", text))
    nothing = [Follow("ok", gettext("No session, member or post changes."))]
    return tuple([*dates, *people] or nothing)


def _ending(members: int, posts: int) -> list[Follow]:
    follows = []
    if members:
        text = ngettext(
            "%(num)d member leaves the group on that day.",
            "%(num)d members leave the group on that day.",
            members,
        )
        follows.append(Follow("ok", text))
    if posts:
        text = ngettext("%(num)d post ends on that day.", "%(num)d posts end on that day.", posts)
        follows.append(Follow("ok", text))
    return follows


def of_people_back(back: Back) -> list[Follow]:
    """How many go on with a series that was ended."""
    if back == NOBODY:
        return []
    members = ngettext("%(num)d member", "%(num)d members", back.members)
    posts = ngettext("%(num)d post", "%(num)d posts", back.posts)
    text = gettext("%(members)s and %(posts)s go on with it.", members=members, posts=posts)
    return [Follow("ok", text)]


def of_dates(made: int, deleted: int, stopped: int) -> list[Follow]:
    """Dates that are new, gone, or left over."""
    follows = []
    if made:
        follows.append(Follow("ok", ngettext("%(num)d date is new.", "%(num)d dates are new.", made)))
    if deleted:
        follows.append(Follow("ok", ngettext("%(num)d date is gone.", "%(num)d dates are gone.", deleted)))
    if stopped:
        text = ngettext(
            "%(num)d date stays as cancelled: it was moved, or something was recorded for it.",
            "%(num)d dates stay as cancelled: they were moved, or something was recorded for them.",
            stopped,
        )
        follows.append(Follow("warn", text))
    return follows


def of_members(warnings: Collection[Clash]) -> list[Follow]:
    """How many members have something else then."""
    members = {clash.held for clash in warnings}
    if not members:
        return []
    text = ngettext(
        "%(num)d member has something else at that time.",
        "%(num)d members have something else at that time.",
        len(members),
    )
    return [Follow("warn", text)]


def _what(edited: Edited, to_come: Sequence[Meeting], *, keeps_dates: bool) -> str:
    if keeps_dates and not edited.is_split:
        return gettext("All dates stay. What is past stays as it was.")
    if edited.is_split and to_come:
        return gettext(
            "From %(day)s on it is a new series with the same members and posts. What is past stays.",
            day=day(to_come[0].local_start.date()),
        )
    return gettext("All that is still to come changes. What is past stays as it was.")
