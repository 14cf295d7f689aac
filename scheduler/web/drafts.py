"""A form that says all of one thing: written by one verb, or told on the form why not."""

from collections.abc import Callable, Mapping

from scheduler import clock
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.forms import Form, refusals_on


def saved(
    form: Form,
    verb: Callable[..., object],
    *,
    fields: Mapping[str, str] | None = None,
    **draft: Callable[[], object],
) -> bool:
    """Whether the form was sent, makes sense, and ``verb`` has written its ``draft``, given under that name.

    ``fields`` are the names of :func:`~scheduler.web.forms.refusals_on`.
    """
    if not form.validate_on_submit():
        return False
    with refusals_on(form, **(fields or {})):
        with transaction(db.session) as session:
            typed = {name: made() for name, made in draft.items()}
            verb(session, actor=guard.actor(), now=clock.now(), **typed)
        return True
    return False
