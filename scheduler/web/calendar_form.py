"""The choices of a feed as a form, and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from secrets import token_urlsafe
from typing import Final

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # new in 3.3, the types tell 3.2

from scheduler.domain.calendars.languages import LANGUAGES, language_of
from scheduler.domain.calendars.preview import Sample
from scheduler.domain.calendars.programs import Program
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import OfKind, Titles, Wishes, Wording
from scheduler.domain.schedule.kinds import Kind
from scheduler.web.forms import Form, Line, Revision
from scheduler.web.language import gettext, lazy_gettext, locale, ngettext
from scheduler.web.words import KINDS

NO_ALARM: Final = "none"
AS_ABOVE: Final = "shown"
OUT: Final = "out"
ALARMS: Final[dict[str, str]] = {
    NO_ALARM: lazy_gettext("No reminder"),
    "15": lazy_gettext("15 minutes before"),
    "30": lazy_gettext("30 minutes before"),
    "60": lazy_gettext("1 hour before"),
    "120": lazy_gettext("2 hours before"),
    "1440": lazy_gettext("1 day before"),
}
OF_A_KIND: Final[dict[str, str]] = {
    AS_ABOVE: lazy_gettext("Shown"),
    OUT: lazy_gettext("Left out"),
    **ALARMS,
    "15": lazy_gettext("15 min before"),
    "30": lazy_gettext("30 min before"),
}
"""What may be chosen for one kind: as all others, not at all, or with a reminder of its own."""


def own_language() -> str:
    """The language that a new calendar speaks: what the reader's browser asks for, where it is one of those
    that we write, else that of the pages.
    """
    asked = request.accept_languages.best_match([language.code for language in LANGUAGES])
    return language_of(asked or locale().language).code


def _of_kind(kind: Kind) -> SelectField:
    choices = [SelectChoice(value, label) for value, label in OF_A_KIND.items()]
    return SelectField(KINDS[kind], choices=choices, default=AS_ABOVE)


class FeedForm(Form):
    """What the owner of a feed decides. `alarm` is that of every kind for which nothing else is chosen."""

    titles = RadioField(lazy_gettext("Title of each entry"), default=Titles.PLAIN.value)
    show_place = BooleanField(lazy_gettext("The place"))
    show_link = BooleanField(lazy_gettext("The link to join online"))
    alarm = SelectField(
        lazy_gettext("A reminder"),
        choices=[SelectChoice(value, label) for value, label in ALARMS.items()],
        default=NO_ALARM,
    )
    kind_group = _of_kind(Kind.GROUP)
    kind_individual = _of_kind(Kind.INDIVIDUAL)
    kind_mutual_help = _of_kind(Kind.MUTUAL_HELP)
    kind_assessment = _of_kind(Kind.ASSESSMENT)
    kind_family = _of_kind(Kind.FAMILY)
    kind_skills = _of_kind(Kind.SKILLS)
    kind_medication = _of_kind(Kind.MEDICATION)
    kind_other = _of_kind(Kind.OTHER)
    daily_dosing = BooleanField(lazy_gettext("The hours of daily dosing too"))
    language = SelectField(
        lazy_gettext("Language"),
        choices=[SelectChoice(language.code, language.name) for language in LANGUAGES],
        default=own_language,
    )
    name = Line(
        lazy_gettext("What do you call it?"),
        longest=60,
        needed=lazy_gettext("Give this calendar a name, such as “My phone”."),
        default=lazy_gettext("My phone"),
    )
    once = HiddenField(default=partial(token_urlsafe, 16))
    revision = Revision()

    def spoken(self, wording: Wording) -> Wording:
        """The installation's words in the language chosen."""
        return wording.spoken(str(self.language.data))

    def offer(self, wording: Wording, kept: Wishes | None = None) -> FeedForm:
        """With the title of plain entries among the choices, and the reminders that are ``kept`` already."""
        if kept is not None:
            self._offer_alarms(kept)
        plain_title = self.spoken(wording).plain_title
        self.titles.choices = [
            SelectChoice(Titles.PLAIN.value, gettext("Just “%(title)s”", title=plain_title)),
            SelectChoice(Titles.DISCREET.value, gettext("A plain name")),
            SelectChoice(Titles.FULL.value, gettext("The full name")),
        ]
        return self

    def _offer_alarms(self, kept: Wishes) -> None:
        """Reminders that the command line chose stay as they are until something else is chosen."""
        alarms = {kept.of(kind).alarm_minutes for kind in Kind} - {None}
        others = sorted(alarm for alarm in alarms if alarm is not None and str(alarm) not in ALARMS)
        more = {str(alarm): _before(alarm) for alarm in others}
        self.alarm.choices = [SelectChoice(*each) for each in (ALARMS | more).items()]
        for _, field in self.of_kinds:
            field.choices = [SelectChoice(*each) for each in (OF_A_KIND | more).items()]

    @property
    def of_kinds(self) -> Iterator[tuple[Kind, SelectField]]:
        """The field of each kind."""
        return ((kind, self[f"kind_{kind}"]) for kind in Kind)

    @property
    def has_more(self) -> bool:
        """Is anything chosen, or wrong, that most leave as it is?"""
        more = [field for _, field in self.of_kinds] + [self.daily_dosing, self.language]
        usual = (AS_ABOVE, False, own_language())
        return any(field.errors or field.data not in usual for field in more)

    def shows(self, sample: Sample) -> bool:
        """Would a calendar with what is chosen here show such a session?"""
        return self[f"kind_{sample.kind}"].data != OUT and (
            bool(self.daily_dosing.data) or not sample.daily_dose
        )

    def alarm_of(self, sample: Sample) -> str:
        """The value of the reminder that it would have."""
        own = self[f"kind_{sample.kind}"].data
        if sample.daily_dose or own == OUT:
            return NO_ALARM
        return str(self.alarm.data if own == AS_ABOVE else own)

    @property
    def choices(self) -> Choices:
        """What was chosen; ask only after the form was found valid."""
        return Choices(
            name=self.name.data or "",
            titles=Titles(self.titles.data),
            show_place=bool(self.show_place.data),
            show_link=bool(self.show_link.data),
            kinds={kind.value: _chosen(field.data, self.alarm.data) for kind, field in self.of_kinds},
            daily_dosing=bool(self.daily_dosing.data),
            language=self.language.data,
        )


