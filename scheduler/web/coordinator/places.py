"""Sites and rooms: the list, and the forms that make and change them."""

from functools import partial
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField

from scheduler.domain.people.roles import Role
from scheduler.domain.places import queries, service
from scheduler.domain.places.queries import RoomView
from scheduler.domain.places.values import LONGEST_LINK, LONGEST_NAME, MOST_PLACES, RoomDraft, SiteDraft
from scheduler.domain.planning import venues
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.drafts import saved
from scheduler.web.forms import Form, Line, Number, Revision, status_of
from scheduler.web.guard import allow, reach
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.offers import offers
from scheduler.web.versions import taken_up

Answer = tuple[str, int] | Response
FIELDS = {"site_id": "site"}
"""What a room's form calls differently."""


class SiteForm(Form):
    """A building."""

    name = Line(lazy_gettext("Name"), longest=LONGEST_NAME, needed=lazy_gettext("Give it a name."))
    address = Line(lazy_gettext("Address"), longest=300)
    timezone = SelectField(lazy_gettext("Time zone"), validate_choice=False)
    revision = Revision()

    def draft(self) -> SiteDraft:
        """What was typed."""
        return SiteDraft(self.name.data or "", self.timezone.data, self.address.data or "")


class RoomForm(Form):
    """A room in a building, or an online room with a link."""

    name = Line(lazy_gettext("Name"), longest=LONGEST_NAME, needed=lazy_gettext("Give it a name."))
    site = SelectField(lazy_gettext("Where"))
    join_link = Line(lazy_gettext("Join link"), longest=LONGEST_LINK)
    capacity = Number(lazy_gettext("Holds"), most=MOST_PLACES)
    shared = BooleanField(lazy_gettext("Several sessions at the same time"))
    revision = Revision()

    def draft(self) -> RoomDraft:
        """What was typed."""
        return RoomDraft(
            self.name.data or "",
            choices.id_of(self.site.data),
            self.join_link.data or "",
            self.capacity.data,
            self.shared.data,
        )


@blueprint.get("/places")
@allow(Role.COORDINATOR)
def places() -> str:
    """All sites with their rooms, and the online rooms."""
    session = db.session()
    rooms = queries.rooms(session, within=reach().of_rooms())
    return render_template(
        "coordinator/places.html", sites=_sites(), rooms=rooms, may_make_site=reach().sites is None
    )


@blueprint.route("/places/sites/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def places_new_site() -> Answer:
    """Make a site; somebody whose role is for some sites would not find it again."""
    if reach().sites is not None:
        raise NotFound
    form = _site_form()
    if saved(form, service.make_site, site=form.draft):
        return _done(form.name.data)
    return _page("coordinator/site.html", form, site=None)


@blueprint.route("/places/sites/<int:site_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def places_site(site_id: int) -> Answer:
    """Change a site."""
    site = queries.site(db.session(), site_id)
    if site is None:
        raise NotFound
    form = _site_form(obj=site)
    edit = partial(venues.edit_site, site_id=site_id, revision=form.revision.seen)
    if saved(form, edit, site=form.draft):
        return _done(form.name.data)
    both = taken_up(form, _site_form(obj=queries.site(db.session(), site_id), formdata=None))
    return _page("coordinator/site.html", form, site=site, both=both)


@blueprint.route("/places/rooms/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def places_new_room() -> Answer:
    """Make a room; ``?site=`` chooses where, else it is in the first site."""
    first = next((str(site.id) for site in _sites()), "")
    form = _room_form(data={"site": request.args.get("site", first)})
    if saved(form, service.make_room, room=form.draft, fields=FIELDS):
        return _done(form.name.data)
    return _page("coordinator/room.html", form, room=None)


@blueprint.route("/places/rooms/<int:room_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def places_room(room_id: int) -> Answer:
    """Change a room."""
    room = queries.room(db.session(), room_id)
    if room is None:
        raise NotFound
    form = _form_of(room)
    edit = partial(venues.edit_room, room_id=room_id, revision=form.revision.seen)
    if saved(form, edit, room=form.draft, fields=FIELDS):
        return _done(form.name.data)
    both = taken_up(form, _form_of(queries.room(db.session(), room_id), formdata=None))
    may_close = room.site_id is not None or reach().sites is None
    return _page("coordinator/room.html", form, room=room, both=both, may_close=may_close)


def _sites() -> tuple[queries.SiteView, ...]:
    return queries.sites(db.session(), within=reach().of_sites())


def _site_form(**shown: Any) -> SiteForm:
    form = SiteForm(**shown)
    zone = current_app.extensions["settings"].timezone
    form.timezone.choices = choices.zones({zone, *(site.timezone for site in _sites())})
    form.timezone.data = form.timezone.data or zone
    return form


def _room_form(**shown: Any) -> RoomForm:
    form = RoomForm(**shown)
    sites = {str(site.id): site.name for site in _sites()}
    form.site.choices = offers({"": gettext("Online only"), **sites})
    return form


def _form_of(room: RoomView | None, **given: Any) -> RoomForm:
    site = str(room.site_id or "") if room else ""
    return _room_form(obj=room, data={"site": site}, **given)


def _done(name: str | None) -> Response:
    flash(gettext("%(name)s is saved.", name=name))
    return redirect(url_for("coordinator.places"), code=303)


def _page(template: str, form: Form, **shown: object) -> Answer:
    return render_template(template, form=form, **shown), status_of(form)
