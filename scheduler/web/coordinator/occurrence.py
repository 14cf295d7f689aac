"""One occurrence: moved, cancelled, put back, led by somebody else."""

from collections.abc import Callable, Mapping

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session as Database
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance.opening import Phase, locks_at, phase_of
from scheduler.domain.mutual_help.queries import conscience_of
from scheduler.domain.mutual_help.queries import met as met_at
from scheduler.domain.people.finding import Found, holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import RoomView, rooms
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.apart import would_meet
from scheduler.domain.planning.consequences import Consequences
from scheduler.domain.planning.doubled import double_bookings
from scheduler.domain.planning.handing import lead
from scheduler.domain.planning.holidays import left_out_for
from scheduler.domain.planning.moves import Done, HowFar, move
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.queries import planned_occurrence
from scheduler.domain.planning.reach import Kind as Named
from scheduler.domain.planning.recent import last_change_of_session
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.schedule.kinds import BY_COORDINATORS, Counting, Kind
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.choices import id_of
from scheduler.web.coordinator.follows import Follow, follows_of_change
from scheduler.web.coordinator.occurrence_forms import (
    HowFarForm,
    MetForm,
    MoveForm,
    NotMetForm,
    SubstituteForm,
    cancel_form,
    keep_form,
    move_form,
    proposed,
    restore_form,
    substitute_form,
)
from scheduler.web.coordinator.plan_undo import say_done
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.coordinator.rule_follows import days_of, of_rule
from scheduler.web.coordinator.saying import warn_of_apart, warn_of_members
from scheduler.web.coordinator.way_back import FIELD, way_back
from scheduler.web.display import day_and_clock
from scheduler.web.forms import Form, refusals_on, refuse, status_of, wall_time
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import gettext, ngettext
from scheduler.web.sheet_locks import locks
from scheduler.web.versions import taken_up

Answer = tuple[str, int] | Response


@blueprint.get("/occurrences/<int:occurrence_id>")
@allow(Role.COORDINATOR)
def occurrence(occurrence_id: int) -> Answer:
    """What is planned, and what can be done about it."""
    return show(load(occurrence_id))


@blueprint.post("/occurrences/<int:occurrence_id>/move")
@allow(Role.COORDINATOR)
def occurrence_move(occurrence_id: int) -> Answer:
    """Put it at another time or into another room."""
    before = load(occurrence_id)
    form = move_form(before, rooms(db.session(), within=reach().of_rooms()))
    if form.validate_on_submit():
        with refusals_on(form, local_start="at", room_id="room", override="override_reason"):
            unseen = _unseen(
                form, before.series_id, lambda session: _move(session, occurrence_id, form, rehearsed=True)
            )
            if unseen is not None:
                return show(before, move=form, told=unseen[0], then=unseen[1])
            with transaction(db.session) as session:
                done = _move(session, occurrence_id, form)
            _say_moved(load(occurrence_id), done)
            return back(occurrence_id)
    return show(load(occurrence_id), move=form)


def _unseen(
    form: HowFarForm, series_id: int, act: Callable[[Database], Done]
) -> tuple[Consequences, tuple[Follow, ...]] | None:
    """What it would do to more than one, and when the series meets then; none where it was shown already."""
    if form.how_far.data == HowFar.ONE.value:
        return None
    with rehearsal(db.session) as session:
        days = days_of(session, series_id)
        done = act(session)
        then = of_rule(session, series_id, done.series_id, days) if isinstance(form, MoveForm) else ()
        told = (*then, *follows_of_change(done.consequences))
        form.follows = tuple(each.text for each in told)
    return None if form.was_shown() else (done.consequences, then)


def _move(session: Database, occurrence_id: int, form: MoveForm, *, rehearsed: bool = False) -> Done:
    return move(
        session,
        actor=actor(),
        occurrence_id=occurrence_id,
        revision=form.revision.seen,
        how_far=HowFar(form.how_far.data),
        local_start=wall_time(form.day, form.at),
        minutes=form.minutes.data,
        room_id=id_of(form.room.data),
        reason=form.reason.data or "",
        override=form.override_reason.data or (gettext("Not decided yet") if rehearsed else ""),
        now=clock.now(),
    )


