"""The form beside the board: when, where and who leads one session, as it was dropped or typed."""

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, RadioField, SelectField

from scheduler.domain.people.finding import Found
from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.moves import HowFar
from scheduler.domain.planning.planned import Leading, Planned, ToCome
from scheduler.domain.schedule.plans import LONGEST_MINUTES
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.occurrence_forms import HOW_FAR, KEEP_BOTH
from scheduler.web.coordinator.shown import ShownForm
from scheduler.web.display import month_day
from scheduler.web.forms import Clock, Day, Line, Number, Revision
from scheduler.web.language import gettext, lazy_gettext, ngettext
from scheduler.web.offers import offers


class ChangeForm(ShownForm):
    """``lead`` is who has the first duty; ``duty_revision`` is that duty's."""

    day = Day(lazy_gettext("Day"), needed=lazy_gettext("Choose a day."))
    at = Clock(lazy_gettext("Starts"), needed=lazy_gettext("Say when it starts."))
    minutes = Number(lazy_gettext("Minutes"), most=LONGEST_MINUTES)
    room = SelectField(lazy_gettext("Room"))
    lead = SelectField(lazy_gettext("Lead"))
    scope = RadioField(lazy_gettext("Which ones?"), default=HowFar.ONE.value)
    reason = Line(lazy_gettext("Reason"))
    override_reason = Line(KEEP_BOTH)
    revision = Revision()
    duty_revision = Revision()
    duty = HiddenField()
    hints: Mapping[str, str] = {}


def minutes_of(planned: Planned) -> int:
    """How long it takes, in elapsed minutes."""
    return int((planned.ends_at - planned.starts_at).total_seconds() // 60)


def duty_of(planned: Planned, asked: str | None) -> Leading | None:
    """The duty that the form is about: the one asked for, else the first."""
    named = (each for each in planned.leading if str(each.duty_id) == asked)
    return next(named, planned.leading[0] if planned.leading else None)


def change_form(
    planned: Planned,
    duty: Leading | None,
    rooms: tuple[RoomView, ...],
    facilitators: list[Found],
    to_come: ToCome | None,
    **given: Any,
) -> ChangeForm:
    """Shows where it stands now; with ``formdata=None`` whatever was sent.

    ``to_come``: how many of its series are, none where only this one may be changed.
    """
    form = ChangeForm(
        **given,
        data={
            "day": planned.day,
            "at": planned.local_start.time(),
            "minutes": minutes_of(planned),
            "room": str(planned.room_id or ""),
            "lead": str(duty.person_id) if duty else "",
            "revision": planned.revision,
            "duty": str(duty.duty_id) if duty else "",
            "duty_revision": duty.revision if duty else "",
        },
    )
    form.scope.choices = offers(HOW_FAR)
    form.hints = _hints(planned, to_come)
    form.room.choices = choices.rooms(rooms, none=gettext("No room"))
    others = [each for each in facilitators if duty is None or each.id != duty.person_id]
    form.lead.choices = choices.people(others, none=gettext("Nobody yet"))
    if duty is not None:
        form.lead.choices = [choices.person(duty.person_id, duty.short_name), *form.lead.choices[1:]]
    return form


def _hints(planned: Planned, to_come: ToCome | None) -> dict[str, str]:
    """What each choice takes along; none where there is only this one."""
    if to_come is None or to_come.all < 2:
        return {}
    since = month_day(planned.original_start.date())
    following = ngettext(
        "%(num)d session from %(day)s on.", "%(num)d sessions from %(day)s on.", to_come.following, day=since
    )
    every = ngettext("%(num)d session.", "%(num)d sessions.", to_come.all)
    return {
        HowFar.ONE.value: month_day(planned.day),
        HowFar.FOLLOWING.value: following,
        HowFar.ALL.value: gettext("%(sessions)s Past ones stay as they were.", sessions=every),
    }
