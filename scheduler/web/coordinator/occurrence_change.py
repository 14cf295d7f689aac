"""Changing one session from the board: shown first, from a rehearsal, and then done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session as Database
from werkzeug.wrappers import Response
from wtforms import SelectField

from scheduler import clock
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import RoomView, rooms
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.changing import Changed, Handed, Wish, change_occurrence
from scheduler.domain.planning.moves import HowFar
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.queries import free_rooms, planned_occurrence, still_to_come
from scheduler.domain.planning.reach import Kind
from scheduler.domain.planning.remedies import by_fit
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.dates import meeting_at
from scheduler.domain.schedule.kinds import CauseType
from scheduler.errors import Conflict, NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.board_address import Asked, asked_by
from scheduler.web.coordinator.board_page import today
from scheduler.web.coordinator.change_form import ChangeForm, change_form, duty_of, minutes_of
from scheduler.web.coordinator.change_words import follows_of, say_changed, too_small
from scheduler.web.coordinator.choices import id_of, room_label
from scheduler.web.coordinator.follows import Follow
from scheduler.web.coordinator.occurrence_forms import restore_form
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.coordinator.rule_follows import days_of, of_rule
from scheduler.web.coordinator.saying import warn_of_members
from scheduler.web.forms import is_part, refusals_on, refuse, status_of, wall_time
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import gettext
from scheduler.web.versions import taken_up

Answer = tuple[str, int] | Response
MOST_ROOMS: Final = 6
FIELDS: Final = {
    "local_start": "at",
    "minutes": "minutes",
    "room_id": "room",
    "person_id": "lead",
    "override": "override_reason",
}
"""What the service calls the fields of the form."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A room that is free; ``warning`` says that it is too small."""

    id: int
    label: str
    warning: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change as it is asked for, and what came of trying it: what follows, or the rooms that are free."""

    form: ChangeForm
    follows: tuple[Follow, ...] = ()
    free: tuple[Offered, ...] = ()

    @property
    def state(self) -> str:
        """What the board does with the drop."""
        if self.form.conflict is not None:
            return "refused" if isinstance(self.form.conflict, Taken) else "stale"
        if self.form.errors.keys() - {"reason"}:
            return "refused"
        return "proposed" if self.follows or self.form.errors else "standing"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a session is wanted; ``lead`` is empty where nobody else is to lead."""

    start: datetime
    end: datetime
    room: str
    lead: str


@blueprint.get("/occurrences/<int:occurrence_id>/change")
@allow(Role.COORDINATOR)
def occurrence_change(occurrence_id: int) -> Answer:
    """When, where and who leads; a part of the board for htmx, else a page."""
    planned = _load(occurrence_id)
    return _answer(planned, Proposal(_form(planned, formdata=None)))


@blueprint.post("/occurrences/<int:occurrence_id>/change/preview")
@allow(Role.COORDINATOR)
def occurrence_foresee(occurrence_id: int) -> Answer:
    """What a change would bring, from a rehearsal; saves nothing."""
    planned = _load(occurrence_id)
    form = _form(planned)
    if request.form.get("instead"):
        form.room.data = request.form["instead"]
    _take_up_drop(planned, form)
    if form.validate() and form.conflict is None:
        return _answer(planned, _foreseen(planned, form))
    return _answer(planned, _proposal(planned, form, None))


@blueprint.post("/occurrences/<int:occurrence_id>/change")
@allow(Role.COORDINATOR)
def occurrence_changed(occurrence_id: int) -> Answer:
    """Do it, or say what is in the way; what is done to more than one as it was shown, or shown again."""
    before = _load(occurrence_id)
    form = _form(before)
    if form.validate():
        again = None if _how_far(form) is HowFar.ONE else _unlike_shown(before, form)
        if again is not None:
            return _answer(before, again)
        with refusals_on(form, **FIELDS):
            with transaction(db.session) as session:
                wish = _wish(before, form)
                changed = change_occurrence(session, actor=actor(), wish=wish, now=clock.now())
            board = _board().showing(wish.local_start.date())
            say_changed(before, _load(occurrence_id), changed)
            warn_of_members(changed.consequences.warnings)
            return _to(board)
    after = _load(occurrence_id)
    if form.errors.keys() == {"reason"}:
        return _answer(after, _foreseen(after, form))
    return _answer(after, _proposal(after, form, None))


