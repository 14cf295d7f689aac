"""What can be done to one occurrence, as forms."""

from typing import Any

from wtforms import SelectField

from scheduler.domain.people.finding import Found
from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.planned import Leading, Planned
from scheduler.web.coordinator import choices
from scheduler.web.forms import Clock, Day, Form, Line, Revision
from scheduler.web.language import gettext, lazy_gettext

KEEP_BOTH = lazy_gettext("Reason to keep both")


class MoveForm(Form):
    """Another day, time or room."""

    day = Day(lazy_gettext("Day"), needed=lazy_gettext("Choose a day."))
    at = Clock(lazy_gettext("Starts"), needed=lazy_gettext("Say when it starts."))
    room = SelectField(lazy_gettext("Room"))
    reason = Line(lazy_gettext("Reason"), needed=lazy_gettext("Give a reason."))
    override_reason = Line(KEEP_BOTH)
    revision = Revision()


class CancelForm(Form):
    """It does not take place."""

    reason = Line(lazy_gettext("Reason"), needed=lazy_gettext("Give a reason."))
    revision = Revision()


class RestoreForm(Form):
    """It takes place after all."""

    override_reason = Line(KEEP_BOTH)
    revision = Revision()


class SubstituteForm(Form):
    """Somebody else leads this once."""

    person = SelectField(lazy_gettext("Who leads instead"))
    override_reason = Line(KEEP_BOTH)
    revision = Revision()


def move_form(planned: Planned, rooms: tuple[RoomView, ...], **given: Any) -> MoveForm:
    """Shows where it stands now; with ``formdata=None`` whatever was sent."""
    form = MoveForm(
        prefix="move-",
        **given,
        data={
            "day": planned.day,
            "at": planned.local_start.time(),
            "room": str(planned.room_id or ""),
            "reason": planned.move_reason,
            "revision": planned.revision,
        },
    )
    form.room.choices = choices.rooms(rooms, none=gettext("No room"))
    return form


def cancel_form(planned: Planned) -> CancelForm:
    """Asks for a reason."""
    return CancelForm(prefix="cancel-", data={"revision": planned.revision})


def restore_form(planned: Planned) -> RestoreForm:
    """Asks for nothing, unless something is in the way."""
    return RestoreForm(prefix="restore-", data={"revision": planned.revision})


def substitute_form(duty: Leading, facilitators: list[Found]) -> SubstituteForm:
    """Offers everybody who leads, but for who has the duty."""
    form = SubstituteForm(prefix=f"duty{duty.duty_id}-", data={"revision": duty.revision})
    others = [person for person in facilitators if person.id != duty.person_id]
    form.person.choices = choices.people(others, none=gettext("Choose"))
    return form
