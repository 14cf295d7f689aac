"""Asking the process that works on lists (:mod:`scheduler.jobs.lists`)."""

from typing import Final

from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.imports.extract import Wish
from scheduler.formats.apart import Failed, ask
from scheduler.formats.list_json import Act, Answer, Question, answer_of, as_json
from scheduler.web.guard import actor, reach
from scheduler.web.language import reader_zone

PATIENCE: Final = 120
"""Seconds for the longest list on a slow machine; then nothing of it was done."""


def work_on(batch_id: int, act: Act, *, revision: int = 0, wish: Wish | None = None) -> Answer:
    """Do this with a list. Raises NotFound, Refused and Conflict as the process does; 503 if it fails."""
    settings: Settings = current_app.extensions["settings"]
    now = clock.now()
    question = Question(
        act=act,
        database=settings.database,
        batch_id=batch_id,
        actor=actor(),
        sites=reach().sites,
        today=now.astimezone(reader_zone()).date(),
        now=now,
        zone=settings.timezone,
        revision=revision,
        wish=wish,
    )
    try:
        text = ask("scheduler.jobs.lists", given=as_json(question), patience=PATIENCE)
    except Failed:
        raise ServiceUnavailable from None
    return answer_of(text).or_raise()
