"""The choices of a feed as a form, and in words."""

from __future__ import annotations

from typing import Final

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # new in 3.3, the types tell 3.2

from scheduler.domain.calendars.programs import Program
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import Titles, Wishes
from scheduler.web.forms import Form, Line, Revision
from scheduler.web.language import gettext, lazy_gettext, ngettext

NO_ALARM: Final = "none"
ALARMS: Final[dict[str, str]] = {
    NO_ALARM: lazy_gettext("No reminder"),
    "15": lazy_gettext("15 minutes before"),
    "30": lazy_gettext("30 minutes before"),
    "60": lazy_gettext("1 hour before"),
    "120": lazy_gettext("2 hours before"),
    "1440": lazy_gettext("1 day before"),
}


class FeedForm(Form):
    """What the owner of a feed decides."""

    titles = RadioField(lazy_gettext("Title of each entry"), default=Titles.PLAIN.value)
    show_place = BooleanField(lazy_gettext("The place"))
    show_link = BooleanField(lazy_gettext("The link to join online"))
    alarm = SelectField(
        lazy_gettext("A reminder"),
        choices=[SelectChoice(value, label) for value, label in ALARMS.items()],
        default=NO_ALARM,
    )
    name = Line(
        lazy_gettext("What do you call it?"),
        longest=60,
        needed=lazy_gettext("Give this calendar a name, such as “My phone”."),
        default=lazy_gettext("My phone"),
    )
    revision = Revision()

    def offer(self, plain_title: str) -> FeedForm:
        """With the installation's own plain title among the choices."""
        self.titles.choices = [
            SelectChoice(Titles.PLAIN.value, gettext("Just “%(title)s”", title=plain_title)),
            SelectChoice(Titles.DISCREET.value, gettext("A plain name")),
            SelectChoice(Titles.FULL.value, gettext("The full name")),
        ]
        return self

    @property
    def choices(self) -> Choices:
        """What was chosen; ask only after the form was found valid."""
        return Choices(
            name=self.name.data or "",
            titles=Titles(self.titles.data),
            show_place=bool(self.show_place.data),
            show_link=bool(self.show_link.data),
            alarm_minutes=None if self.alarm.data == NO_ALARM else int(self.alarm.data),
        )


def filled(name: str, wishes: Wishes, revision: int) -> dict[str, object]:
    """What a form shows that begins with these choices. An alarm that is none of ours becomes the nearest
    longer one.
    """
    offered = [minutes for minutes in ALARMS if minutes != NO_ALARM]
    alarm = NO_ALARM
    if wishes.alarm_minutes is not None:
        alarm = next((m for m in offered if int(m) >= wishes.alarm_minutes), offered[-1])
    return {
        "name": name,
        "titles": wishes.titles.value,
        "show_place": wishes.show_place,
        "show_link": wishes.show_link,
        "alarm": alarm,
        "revision": str(revision),
    }


def in_words(wishes: Wishes, plain_title: str) -> str:
    """What the entries of a feed say, in one line."""
    titles = {
        Titles.PLAIN: gettext("“%(title)s”", title=plain_title),
        Titles.DISCREET: gettext("Plain names"),
        Titles.FULL: gettext("Full names"),
    }
    parts = [titles[wishes.titles]]
    if wishes.show_place:
        parts.append(gettext("with the place"))
    if wishes.show_link:
        parts.append(gettext("with the link"))
    if wishes.alarm_minutes is not None:
        parts.append(gettext("reminder %(time)s", time=_before(wishes.alarm_minutes)))
    return ", ".join(parts)


def _before(minutes: int) -> str:
    if minutes % 1440 == 0 and minutes:
        return ngettext("%(num)d day before", "%(num)d days before", minutes // 1440)
    if minutes % 60 == 0 and minutes:
        return ngettext("%(num)d hour before", "%(num)d hours before", minutes // 60)
    return ngettext("%(num)d minute before", "%(num)d minutes before", minutes)


def how_often(program: Program) -> str:
    """How often such a program looks, where that is known."""
    if program.hours is None:
        return ""
    if program.hours >= 24:
        return gettext("It looks about once a day.")
    if program.hours >= 1:
        return ngettext(
            "It looks about every hour.", "It looks about every %(num)d hours.", int(program.hours)
        )
    return gettext("It looks every %(count)d minutes.", count=int(program.hours * 60))
