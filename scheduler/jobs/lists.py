"""``python -m scheduler.jobs.lists``: reads a question about a list, and prints the answer.

Reading and comparing ten thousand rows would keep the pages' interpreter busy; here it keeps another one.
"""

from __future__ import annotations

import os
import sys

from sqlalchemy import create_engine
from sqlalchemy.orm import Session as Database
from sqlalchemy.pool import NullPool

from scheduler.domain import tables
from scheduler.domain.imports import apply as applying
from scheduler.domain.imports.extract import Wish, extract
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.review import people_reviewed, prepare, reviewed, series_reviewed
from scheduler.domain.imports.reviewed import Prepared
from scheduler.domain.imports.undo import undo
from scheduler.domain.planning.reach import Reach
from scheduler.errors import Conflict, SchedulerError
from scheduler.formats.list_json import Act, Answer, Question, as_json, question_of, refusal_of
from scheduler.store import engine as engines
from scheduler.store.transaction import transaction

assert tables.__all__  # noqa: S101 -- importing the tables is what fills the metadata

STALE = "Somebody changed this list in the meantime. Look at it again."
GIVES_WAY = 10
"""How far pages come first where processors are few, as ``nice`` counts."""


def answer(question: Question) -> Answer:
    """Do what is asked for, in transactions of its own; a refusal is an answer too."""
    engine = create_engine(question.database, poolclass=NullPool, hide_parameters=True)
    engines.prepare(engine)
    try:
        with Database(engine, expire_on_commit=False) as session:
            return _ACTS[question.act](session, question)
    except SchedulerError as error:
        return refusal_of(error)
    finally:
        engine.dispose()


def _look(session: Database, question: Question) -> Answer:
    prepared, wish = _prepared(session, question), question.wish or Wish(None, 1, 100)
    reach, today = _reach(question), question.today
    if prepared.kind == PEOPLE.name:
        return Answer(page=extract(people_reviewed(session, prepared, reach=reach, today=today), wish))
    return Answer(series=extract(series_reviewed(session, prepared, reach=reach, today=today), wish))


def _apply(session: Database, question: Question) -> Answer:
    prepared = _prepared(session, question)
    if prepared.revision != question.revision:
        raise Conflict(STALE)
    seen = reviewed(session, prepared, reach=_reach(question), today=question.today)
    with transaction(session):
        done = applying.apply(
            session,
            actor=question.actor,
            batch_id=question.batch_id,
            prepared=prepared,
            seen=seen,
            reach=_reach(question),
            today=question.today,
            now=question.now,
        )
    return Answer(new=done.new, changed=done.changed)


def _undo(session: Database, question: Question) -> Answer:
    with transaction(session):
        count = undo(
            session,
            actor=question.actor,
            batch_id=question.batch_id,
            reach=_reach(question),
            revision=question.revision,
            now=question.now,
        )
    return Answer(taken_back=count)


_ACTS = {Act.LOOK: _look, Act.APPLY: _apply, Act.UNDO: _undo}


def _prepared(session: Database, question: Question) -> Prepared:
    return prepare(
        session, batch_id=question.batch_id, today=question.today, now=question.now, zone=question.zone
    )


def _reach(question: Question) -> Reach:
    return Reach(question.actor, question.sites, on=question.today)


if __name__ == "__main__":
    os.nice(GIVES_WAY)
    sys.stdout.buffer.write(as_json(answer(question_of(sys.stdin.buffer.read()))))
