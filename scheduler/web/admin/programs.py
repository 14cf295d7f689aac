"""Programs: the named templates of a stay, made, renamed, and offered no longer."""

from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.stays import queries, service
from scheduler.domain.stays.programs import LONGEST_NAME, ProgramDraft, ProgramKind
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.drafts import saved
from scheduler.web.forms import Form, Line, Revision, status_of
from scheduler.web.language import gettext
from scheduler.web.language import lazy_gettext as _
from scheduler.web.offers import offers
from scheduler.web.undo import flash_with_undo
from scheduler.web.versions import taken_up
from scheduler.web.words import PROGRAMS

Answer = tuple[str, int] | Response


class ProgramForm(Form):
    """A program: what this organization calls it, and what it is."""

    name = Line(_("Name"), longest=LONGEST_NAME, needed=_("Give it a name."))
    kind = SelectField(_("What it is"), choices=offers(PROGRAMS))
    revision = Revision()

    def draft(self) -> ProgramDraft:
        """What was typed."""
        return ProgramDraft(self.name.data or "", ProgramKind(self.kind.data))


@blueprint.get("/programs")
@guard.allow(Role.ADMINISTRATOR)
def programs() -> str:
    """What somebody can be admitted to, and what is offered no longer."""
    session = db.session()
    offered, before = queries.programs(session), queries.programs(session, archived=True)
    return render_template("admin/programs.html", offered=offered, before=before)


@blueprint.route("/programs/new", methods=["GET", "POST"])
@guard.allow(Role.ADMINISTRATOR)
def programs_new() -> Answer:
    """Make a program."""
    form = ProgramForm(data={"kind": ProgramKind.AFTERCARE.value})
    if saved(form, service.make_program, program=form.draft):
        return _done(form.name.data)
    return render_template("admin/program.html", form=form, program=None), status_of(form)


@blueprint.route("/programs/<int:program_id>", methods=["GET", "POST"])
@guard.allow(Role.ADMINISTRATOR)
def programs_change(program_id: int) -> Answer:
    """Rename a program, or say what it is."""
    program = queries.program(db.session(), program_id)
    if program is None:
        raise NotFound
    form = ProgramForm(obj=program)
    change = partial(service.change_program, program_id=program_id, revision=form.revision.seen)
    if saved(form, change, program=form.draft):
        return _done(form.name.data)
    both = taken_up(form, ProgramForm(obj=queries.program(db.session(), program_id), formdata=None))
    page = render_template("admin/program.html", form=form, program=program, both=both)
    return page, status_of(form)


@blueprint.post("/programs/<int:program_id>/archive")
@guard.allow(Role.ADMINISTRATOR)
def programs_archive(program_id: int) -> Response:
    """Offer a program no longer, or again. Pressed twice, it is as after the first time."""
    wish = request.form.get("archived", "")
    if wish not in {"yes", "no"}:
        abort(400)
    program = queries.program(db.session(), program_id)
    if program is None:
        raise NotFound
    archived = wish == "yes"
    if program.archived is not archived:
        with transaction(db.session) as session:
            service.archive_program(
                session,
                actor=guard.actor(),
                program_id=program_id,
                revision=program.revision,
                archived=archived,
                now=clock.now(),
            )
        said = gettext("%(name)s is not offered any more.") if archived else gettext("%(name)s is offered.")
        flash_with_undo(
            said % {"name": program.name},
            "admin.programs_archive",
            sends={"archived": "no" if archived else "yes"},
            program_id=program_id,
        )
    return redirect(url_for("admin.programs"), code=303)


def _done(name: str | None) -> Response:
    flash(gettext("%(name)s is saved.", name=name))
    return redirect(url_for("admin.programs"), code=303)
