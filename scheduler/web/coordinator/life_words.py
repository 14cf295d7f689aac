"""What becomes of a member's life here, in sentences."""

from collections.abc import Callable
from typing import Final

from scheduler.domain.admissions.outcome import LOSSES, Effect, Outcome, Verb, What
from scheduler.web.coordinator.follows import Follow
from scheduler.web.coordinator.person_page import today
from scheduler.web.display import day, month_day
from scheduler.web.language import gettext, lazy_gettext, ngettext

DONE: Final[dict[Verb, str]] = {
    Verb.ADMIT: lazy_gettext("%(name)s is admitted."),
    Verb.CHANGE: lazy_gettext("The stay of %(name)s is changed."),
    Verb.READMIT: lazy_gettext("%(name)s is admitted again."),
    Verb.HOLD: lazy_gettext("%(name)s has a pause."),
    Verb.TRANSFER: lazy_gettext("%(name)s is transferred."),
    Verb.DISCHARGE: lazy_gettext("%(name)s is discharged."),
}
"""What the toast says; of a pause that ends, `done_of`."""


def done_of(verb: Verb, outcome: Outcome, name: str) -> str:
    """What the toast says of somebody of this name."""
    if verb is Verb.WELCOME_BACK:
        return _returned(outcome.effects[0], name)
    return str(DONE[verb]) % {"name": name}


def _returned(effect: Effect, name: str) -> str:
    if effect.day is None or effect.day <= today():
        return gettext("%(name)s is back.", name=name)
    if effect.what is What.NEVER_PAUSED:
        return gettext("The pause of %(name)s is called off.", name=name)
    return gettext("%(name)s is expected again from %(day)s on.", name=name, day=day(effect.day))


def follows_of(outcome: Outcome) -> tuple[Follow, ...]:
    """Each consequence with its sign, in the order in which it comes; the last says who is told."""
    said = [Follow("warn" if each.what in LOSSES else "ok", _sentence(each)) for each in outcome.effects]
    return (*said, Follow("ok", gettext("Nobody is written to. Tell them yourself.")))


def _sentence(effect: Effect) -> str:
    return _COUNTED[effect.what](effect) if effect.what in _COUNTED else _plain(effect)


def _plain(effect: Effect) -> str:
    on = day(effect.day) if effect.day else ""
    return str(_text_of(effect)) % {"title": effect.title, "day": on}


def _text_of(effect: Effect) -> str:
    if effect.day is None:
        return _WITHOUT_DAY.get(effect.what, _SENTENCES[effect.what])
    if effect.day > today():
        return _TO_COME.get(effect.what, _SENTENCES[effect.what])
    return _SENTENCES[effect.what]


def _paused(effect: Effect) -> str:
    first = day(effect.day) if effect.day else ""
    if effect.until is None:
        span = gettext("Nothing is expected from %(first)s until you welcome them back.", first=first)
    else:
        last = month_day(effect.until)
        span = gettext("Nothing is expected from %(first)s to %(last)s.", first=first, last=last)
    if not effect.count:
        return span
    many = ngettext(
        "That is %(num)d session planned so far.", "That is %(num)d sessions planned so far.", effect.count
    )
    return f"{span} {many}"


def _nobody_comes(effect: Effect) -> str:
    return ngettext(
        "%(title)s: %(num)d session stays planned, and nobody is expected. Cancel it to free the hour.",
        "%(title)s: %(num)d sessions stay planned, and nobody is expected. Cancel them to free the hours.",
        effect.count,
        title=effect.title,
    )


def _called_off(effect: Effect) -> str:
    return ngettext(
        "%(title)s: %(num)d session that was only for them is called off.",
        "%(title)s: %(num)d sessions that were only for them are called off.",
        effect.count,
        title=effect.title,
    )


def _holds_end(effect: Effect) -> str:
    return ngettext("%(num)d pause ends with it.", "%(num)d pauses end with it.", effect.count)


def _feeds(effect: Effect) -> str:
    return ngettext(
        "%(num)d calendar of theirs empties itself.",
        "%(num)d calendars of theirs empty themselves.",
        effect.count,
    )


def _busy(effect: Effect) -> str:
    return ngettext(
        "%(title)s: they have something else at the time of %(num)d session.",
        "%(title)s: they have something else at the time of %(num)d sessions.",
        effect.count,
        title=effect.title,
    )


def _never_paused(effect: Effect) -> str:
    if effect.day is None or effect.day > today():
        return gettext("The pause had not begun, and is called off.")
    if effect.day == today():
        return gettext("The pause began today, and is taken away.")
    return gettext("The pause began on %(day)s, and is taken away.", day=day(effect.day))


_COUNTED: Final[dict[What, Callable[[Effect], str]]] = {
    What.PAUSED: _paused,
    What.NEVER_PAUSED: _never_paused,
    What.NOBODY_COMES: _nobody_comes,
    What.CALLED_OFF: _called_off,
    What.HOLDS_END: _holds_end,
    What.FEEDS_EMPTIED: _feeds,
    What.BUSY_THEN: _busy,
}
_WITHOUT_DAY: Final[dict[What, str]] = {
    What.LEFT: lazy_gettext("%(title)s: it had not begun, and is taken away."),
    What.PLACE_BACK: lazy_gettext("%(title)s: they are expected as before."),
}
_TO_COME: Final[dict[What, str]] = {
    What.PLACE_TAKEN: lazy_gettext("%(title)s: somebody else has the place now. Theirs ends on %(day)s."),
    What.ENDED_MEANWHILE: lazy_gettext("%(title)s: it ends on %(day)s."),
    What.MOVED_MEANWHILE: lazy_gettext("%(title)s: it meets at other times from %(day)s on."),
}
"""What is said otherwise of a day that has not come."""
_SENTENCES: Final[dict[What, str]] = {
    What.STAY_BEGINS: lazy_gettext("Their stay begins on %(day)s."),
    What.STAY_ENDS: lazy_gettext("Their stay ends on %(day)s. What was recorded stays."),
    What.ADOPTED: lazy_gettext("%(title)s belongs to this stay."),
    What.RESUMED: lazy_gettext("Everything is expected again from %(day)s on."),
    What.KEPT_APART: lazy_gettext("%(title)s: somebody there is kept apart from them."),
    What.PLACE_KEPT: lazy_gettext("%(title)s: their place is kept."),
    What.PLACE_FREED: lazy_gettext("%(title)s: others may have their place meanwhile."),
    What.PLACE_BACK: lazy_gettext("%(title)s: they are expected from %(day)s on."),
    What.PLACE_TAKEN: lazy_gettext("%(title)s: somebody else has the place now. Theirs ended on %(day)s."),
    What.PLACE_LATER: lazy_gettext(
        "%(title)s: somebody else has the place now. It is theirs again from %(day)s on."
    ),
    What.NO_PLACE: lazy_gettext("%(title)s: there is no place. They are not enrolled."),
    What.ENDED_MEANWHILE: lazy_gettext("%(title)s: it ended on %(day)s, while they were away."),
    What.MOVED_MEANWHILE: lazy_gettext("%(title)s: it meets at other times since %(day)s."),
    What.CHANGED_MEANWHILE: lazy_gettext("%(title)s: it was changed since the pause was made."),
    What.ENROLLED: lazy_gettext("%(title)s: they belong to it from %(day)s on."),
    What.LEFT: lazy_gettext("%(title)s: %(day)s is the last day."),
    What.FEEDS_STAY: lazy_gettext("Their calendars stay, and show nothing after %(day)s."),
}
