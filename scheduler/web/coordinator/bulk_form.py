"""What can be done to many sessions at once, as a form."""

from enum import StrEnum

from wtforms import RadioField, SelectField

from scheduler.domain.people.finding import Found
from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.acts import MOST_DAYS, Act, MoveDays, Stop, ToLead, ToRoom
from scheduler.errors import Invalid
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.occurrence_forms import KEEP_BOTH
from scheduler.web.coordinator.shown import ShownForm
from scheduler.web.forms import Line, Number
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.offers import offers


class Doing(StrEnum):
    """What is chosen."""

    STOP = "stop"
    DAYS = "days"
    ROOM = "room"
    LEAD = "lead"


DOINGS = {
    Doing.STOP.value: lazy_gettext("Cancel them"),
    Doing.DAYS.value: lazy_gettext("Move them by days"),
    Doing.ROOM.value: lazy_gettext("Another room"),
    Doing.LEAD.value: lazy_gettext("Another lead"),
}
DIRECTIONS = {"later": lazy_gettext("later"), "earlier": lazy_gettext("earlier")}


class BulkForm(ShownForm):
    """One thing for all of them, which carries the revision of each."""

    act = RadioField(lazy_gettext("What to do"), choices=offers(DOINGS), default=Doing.STOP.value)
    days = Number(lazy_gettext("Days"), most=MOST_DAYS)
    direction = SelectField(lazy_gettext("Direction"), choices=offers(DIRECTIONS))
    room = SelectField(lazy_gettext("Room"))
    person = SelectField(lazy_gettext("Who leads"))
    reason = Line(lazy_gettext("Reason"))
    override_reason = Line(KEEP_BOTH)

    def wanted(self) -> Act:
        """What is to be done. Raises Invalid where that is not said."""
        reason = self.reason.data or ""
        match Doing(self.act.data):
            case Doing.STOP:
                return Stop(reason)
            case Doing.DAYS:
                days = self.days.data or 0
                return MoveDays(-days if self.direction.data == "earlier" else days, reason)
            case Doing.ROOM:
                return ToRoom(choices.id_of(self.room.data), reason)
            case Doing.LEAD:
                if not self.person.data:
                    raise Invalid(gettext("Choose who leads instead."), field="person")
                return ToLead(int(self.person.data))


def bulk_form(rooms: tuple[RoomView, ...], facilitators: list[Found]) -> BulkForm:
    """Offers the rooms and facilitators in reach."""
    form = BulkForm()
    form.room.choices = choices.rooms(rooms, none=gettext("No room"))
    form.person.choices = choices.people(facilitators, none=gettext("Choose"))
    return form
