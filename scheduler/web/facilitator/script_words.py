"""What the script of a sheet's page says."""

from __future__ import annotations

from functools import lru_cache

from scheduler.domain.attendance.assembly import Head
from scheduler.domain.schedule.counts import Off
from scheduler.web.count_words import people_off
from scheduler.web.facilitator.typed import minutes_said
from scheduler.web.language import gettext, language, ngettext
from scheduler.web.words import EXCUSES, STATUSES


def script_words(head: Head) -> dict[str, object]:
    """What the page's script says, and the times it counts with.

    ``start`` and ``end`` are ISO 8601 in UTC, ``length`` minutes.
    """
    return {
        **_words(language()),
        "unfit": _counted_words("%(num)d mark. The rest is saved.", "%(num)d marks. The rest is saved.")
        if not head.is_by_heads
        else [gettext("the number.")] * 2,
        "late_range": minutes_said(head),
        "least": head.counts.least_people,
        "most": head.counts.most_people,
        "too_few": people_off(head.counts, Off.TOO_FEW, "{here}"),
        "too_many": people_off(head.counts, Off.TOO_MANY, "{here}"),
        "start": head.starts_at.isoformat(),
        "end": head.ends_at.isoformat(),
        "length": head.minutes,
        "zone": head.timezone,
    }


@lru_cache
def _words(_language: str) -> dict[str, object]:
    return {
        "statuses": {name: str(word) for name, word in STATUSES.items()},
        "excuses": {name: str(word) for name, word in EXCUSES.items()},
        "minutes": gettext("%(status)s, %(minutes)s min", status="{status}", minutes="{minutes}"),
        "time": gettext("%(status)s, %(time)s", status="{status}", time="{time}"),
        "came": gettext("came at %(time)s", time="{time}"),
        "there": gettext("%(there)s of %(all)s min", there="{there}", all="{all}"),
        "not_expected": gettext("not on this sheet"),
        "you": gettext("You"),
        "you_elsewhere": gettext("You, on another device"),
        "saved": gettext("Saved on the server"),
        "saving": gettext("Not saved yet…"),
        "ready": gettext("Nothing to save yet."),
        "no_signal": gettext("No signal."),
        "not_kept": gettext("This browser could not store it."),
        "no_answer": gettext("The server did not answer."),
        "signed_out": gettext("You are signed out."),
        "gone": gettext("You take no sheets any more."),
        "refused": gettext("Not saved."),
        "of": gettext("of %(people)s marked", people="{people}"),
        "walk_in_name": gettext("Type a first name and an initial, 40 letters at most."),
        "not_within": gettext("That time is not within the session."),
        "number_range": gettext("Count the people first: a number from 0 to 9999."),
        "wait": _counted_words("%(num)d mark waits on this phone.", "%(num)d marks wait on this phone."),
        "wait_page": _counted_words("%(num)d mark waits on this page.", "%(num)d marks wait on this page."),
        "notes": {
            "kept": _counted_words(
                "%(num)d mark is kept for the coordinator.", "%(num)d marks are kept for the coordinator."
            ),
            "not_expected": _counted_words(
                "%(num)d mark is of somebody who is not on this sheet any more.",
                "%(num)d marks are of people who are not on this sheet any more.",
            ),
        },
        "needs": gettext("Needs you:"),
        "questions": _counted_words(
            "%(num)d question. The rest is saved.", "%(num)d questions. The rest is saved."
        ),
        "answer": _counted_words(
            "Answer %(num)d question, then submit", "Answer %(num)d questions, then submit"
        ),
        "submit": gettext("Submit the sheet"),
        "submit_later": gettext("Submit when there is a signal"),
        "people": _counted_words("Submit %(num)d person", "Submit %(num)d people"),
    }


def _counted_words(one: str, many: str) -> list[str]:
    return [ngettext(one, many, number).replace(str(number), "{n}") for number in (1, 2)]
