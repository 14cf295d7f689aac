"""One thing done to many sessions: chosen in a list, shown before it is saved, undone as one."""

from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session as Database
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms
from scheduler.domain.planning.acts import Chosen
from scheduler.domain.planning.bulk import MOST, Summary, do_to_many
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.queries import planned_among
from scheduler.domain.planning.undoable import changed_together
from scheduler.domain.schedule.clashes import Clash
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.bulk_form import BulkForm, bulk_form
from scheduler.web.coordinator.follows import Follow, follows_of_change
from scheduler.web.coordinator.plan_undo import say_done
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.coordinator.saying import warn_of_members
from scheduler.web.coordinator.way_back import FIELD, WayBack, way_back
from scheduler.web.forms import refusals_on, status_of
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import gettext, ngettext
from scheduler.web.numbers import whole

Answer = Response | tuple[str, int]


@blueprint.post("/bulk")
@allow(Role.COORDINATOR)
def bulk() -> Answer:
    """Ask what is to be done to the chosen sessions, show what follows, and do it."""
    chosen = _chosen("chosen")
    if not 1 <= len(chosen) <= MOST:
        return _none_or_too_many(len(chosen))
    form = _form()
    form.follows = tuple(map(str, sorted(chosen)))
    if "act" not in request.form:
        return _page(chosen, form)
    if form.validate():
        with refusals_on(form, room_id="room", person_id="person", override="override_reason"):
            return _decide(chosen, form)
    return _page(chosen, form)


def _decide(chosen: Mapping[int, int], form: BulkForm) -> Answer:
    if not form.was_shown():
        with rehearsal(db.session) as session:
            override = form.override_reason.data or gettext("Not decided yet")
            summary = _do(session, chosen, form, override)
            after = {each.id: each for each in planned_among(session, summary.done)}
        return _page(chosen, form, summary, after)
    with transaction(db.session) as session:
        done = _do(session, chosen, form, form.override_reason.data or "")
    if not done.done:
        return _page(chosen, form, done)
    number = len(done.done)
    text = ngettext("%(num)d session is changed.", "%(num)d sessions are changed.", number)
    if done.left:
        stays = ngettext("%(num)d stays as it is.", "%(num)d stay as they are.", len(done.left))
        text = f"{text} {stays}"
    say_done(text, done.change_id)
    warn_of_members(done.consequences.warnings)
    return redirect(_back(_planned(chosen)).address, code=303)


def _do(session: Database, chosen: Mapping[int, int], form: BulkForm, override: str) -> Summary:
    return do_to_many(
        session,
        actor=actor(),
        chosen=[Chosen(number, revision) for number, revision in chosen.items()],
        act=form.wanted(),
        override=override,
        now=clock.now(),
    )


def _chosen(name: str) -> dict[int, int]:
    """The revision that was seen of each; ``id:revision`` is what a box stands for, or several of them with
    commas between: those of a whole day. Raises NotFound.

    ``among`` are all that the page shows, and those that are ticked there are ``chosen``.
    """
    found = {}
    for text in ",".join(request.form.getlist(name)).split(",") if name in request.form else ():
        number, revision = map(whole, text.partition(":")[::2])
        if number is None or revision is None:
            raise NotFound
        found[number] = revision
    return found


def _form() -> BulkForm:
    session = db.session()
    leads = holders_of(session, Role.FACILITATOR, sight=reach().of_people())
    return bulk_form(rooms(session, within=reach().of_rooms()), leads)


def _planned(chosen: Mapping[int, int]) -> tuple[Planned, ...]:
    """Raises NotFound where one is not there, or out of reach."""
    planned = planned_among(db.session(), chosen.keys(), within=reach().of_occurrences())
    if len(planned) < len(chosen):
        raise NotFound
    return planned


def _page(
    chosen: Mapping[int, int],
    form: BulkForm,
    summary: Summary | None = None,
    after: Mapping[int, Planned] | None = None,
) -> Answer:
    """The page; ``after`` is what each would be that changes."""
    planned = _planned({**_chosen("among"), **chosen})
    clashes = [
        *getattr(form.conflict, "clashes", ()),
        *(summary.consequences.conflicts if summary else ()),
    ]
    page = render_template(
        "coordinator/bulk.html",
        form=form,
        planned=planned,
        back=_back(planned),
        summary=summary,
        follows=_follows(summary) if summary else (),
        together=changed_together(db.session(), actor=actor(), now=clock.now()),
        left={each.occurrence_id: gettext(each.why) for each in summary.left} if summary else {},
        chosen=chosen,
        after=after or {},
        in_the_way={each.id: _sentences(clashes, each.id) for each in planned},
        is_taken=bool(clashes),
    )
    return page, status_of(form)


def _sentences(clashes: Sequence[Clash], wanted: int) -> list[str]:
    return [clash.sentence for clash in clashes if clash.wanted == wanted]


def _follows(summary: Summary) -> tuple[Follow, ...]:
    if not summary.done:
        return (Follow("bad", gettext("None of these can be changed so.")),)
    told = follows_of_change(summary.consequences)
    if not summary.left:
        return told
    left = len(summary.left)
    stays = ngettext(
        "%(num)d stays as it is: see why beside it.", "%(num)d stay as they are: see why beside them.", left
    )
    return (told[0], Follow("warn", stays), *told[1:])


def _none_or_too_many(number: int) -> Answer:
    text = (
        gettext("Choose at least one session first.")
        if not number
        else gettext("At most %(most)d sessions at once. You chose %(number)d.", most=MOST, number=number)
    )
    return render_template(
        "coordinator/plan_refused.html", title=gettext("Nothing to change"), refusal=text
    ), 422


def _back(planned: tuple[Planned, ...]) -> WayBack:
    """The list where they were chosen; else the week of the first one."""
    week = url_for("coordinator.week", week=planned[0].day.isoformat())
    return way_back(request.form.get(FIELD, "")) or WayBack("coordinator.week", week)