@blueprint.post("/occurrences/<int:occurrence_id>/cancel")
@allow(Role.COORDINATOR)
def occurrence_cancel(occurrence_id: int) -> Answer:
    """Say that it does not take place."""
    before = load(occurrence_id)
    form = cancel_form(before)
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                change_id = cancel_occurrence(
                    session,
                    actor=actor(),
                    occurrence_id=occurrence_id,
                    revision=form.revision.seen,
                    reason=form.reason.data or "",
                    now=clock.now(),
                )
            say_done(gettext("%(title)s is cancelled.", title=before.title), change_id)
            return back(occurrence_id)
    return show(load(occurrence_id), cancel=form)


@blueprint.post("/occurrences/<int:occurrence_id>/restore")
@allow(Role.COORDINATOR)
def occurrence_restore(occurrence_id: int) -> Answer:
    """Take a cancellation back."""
    before = load(occurrence_id)
    form = restore_form(before)
    if form.validate_on_submit():
        with refusals_on(form, override="override_reason"):
            with transaction(db.session) as session:
                restored = restore_occurrence(
                    session,
                    actor=actor(),
                    occurrence_id=occurrence_id,
                    revision=form.revision.seen,
                    override=form.override_reason.data or "",
                    now=clock.now(),
                )
            if restored.takes_place:
                say_done(gettext("%(title)s takes place.", title=before.title), restored.change_id)
            warn_of_members(restored.warnings)
            return back(occurrence_id)
    return show(load(occurrence_id), restore=form)


@blueprint.post("/occurrences/<int:occurrence_id>/substitute")
@allow(Role.COORDINATOR)
def occurrence_substitute(occurrence_id: int) -> Answer:
    """Let somebody else lead this once; the post's own holder again ends that."""
    planned = load(occurrence_id)
    duty = next((each for each in planned.leading if str(each.duty_id) == request.form.get("duty")), None)
    if duty is None:
        raise NotFound
    form = substitute_form(duty, _leads())
    if form.validate_on_submit() and form.person.data:
        with refusals_on(form, person_id="person", override="override_reason"):
            unseen = _unseen(
                form,
                planned.series_id,
                lambda session: _lead(session, duty.duty_id, form, rehearsed=True),
            )
            if unseen is not None:
                return show(planned, substitutes={duty.duty_id: form}, told=unseen[0])
            with transaction(db.session) as session:
                done = _lead(session, duty.duty_id, form)
                pairs = would_meet(
                    session,
                    actor=actor(),
                    occurrences=[occurrence_id],
                    persons=[int(form.person.data)],
                    now=clock.now(),
                )
            say_done(gettext("Saved: somebody else leads."), done.change_id)
            warn_of_members(done.consequences.warnings)
            warn_of_apart(pairs)
            return back(occurrence_id)
    elif not form.errors:
        refuse(form, "person", gettext("Choose who leads instead."))
    return show(load(occurrence_id), substitutes={duty.duty_id: form})


def _lead(session: Database, duty_id: int, form: SubstituteForm, *, rehearsed: bool = False) -> Done:
    return lead(
        session,
        actor=actor(),
        duty_id=duty_id,
        revision=form.revision.seen,
        how_far=HowFar(form.how_far.data),
        person_id=int(form.person.data),
        override=form.override_reason.data or (gettext("Not decided yet") if rehearsed else ""),
        now=clock.now(),
    )


def load(occurrence_id: int) -> Planned:
    """What is planned. Raises NotFound."""
    planned = planned_occurrence(db.session(), occurrence_id)
    if planned is None:
        raise NotFound
    return planned