def _chosen(of_kind: str, alarm: str) -> OfKind:
    """What a kind's own choice means beside the reminder of all."""
    reminder = alarm if of_kind in (AS_ABOVE, OUT) else of_kind
    return OfKind(of_kind != OUT, None if reminder == NO_ALARM else int(reminder))


def filled(name: str, wishes: Wishes, revision: int) -> dict[str, object]:
    """What a form shows that begins with these choices. The reminder of most kinds is that of all."""
    kinds = {kind: wishes.of(kind) for kind in Kind}
    alarm = _usual_alarm(kinds)
    return {
        "name": name,
        "titles": wishes.titles.value,
        "show_place": wishes.show_place,
        "show_link": wishes.show_link,
        "alarm": alarm,
        **{f"kind_{kind}": _said(of, alarm) for kind, of in kinds.items()},
        "daily_dosing": wishes.daily_dosing,
        "language": language_of(wishes.language).code,
        "revision": str(revision),
    }


def _usual_alarm(kinds: Mapping[Kind, OfKind]) -> str:
    shown = Counter(_value_of(of.alarm_minutes) for of in kinds.values() if of.shown)
    return shown.most_common(1)[0][0] if shown else NO_ALARM


def _said(of: OfKind, usual: str) -> str:
    if not of.shown:
        return OUT
    alarm = _value_of(of.alarm_minutes)
    return AS_ABOVE if alarm == usual else alarm


def _value_of(alarm_minutes: int | None) -> str:
    return NO_ALARM if alarm_minutes is None else str(alarm_minutes)


def in_words(wishes: Wishes, wording: Wording) -> str:
    """What the entries of a feed say, in one line."""
    titles = {
        Titles.PLAIN: gettext("“%(title)s”", title=wording.spoken(wishes.language).plain_title),
        Titles.DISCREET: gettext("Plain names"),
        Titles.FULL: gettext("Full names"),
    }
    parts = [titles[wishes.titles]]
    if wishes.show_place:
        parts.append(gettext("with the place"))
    if wishes.show_link:
        parts.append(gettext("with the link"))
    language = language_of(wishes.language)
    spoken = [] if language.code == own_language() else [language.name]
    return ", ".join([*parts, *_reminders(wishes), *_kinds_in_words(wishes), *spoken])


def _reminders(wishes: Wishes) -> list[str]:
    """When the device reminds: of most, and of which kinds otherwise."""
    kinds = {kind: wishes.of(kind).alarm_minutes for kind in Kind if wishes.of(kind).shown}
    counted = Counter(kinds.values()).most_common()
    usual = counted[0][0] if counted else None
    said = [] if usual is None else [gettext("reminder %(time)s", time=_before(usual))]
    for alarm, _count in counted[1:]:
        of = ", ".join(str(KINDS[kind]) for kind, own in kinds.items() if own == alarm)
        time = gettext("none") if alarm is None else _before(alarm)
        said.append(gettext("reminder for %(kinds)s: %(time)s", kinds=of, time=time))
    return said


def _kinds_in_words(wishes: Wishes) -> list[str]:
    shown = [str(KINDS[kind]) for kind in Kind if wishes.of(kind).shown]
    out = [str(KINDS[kind]) for kind in Kind if not wishes.of(kind).shown]
    parts = []
    if len(shown) == 1:
        parts.append(gettext("only %(kinds)s", kinds=shown[0]))
    elif out:
        parts.append(gettext("without %(kinds)s", kinds=", ".join(out)))
    dosing = wishes.daily_dosing and wishes.of(Kind.MEDICATION).shown
    return [*parts, gettext("with daily dosing")] if dosing else parts


def _before(minutes: int) -> str:
    if minutes % 1440 == 0 and minutes:
        return ngettext("%(num)d day before", "%(num)d days before", minutes // 1440)
    if minutes % 60 == 0 and minutes:
        return ngettext("%(num)d hour before", "%(num)d hours before", minutes // 60)
    return ngettext("%(num)d minute before", "%(num)d minutes before", minutes)


def how_often(program: Program) -> str:
    """How often such a program looks."""
    if program.hours is None:
        return gettext("It looks as often as you set it there.") if program.name else ""
    if program.hours >= 24:
        return gettext("It looks about once a day.")
    if program.hours >= 1:
        return ngettext(
            "It looks about every hour.", "It looks about every %(num)d hours.", int(program.hours)
        )
    return gettext("It looks every %(count)d minutes.", count=int(program.hours * 60))
