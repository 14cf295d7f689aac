"""All conflicts ahead, each with what ends it in one click."""

from collections.abc import Collection, Sequence
from typing import Final

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance.kept import number_waiting
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms, sites
from scheduler.domain.planning.grouping import Group, Trouble
from scheduler.domain.planning.offering import offers_for
from scheduler.domain.planning.overview import (
    conflicts_ahead,
    left_over,
    room_names,
    short_names,
    without_lead,
)
from scheduler.domain.planning.queries import planned_among
from scheduler.domain.planning.remedies import Does, Remedy
from scheduler.domain.planning.solving import Solved, solve
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.conflict_words import TROUBLES, Told, told_of
from scheduler.web.coordinator.plan_undo import say_done
from scheduler.web.coordinator.saying import warn_of_apart, warn_of_members
from scheduler.web.guard import actor, allow, log_read, reach
from scheduler.web.language import gettext, ngettext
from scheduler.web.numbers import page_of, whole

A_PAGE: Final = 20
FILTERS: Final = ("kind", "site", "show", "page")


@blueprint.get("/conflicts")
@allow(Role.COORDINATOR)
def conflicts() -> str:
    """What collides, nearest first; `?kind=`, `?site=` and `?show=overridden` choose among it."""
    return _page()


@blueprint.post("/conflicts/solve")
@allow(Role.COORDINATOR)
def conflicts_solve() -> tuple[str, int] | Response:
    """Do what the button says, to all times of a conflict or the next one."""
    try:
        remedy = _remedy(request.form.get("remedy", ""))
        with transaction(db.session) as session:
            done = solve(
                session,
                actor=actor(),
                key=request.form.get("key", "")[:100],
                seen=request.form.get("seen", ""),
                remedy=remedy,
                only_next=request.form.get("scope") == "next",
                reason=request.form.get("reason", ""),
                now=clock.now(),
            )
    except Invalid as error:
        return _page(refused=" ".join(error.fields.values())), 422
    except (Conflict, Refused) as error:
        return _page(refused=str(error)), 409
    _say(done, remedy.does)
    return redirect(_here(), code=303)


def _remedy(text: str) -> Remedy:
    """The value of a button: what it does, to which series, and how. Raises NotFound for anything else."""
    does, _, rest = text.partition(":")
    named, _, value = rest.partition(":")
    series, number = whole(named), whole(value.removeprefix("-"))
    if does not in set(Does) or series is None or number is None:
        raise NotFound
    return Remedy(Does(does), series, -number if value.startswith("-") else number)


def _say(done: Solved, does: Does) -> None:
    number = len(done.occurrences)
    if does is Does.KEEP:
        text = ngettext("Kept, for %(num)d time.", "Kept, for %(num)d times.", number)
    elif does is Does.TAKE_BACK:
        text = gettext("Taken back: it is to be solved again.")
    else:
        text = ngettext("Done: %(num)d session was changed.", "Done: %(num)d sessions were changed.", number)
    say_done(text, done.change_id)
    warn_of_members(done.warnings)
    warn_of_apart(done.apart)


def _here() -> str:
    """The page as it was filtered; a form carries the filters of its page."""
    kept = {name: value for name in FILTERS if (value := request.values.get(name))}
    return url_for("coordinator.conflicts", **kept)  # type: ignore[arg-type]  # no option of url_for has such a name


def _page(refused: str = "") -> str:
    session, now = db.session(), clock.now()
    groups = conflicts_ahead(session, reach=reach(), now=now)
    here = sites(session, within=reach().of_sites())
    kind, site = request.values.get("kind", ""), whole(request.values.get("site"))
    chosen = [each for each in groups if _is_chosen(each, kind, site)]
    to_solve = [each for each in chosen if each.is_open]
    overridden = [each for each in chosen if not each.is_open]
    shows_overridden = request.values.get("show") == "overridden"
    shown = overridden if shows_overridden else to_solve
    page = page_of(request.values.get("page"))
    lacking = without_lead(session, reach=reach(), now=now)
    return render_template(
        "coordinator/conflicts.html",
        kept_aside=number_waiting(session, actor=actor()),
        told=_told(shown[(page - 1) * A_PAGE : page * A_PAGE]),
        to_solve=len(to_solve),
        overridden=len(overridden),
        shows_overridden=shows_overridden,
        is_any=bool(groups),
        kinds=TROUBLES,
        kind=kind,
        sites=here,
        site=site,
        page=page,
        pages=-(-len(shown) // A_PAGE),
        filters={name: request.values[name] for name in FILTERS if request.values.get(name)},
        address=_address,
        left=left_over(session, reach=reach(), now=now),
        lacking=lacking,
        refused=refused,
    )


def _address(**changed: str | int | None) -> str:
    """The address of this page with a filter changed; a page of its own only where that is asked for."""
    kept: dict[str, str | int | None] = {name: request.values.get(name) for name in FILTERS[:3]}
    return url_for("coordinator.conflicts", **{k: v for k, v in (kept | changed).items() if v})  # type: ignore[arg-type]  # no option of url_for has such a name


def _is_chosen(group: Group, kind: str, site: int | None) -> bool:
    of_kind = kind not in set(Trouble) or group.trouble.value == kind
    return of_kind and (site is None or group.is_at(site))


def _told(groups: Sequence[Group]) -> list[Told]:
    session, now = db.session(), clock.now()
    numbers = {fact.id for group in groups for fact in group.times[0]}
    firsts = {each.id: each for each in planned_among(session, numbers)}
    leads = holders_of(session, Role.FACILITATOR, sight=reach().of_people())
    offers = offers_for(
        session,
        groups,
        firsts,
        rooms=rooms(session, within=reach().of_rooms()),
        leads=[person.id for person in leads],
        now=now,
    )
    names = {person.id: person.short_name for person in leads}
    held = {group.held for group in groups if group.trouble is Trouble.FACILITATOR}
    names |= short_names(session, held, reach=None)
    members = short_names(session, _members(groups), reach=reach())
    if members:
        log_read(subject="people", persons=members)
    places = room_names(session, {group.held for group in groups if group.trouble is Trouble.ROOM})
    return [
        told_of(
            group,
            firsts=firsts,
            offers=offers.get(group.key, ()),
            names=names,
            members=members,
            rooms=places,
            now=now,
        )
        for group in groups
    ]


def _members(groups: Collection[Group]) -> set[int]:
    """Whom the page names as members: not who leads something while they attend something else."""
    named = (Trouble.MEMBER, Trouble.APART)
    return {person for group in groups if group.trouble in named for person in group.persons}