def _foreseen(planned: Planned, form: ChangeForm) -> Proposal:
    """The proposal with what follows, from a rehearsal, or with what is in the way."""
    changed: Changed | None = None
    then: tuple[Follow, ...] = ()
    with refusals_on(form, **FIELDS), rehearsal(db.session) as session:
        changed, then = _rehearsed(session, planned, form)
    proposal = _proposal(planned, form, changed, then)
    form.follows = tuple(each.text for each in proposal.follows)
    form.seen.data = form.asked()
    return proposal


def _unlike_shown(planned: Planned, form: ChangeForm) -> Proposal | None:
    """What it comes to by now, where that is not what was shown, or is refused."""
    seen = form.seen.data
    proposal = _foreseen(planned, form)
    return proposal if form.errors or form.seen.data != seen else None


def _rehearsed(session: Database, planned: Planned, form: ChangeForm) -> tuple[Changed, tuple[Follow, ...]]:
    """What it comes to, and when the series would meet of which more than this one moves."""
    wish = _wish(planned, form, unsaid=gettext("No reason yet"))
    days = days_of(session, planned.series_id)
    changed = change_occurrence(session, actor=actor(), wish=wish, now=clock.now())
    after = planned_occurrence(session, planned.id)
    if wish.how_far is HowFar.ONE or wish.handed is not None or after is None:
        return changed, ()
    return changed, of_rule(session, planned.series_id, after.series_id, days)


def _take_up_drop(planned: Planned, form: ChangeForm) -> None:
    """A drop names who had the duty, and no more of it; what a form names stays."""
    if not request.form.get("from"):
        return
    duty = next((each for each in planned.leading if str(each.person_id) == request.form["from"]), None)
    if duty is None:
        form.conflict = Conflict("Somebody changed this in the meantime.")
        refuse(form, "", str(form.conflict))
        return
    form.duty.data, form.duty_revision.data = str(duty.duty_id), str(duty.revision)


def _load(occurrence_id: int) -> Planned:
    planned = planned_occurrence(db.session(), occurrence_id)
    if planned is None:
        raise NotFound
    return planned


def _form(planned: Planned, **given: Any) -> ChangeForm:
    session = db.session()
    duty = duty_of(planned, None if "formdata" in given else request.form.get("duty"))
    facilitators = holders_of(session, Role.FACILITATOR, sight=reach().of_people())
    holds_series = reach().holds(session, Kind.SERIES, planned.series_id)
    to_come = still_to_come(session, planned, now=clock.now()) if holds_series else None
    return change_form(planned, duty, _rooms(), facilitators, to_come, **given)


def _rooms() -> tuple[RoomView, ...]:
    return rooms(db.session(), within=reach().of_rooms())


def _wish(planned: Planned, form: ChangeForm, *, unsaid: str = "") -> Wish:
    duty, person = duty_of(planned, form.duty.data), id_of(form.lead.data)
    handed = None
    if duty is not None and person is not None and person != duty.person_id:
        handed = Handed(duty.duty_id, form.duty_revision.seen, person)
    return Wish(
        occurrence_id=planned.id,
        revision=form.revision.seen,
        how_far=_how_far(form),
        local_start=wall_time(form.day, form.at),
        room_id=id_of(form.room.data),
        minutes=form.minutes.data,
        handed=handed,
        reason=form.reason.data or unsaid,
        override=form.override_reason.data or "",
    )


def _how_far(form: ChangeForm) -> HowFar:
    return HowFar(form.scope.data)


