"""The form of the discharge desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from secrets import token_urlsafe

from wtforms import BooleanField, EmailField, HiddenField, SelectField
from wtforms.validators import Length

from scheduler.domain.admissions.arrivals import Appointment, Arrival, Newcomer
from scheduler.domain.admissions.openings import Opening
from scheduler.domain.people.finding import Found
from scheduler.domain.people.names import LONGEST
from scheduler.domain.places.queries import RoomView, SiteView
from scheduler.domain.schedule.plans import LONGEST_MINUTES
from scheduler.domain.stays.queries import ProgramView
from scheduler.web import display
from scheduler.web.coordinator import choices
from scheduler.web.forms import Clock, Day, Form, Line, Needed, Number, refuse, wall_time
from scheduler.web.language import gettext, lazy_gettext, ngettext
from scheduler.web.offers import offers

NEW = "new"
"""The answer that a likely duplicate is somebody else."""
FIELDS = {
    "site_id": "site",
    "counselor_id": "counselor",
    "program_id": "program",
    "series_id": "group",
    "room_id": "room",
    "first_start": "starts",
    "person_id": "counselor",
}
"""Names of fields in the services that are others here."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What the selects offer, within the coordinator's reach."""

    programs: tuple[ProgramView, ...]
    sites: tuple[SiteView, ...]
    counselors: tuple[Found, ...]
    groups: tuple[Opening, ...]
    rooms: tuple[RoomView, ...]

    @property
    def is_enough(self) -> bool:
        """Whether somebody can be received at all: it takes a site and a counselor."""
        return bool(self.sites and self.counselors)


class DeskForm(Form):
    """Who arrives, where to, and when they are seen first. ``who`` answers whether they are known."""

    name = Line(lazy_gettext("Name"), longest=LONGEST, needed=lazy_gettext("Type the name."))
    birth_year = Number(lazy_gettext("Year of birth"), least=1900, most=2100)
    phone = Line(lazy_gettext("Phone"), longest=40)
    email = EmailField(
        lazy_gettext("E-mail"), [Length(max=254, message=lazy_gettext("This is too long."))], default=""
    )
    program = SelectField(lazy_gettext("Program"), default="")
    site = SelectField(lazy_gettext("Site"), validators=[Needed(lazy_gettext("Choose a site."))])
    counselor = SelectField(
        lazy_gettext("Counselor"), validators=[Needed(lazy_gettext("Choose a counselor."))]
    )
    group = SelectField(lazy_gettext("Group"), default="")
    day = Day(lazy_gettext("Day"))
    starts = Clock(lazy_gettext("Time"))
    minutes = Number(lazy_gettext("Minutes"), most=LONGEST_MINUTES, default=50)
    room = SelectField(lazy_gettext("Room"), default="")
    none_earlier = BooleanField(lazy_gettext("There is no place earlier"))
    once = HiddenField(default=lambda: token_urlsafe(16))

    def offer(self, given: Offers, today: date) -> None:
        """Fill the selects; what there is only one of is chosen already."""
        one_site = str(given.sites[0].id) if len(given.sites) == 1 else ""
        self.program.choices = offers(
            {"": gettext("None yet"), **{str(each.id): each.name for each in given.programs}}
        )
        sites = {str(each.id): each.name for each in given.sites}
        self.site.choices = offers(sites if one_site else {"": gettext("Choose"), **sites})
        self.counselor.choices = choices.people(given.counselors, none=gettext("Choose"))
        self.group.choices = offers(
            {"": gettext("None yet"), **{str(each.series_id): in_words(each) for each in given.groups}}
        )
        self.room.choices = choices.rooms(given.rooms, none=gettext("No room"))
        if not self.is_submitted():
            self.day.data = today

    def newcomer(self) -> Newcomer:
        """Who was typed."""
        return Newcomer(
            self.name.data or "", self.birth_year.data, self.phone.data or "", self.email.data or ""
        )

    def arrival(self, who: Newcomer | int) -> Arrival:
        """What was typed; ask only after the form was found valid."""
        return Arrival(
            who=who,
            site_id=int(self.site.data),
            counselor_id=int(self.counselor.data),
            program_id=choices.id_of(self.program.data),
            series_id=choices.id_of(self.group.data),
            appointment=self._appointment(),
            none_earlier=bool(self.none_earlier.data),
        )

    def _appointment(self) -> Appointment | None:
        """None without a time: the day alone is filled in already."""
        if self.starts.data is None:
            return None
        starts = wall_time(self.day, self.starts)
        return Appointment(starts, self.minutes.data or 0, choices.id_of(self.room.data))

    def validate_day(self, field: Day) -> None:
        """A time needs its day; WTForms calls this."""
        if self.starts.data is not None and field.data is None and not field.errors:
            refuse(self, "day", gettext("Choose a day."))


def in_words(opening: Opening) -> str:
    """ "Thursday group, Elm Street: Tomorrow, 7:00 PM, 3 places free"."""
    name = f"{opening.title}, {opening.site_name}" if opening.site_name else opening.title
    at = opening.starts_at
    meets = display.day_and_clock(at, opening.timezone) if at else gettext("no date yet")
    if opening.free is None:
        return f"{name}: {meets}"
    free = ngettext("%(num)d place free", "%(num)d places free", opening.free)
    return f"{name}: {meets}, {free}"
