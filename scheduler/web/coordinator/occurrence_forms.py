"""What can be done to one occurrence, as forms."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from wtforms import HiddenField, RadioField, SelectField

from scheduler.domain.people.finding import Found
from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.moves import HowFar
from scheduler.domain.planning.planned import Leading, Planned
from scheduler.domain.schedule.plans import LONGEST_MINUTES
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.shown import ShownForm
from scheduler.web.forms import Clock, Day, Form, Line, Number, Revision
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.offers import offers

KEEP_BOTH = lazy_gettext("Reason to keep both")


HOW_FAR = {
    HowFar.ONE.value: lazy_gettext("Only this one"),
    HowFar.FOLLOWING.value: lazy_gettext("This and following"),
    HowFar.ALL.value: lazy_gettext("All that are still to come"),
}


class HowFarForm(ShownForm):
    """What is done to more than one is shown first."""

    how_far = RadioField(lazy_gettext("Which"), choices=offers(HOW_FAR), default=HowFar.ONE.value)


class MoveForm(HowFarForm):
    """Another day, time, length or room."""

    day = Day(lazy_gettext("Day"), needed=lazy_gettext("Choose a day."))
    at = Clock(lazy_gettext("Starts"), needed=lazy_gettext("Say when it starts."))
    minutes = Number(lazy_gettext("Minutes"), most=LONGEST_MINUTES)
    room = SelectField(lazy_gettext("Room"))
    reason = Line(lazy_gettext("Reason"))
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


class KeepForm(Form):
    """It keeps the holiday after all."""

    revision = Revision()


class SubstituteForm(HowFarForm):
    """Somebody else leads this once, or from now on."""

    person = SelectField(lazy_gettext("Who leads instead"))
    override_reason = Line(KEEP_BOTH)
    revision = Revision()


class NotMetForm(Form):
    """Nobody came together."""

    reason = Line(lazy_gettext("Reason"), needed=lazy_gettext("Give a reason."))


class MetForm(Form):
    """They did, after all: ``seen`` is the reason that was shown."""

    seen = HiddenField()


def move_form(planned: Planned, rooms: tuple[RoomView, ...], **given: Any) -> MoveForm:
    """Shows where it stands now; with ``formdata=None`` whatever was sent."""
    form = MoveForm(
        prefix="move-",
        **given,
        data={
            "day": planned.day,
            "at": planned.local_start.time(),
            "minutes": (planned.ends_at - planned.starts_at).seconds // 60 or LONGEST_MINUTES,
            "room": str(planned.room_id or ""),
            "revision": planned.revision,
        },
    )
    form.room.choices = choices.rooms(rooms, none=gettext("No room"))
    return form


def proposed(form: MoveForm, to: Mapping[str, str], rooms: tuple[RoomView, ...]) -> MoveForm:
    """The same with the `day`, `at` and `room` that an address proposes; what is none of these is left."""
    with suppress(KeyError, ValueError):
        start = datetime.fromisoformat(f"{to['day']}T{to['at']}").replace(tzinfo=None)
        form.day.data, form.at.data = start.date(), start.time()
    if to.get("room") in {str(room.id) for room in rooms}:
        form.room.data = to["room"]
    return form


def cancel_form(planned: Planned) -> CancelForm:
    """Asks for a reason."""
    return CancelForm(prefix="cancel-", data={"revision": planned.revision})


def restore_form(planned: Planned) -> RestoreForm:
    """Asks for nothing, unless something is in the way."""
    return RestoreForm(prefix="restore-", data={"revision": planned.revision})


def keep_form(planned: Planned) -> KeepForm:
    """Asks for nothing."""
    return KeepForm(prefix="keep-", data={"revision": planned.revision})


def substitute_form(duty: Leading, facilitators: list[Found]) -> SubstituteForm:
    """Offers everybody who leads, but for who has the duty."""
    form = SubstituteForm(prefix=f"duty{duty.duty_id}-", data={"revision": duty.revision})
    others = [person for person in facilitators if person.id != duty.person_id]
    form.person.choices = choices.people(others, none=gettext("Choose"))
    return form