def show(
    planned: Planned,
    *,
    move: Form | None = None,
    cancel: Form | None = None,
    restore: Form | None = None,
    keep: Form | None = None,
    substitutes: Mapping[int, Form] | None = None,
    not_met: Form | None = None,
    met: Form | None = None,
    told: Consequences | None = None,
    then: tuple[Follow, ...] = (),
) -> Answer:
    """Its page, with a form that was sent; ``told`` is what that would do, where it has to be seen before,
    and ``then`` when the series would meet.
    """
    session = db.session()
    possible = (move, cancel, restore, keep, not_met, met, *(substitutes or {}).values())
    sent = [form for form in possible if form is not None]
    facilitators, offered = _leads(), rooms(session, within=reach().of_rooms())
    twice = double_bookings(session, [planned], within=reach().of_occurrences())
    kept = _count_kept_by_the_group(planned)
    forms = {each.duty_id: substitute_form(each, facilitators) for each in planned.leading}
    page = render_template(
        "coordinator/occurrence.html",
        o=planned,
        holds_series=reach().holds(session, Named.SERIES, planned.series_id),
        twice=twice.get(planned.id, ()),
        is_past=planned.ends_at <= clock.now(),
        has_begun=planned.starts_at <= clock.now(),
        both=taken_up(move, _standing(planned, offered)) if move else None,
        sheet_is_open=_phase(planned) is Phase.OPEN and kept is None,
        is_awaited=_phase(planned) is Phase.NOT_YET and planned.counting is not Counting.HEADS,
        sheet_is_locked=locks_at(planned.ends_at, None, locks()) <= clock.now(),
        kept=kept,
        is_cancelled_here=any(cause.type in BY_COORDINATORS for cause in planned.causes),
        sent=sent[0] if sent else None,
        follows=(*then, *follows_of_change(told)) if told else (),
        in_the_way=bool(told and told.conflicts),
        last=last_change_of_session(session, planned.id, viewer=actor(), now=clock.now()),
        move=move or proposed(move_form(planned, offered), request.args, offered),
        cancel=cancel or cancel_form(planned),
        restore=restore or restore_form(planned),
        keep=keep or keep_form(planned),
        holidays=left_out_for(session, planned.id),
        not_met=not_met or NotMetForm(prefix="notmet-"),
        is_handed_in=planned.starts_at <= clock.now() and met_at(session, planned.id),
        met=MetForm(prefix="met-", formdata=None, data={"seen": planned.not_met_reason}),
        substitutes={**forms, **(substitutes or {})},
    )
    return page, status_of(sent[0]) if sent else 200


def _standing(planned: Planned, offered: tuple[RoomView, ...]) -> MoveForm:
    """What stands now, to compare with: its reason too, which nobody is to give again."""
    form = move_form(planned, offered, formdata=None)
    form.reason.data = planned.move_reason
    return form


def _count_kept_by_the_group(planned: Planned) -> str | None:
    """What is told in place of a headcount that a hosted group does not share; none where it does."""
    if planned.kind is not Kind.MUTUAL_HELP or planned.counting is not Counting.HEADS:
        return None
    decided = conscience_of(db.session(), planned.series_id)
    if decided is None or decided.share_headcount:
        return None
    if planned.not_met:
        return gettext("It did not meet.")
    return gettext("It met.") if met_at(db.session(), planned.id) else gettext("Nothing was handed in yet.")


def _leads() -> list[Found]:
    return holders_of(db.session(), Role.FACILITATOR, sight=reach().of_people())


def _phase(planned: Planned) -> Phase:
    zone = zone_named(planned.timezone)
    booked, not_met = planned.takes_place, planned.not_met
    return phase_of(planned.local_start, zone, booked=booked, not_met=not_met, now=clock.now())


def _say_moved(after: Planned, done: Done) -> None:
    text = gettext(
        "Moved to %(time)s, %(place)s.",
        time=day_and_clock(after.local_start, after.timezone),
        place=after.place or gettext("no room"),
    )
    others = done.consequences.occurrences - 1
    if others:
        more = ngettext("%(num)d other with it.", "%(num)d others with it.", others)
        text = f"{text} {more}"
    say_done(text, done.change_id)
    warn_of_members(done.consequences.warnings)


def back(occurrence_id: int) -> Response:
    """To the page that a form names, else to its own, after a change."""
    named = way_back(request.form.get(FIELD, ""))
    page = url_for("coordinator.occurrence", occurrence_id=occurrence_id)
    return redirect(named.address if named else page, code=303)
