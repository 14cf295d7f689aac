"""Somebody asks whether a person comes here."""

from typing import Final

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.names import LONGEST
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.asks import NEITHER, answer_asker
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.forms import Form, Line, refusals_on, status_of
from scheduler.web.language import lazy_gettext as _
from scheduler.web.staff.blueprint import blueprint

TAKERS: Final = (Role.FACILITATOR, Role.COORDINATOR, Role.ADMINISTRATOR)
ANSWERS: Final = {NEITHER: _("We can neither confirm nor deny that anybody comes here.")}
"""What to say, by the code of the answer."""


class AskForm(Form):
    """Who asks, and whom about."""

    asker = Line(_("Who asks"), longest=LONGEST, needed=_("Type who asks."))
    about = Line(_("The name they asked about"), longest=LONGEST, needed=_("Type the name they asked about."))


@blueprint.route("/asks", methods=["GET", "POST"])
@guard.allow(*TAKERS)
def asks() -> Response | tuple[str, int]:
    """What to tell somebody who asks; the call is put on record. One answer for everybody: ``?say=``."""
    form = AskForm()
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                answer = answer_asker(
                    session,
                    actor=guard.actor(),
                    asker=form.asker.data or "",
                    about=form.about.data or "",
                    now=clock.now(),
                )
            return redirect(url_for("staff.asks", say=answer), code=303)
    say = ANSWERS.get(request.args.get("say", ""))
    return render_template("staff/asks.html", form=form, say=say), status_of(form)
