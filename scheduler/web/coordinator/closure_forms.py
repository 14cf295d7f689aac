"""What is asked to close a place."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from wtforms import HiddenField, RadioField, SelectField

from scheduler.domain.places.queries import RoomView, SiteView
from scheduler.domain.planning.closing_plan import Choice, Does
from scheduler.domain.planning.closure_drafts import ClosureDraft
from scheduler.domain.schedule.kinds import Kind
from scheduler.errors import Invalid
from scheduler.web.coordinator import choices
from scheduler.web.forms import Clock, Day, Form, Line, Revision, wall_time
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.offers import SelectChoice, offers
from scheduler.web.words import KINDS

AS_ALL: Final = "all"
DOES: Final = {
    Does.STOP.value: lazy_gettext("Do not meet"),
    Does.RELOCATE.value: lazy_gettext("Go to another room"),
    Does.ONLINE.value: lazy_gettext("Go online"),
}
KEEP: Final = {Does.KEEP.value: lazy_gettext("Go on as they are"), **DOES}
OTHERS: Final = tuple(kind for kind in Kind if kind is not Kind.MEDICATION)


def _kind_field(kind: Kind) -> RadioField:
    return RadioField(KINDS[kind.value])


class ClosureForm(Form):
    """A place, from when until when, why, and what becomes of the sessions in it."""

    place = SelectField(lazy_gettext("Which place"))
    from_day = Day(lazy_gettext("From, day"), needed=lazy_gettext("Choose a day."))
    from_time = Clock(lazy_gettext("From, time"), needed=lazy_gettext("Give a time."))
    until_day = Day(lazy_gettext("Until, day"), needed=lazy_gettext("Choose a day."))
    until_time = Clock(lazy_gettext("Until, time"), needed=lazy_gettext("Give a time."))
    reason = Line(lazy_gettext("Why"), needed=lazy_gettext("Give a reason."))
    all = RadioField(lazy_gettext("The sessions"), choices=offers(DOES), default=Does.STOP.value)
    group = _kind_field(Kind.GROUP)
    individual = _kind_field(Kind.INDIVIDUAL)
    mutual_help = _kind_field(Kind.MUTUAL_HELP)
    assessment = _kind_field(Kind.ASSESSMENT)
    family = _kind_field(Kind.FAMILY)
    skills = _kind_field(Kind.SKILLS)
    other = _kind_field(Kind.OTHER)
    medication = RadioField(lazy_gettext("Medication visits"), choices=offers(KEEP), validate_choice=False)
    room = SelectField(lazy_gettext("Other room"))
    online = SelectField(lazy_gettext("Online room"))
    seen = HiddenField()
    form = HiddenField()

    def draft(self, timezone: str) -> ClosureDraft:
        """What was typed. Raises Invalid where a day or a time is missing."""
        what, _, number = (self.place.data or "").partition("-")
        chosen: dict[Kind, Choice] = {kind: self._choice(self[kind.value].data) for kind in OTHERS}
        if self.medication.data in KEEP:
            chosen[Kind.MEDICATION] = self._choice(self.medication.data)
        elif self.medication.data:
            raise Invalid(gettext("Choose one of these."), field="medication")
        return ClosureDraft(
            reason=self.reason.data or "",
            local_start=wall_time(self.from_day, self.from_time),
            local_end=wall_time(self.until_day, self.until_time),
            site_id=int(number) if what == "site" else None,
            room_id=int(number) if what == "room" else None,
            timezone=timezone,
            choices=chosen,
        )

    def _choice(self, chosen: str) -> Choice:
        does = Does(self.all.data if chosen == AS_ALL else chosen)
        rooms = {Does.RELOCATE: self.room.data, Does.ONLINE: self.online.data}
        return Choice(does, choices.id_of(rooms.get(does)))

    @property
    def is_by_kind(self) -> bool:
        """Whether a kind goes a way of its own."""
        return any(self[kind.value].data != AS_ALL for kind in OTHERS) or bool(
            self.room.data or self.online.data
        )


class EndForm(Form):
    """Until when a place is closed."""

    until_day = Day(lazy_gettext("Until, day"), needed=lazy_gettext("Choose a day."))
    until_time = Clock(lazy_gettext("Until, time"), needed=lazy_gettext("Give a time."))
    revision = Revision()


def closure_form(
    sites: Sequence[SiteView],
    rooms: Sequence[RoomView],
    *,
    may_close_online: bool,
    place: str,
    now: datetime,
    zone: str,
    **given: Any,
) -> ClosureForm:
    """From now until tomorrow morning, and no session meets: what most floods need.

    ``may_close_online``: whether online rooms, to which sessions may go, may be closed as well.
    """
    known = {f"site-{site.id}": site for site in sites} | {
        f"room-{room.id}": site for room in rooms for site in sites if site.id == room.site_id
    }
    local = now.astimezone(ZoneInfo(known[place].timezone if place in known else zone))
    ends = datetime.combine(local.date() + timedelta(days=1), datetime.min.time())
    form = ClosureForm(
        data={
            "place": place if place in known else "",
            "from_day": local.date(),
            "from_time": local.time().replace(second=0, microsecond=0, tzinfo=None),
            "until_day": ends.date(),
            "until_time": ends.time(),
            **{kind.value: AS_ALL for kind in OTHERS},
        },
        **given,
    )
    for kind in OTHERS:
        form[kind.value].choices = offers({AS_ALL: gettext("As all"), **DOES})
    in_houses = [room for room in rooms if room.site_id is not None]
    online = [room for room in rooms if room.site_id is None]
    form.place.choices = places(sites, rooms if may_close_online else in_houses)
    form.room.choices = choices.rooms(in_houses, none=gettext("The best free one"))
    form.online.choices = choices.rooms(online, none=gettext("The best free one"))
    return form


def places(sites: Sequence[SiteView], rooms: Sequence[RoomView]) -> list[SelectChoice]:
    """Each site as a whole, then its rooms; the online rooms last."""
    found = offers({"": gettext("Choose")})
    for site in sites:
        found.append(
            SelectChoice(
                f"site-{site.id}", gettext("%(site)s, all of it", site=site.name), optgroup=site.name
            )
        )
        found += [
            SelectChoice(f"room-{room.id}", room.full_name, optgroup=site.name)
            for room in rooms
            if room.site_id == site.id
        ]
    online = [room for room in rooms if room.site_id is None]
    return found + [SelectChoice(f"room-{room.id}", room.name, optgroup=gettext("Online")) for room in online]
