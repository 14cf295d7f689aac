"""What a change of a series brings, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.planning.editing import Edited
from scheduler.domain.schedule.dates import Meeting
from scheduler.web.display import day
from scheduler.web.language import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Follow:
    """One consequence; ``tone`` is ok, warn or bad."""

    tone: str
    text: str


def follows_of(edited: Edited, to_come: Sequence[Meeting], *, keeps_dates: bool) -> tuple[Follow, ...]:
    """What saving does, the most important first."""
    follows = [Follow("ok", _what(edited, to_come, keeps_dates=keeps_dates))]
    made, deleted, stopped = len(edited.made), len(edited.deleted), len(edited.stopped)
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
    members = {clash.held for clash in edited.warnings}
    if members:
        text = ngettext(
            "%(num)d member has something else at that time.",
            "%(num)d members have something else at that time.",
            len(members),
        )
        follows.append(Follow("warn", text))
    return tuple(follows)


def _what(edited: Edited, to_come: Sequence[Meeting], *, keeps_dates: bool) -> str:
    if keeps_dates:
        return gettext("All dates stay. What is past stays as it was.")
    if edited.is_split and to_come:
        return gettext(
            "From %(day)s on it is a new series with the same members and posts. What is past stays.",
            day=day(to_come[0].local_start.date()),
        )
    return gettext("All that is still to come changes. What is past stays as it was.")