def _proposal(
    planned: Planned, form: ChangeForm, changed: Changed | None, then: tuple[Follow, ...] = ()
) -> Proposal:
    """What the change brings; where it is refused, the rooms that are free then."""
    offered = _rooms()
    if changed is not None:
        room = next((each for each in offered if str(each.id) == form.room.data), None)
        lead = _label(form.lead) if form.lead.data else ""
        follows = follows_of(changed, _how_far(form), room, lead, expected=planned.expected)
        return Proposal(form, (*then, *follows))
    clashes = form.conflict.clashes if isinstance(form.conflict, Taken) else ()
    if all(clash.holder is not Holder.ROOM for clash in clashes):
        return Proposal(form)
    zone = zone_named(planned.timezone)
    meeting = meeting_at(wall_time(form.day, form.at), form.minutes.data or minutes_of(planned), zone)
    others = [each for each in offered if each.id != planned.room_id]
    free = free_rooms(db.session(), others, meeting.starts_at, meeting.ends_at, beside=planned.id)
    site = next((each.site_id for each in offered if str(each.id) == form.room.data), None)
    fitting = by_fit(free, site_id=site, expected=planned.expected)
    return Proposal(form, free=tuple(_offered(room, planned.expected) for room in fitting[:MOST_ROOMS]))


def _offered(room: RoomView, expected: int) -> Offered:
    is_small = room.capacity is not None and room.capacity < expected
    return Offered(room.id, room_label(room), too_small(room, expected) if is_small else "")


def _answer(planned: Planned, proposal: Proposal) -> Answer:
    form = proposal.form
    page = render_template(
        "coordinator/_change.html" if is_part() else "coordinator/change.html",
        o=planned,
        form=form,
        proposal=proposal,
        both=taken_up(form, _standing(planned)),
        to=_target(planned, form),
        holder=duty.person_id if (duty := duty_of(planned, form.duty.data)) else "",
        is_part=is_part(),
        board=_board().showing(planned.day).address(),
        is_cancelled_here=any(cause.type is CauseType.COORDINATOR for cause in planned.causes),
        restore=restore_form(planned),
        now=clock.now(),
        takes_focus=is_part() and not _is_typing() and not form.reason.errors,
        is_open=planned.takes_place and planned.starts_at > clock.now(),
    )
    return page, status_of(form)


def _standing(planned: Planned) -> ChangeForm:
    """What stands now, to compare with: its reason too, which nobody is to give again."""
    form = _form(planned, formdata=None)
    form.reason.data = planned.move_reason
    return form


def _is_typing() -> bool:
    """Whether a preview follows what is typed into the form, which the focus must not leave."""
    opens = request.form.get("dropped") or request.form.get("instead")
    return request.endpoint == "coordinator.occurrence_foresee" and not opens


def _target(planned: Planned, form: ChangeForm) -> Target | None:
    """Where it would be, on its own clock; none where nothing changes or no time is there."""
    if form.day.data is None or form.at.data is None:
        return None
    start, minutes = wall_time(form.day, form.at), form.minutes.data or minutes_of(planned)
    duty, lead = duty_of(planned, form.duty.data), _label(form.lead)
    is_handed = duty is not None and form.lead.data not in ("", str(duty.person_id))
    stands = planned.local_start, str(planned.room_id or ""), minutes_of(planned)
    if (start, form.room.data or "", minutes) == stands and not is_handed:
        return None
    room = next((each.full_name for each in _rooms() if str(each.id) == form.room.data), "")
    return Target(start, start + timedelta(minutes=minutes), room, lead if is_handed else "")


def _label(field: SelectField) -> str:
    """The words of what is chosen."""
    return next((str(label) for value, label, *_ in field.iter_choices() if value == field.data), "")


def _board() -> Asked:
    """The board that is open; without one today's."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    is_open = is_part() and here.path == url_for("coordinator.board")
    return asked_by(here.query if is_open else "", today())


def _to(board: Asked) -> Response:
    if not is_part():
        return redirect(board.address(), code=303)
    answer = Response(status=204)
    answer.headers["HX-Redirect"] = board.address()
    return answer
