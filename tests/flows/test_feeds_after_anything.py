"""Whatever was done at a center: every calendar served is what would be made from nothing, byte for byte.

And what readers list from it is what the application lists of its owner.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from random import Random

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.domain.calendars import queries
from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Wording
from scheduler.domain.planning import moving
from scheduler.domain.schedule.models import Occurrence
from scheduler.formats.ics import calendar_bytes
from tests.calendars.lint import lint
from tests.calendars.own import own_list
from tests.calendars.readers import Span, by_ical_js, by_recurring_ical_events
from tests.domain.planning.center import Center
from tests.support.anybody import EVERYTHING, Anybody
from tests.support.people import Everybody
from tests.support.rounds import rounds

pytestmark = [pytest.mark.databases("sqlite", "postgresql"), pytest.mark.stress]

ACTS_EACH = 20
MADE_SURELY = datetime(2027, 1, 9, tzinfo=UTC)
"""As far as everything is made from the first day on."""


@dataclass
class Proof:
    """Looks at the calendars of a center after each thing that was done."""

    app: Flask
    anybody: Anybody
    folder: Path
    last: dict[int, TestResponse] = field(default_factory=dict)

    @property
    def center(self) -> Center:
        return self.anybody.center

    def served(self) -> dict[int, bytes]:
        phone = self.app.test_client(use_cookies=False)
        with time_machine.travel(self.center.now, tick=False):
            answers = {number: phone.get(path) for number, path in self.anybody.feeds.items()}
        assert {answer.status_code for answer in answers.values()} == {200}
        self.app.extensions["feeds"].notes.wait()
        for number, answer in answers.items():
            rises(self.last.get(number), answer)
        self.last = answers
        return {number: answer.data for number, answer in answers.items()}

    def made_from_nothing(self) -> dict[int, bytes]:
        """By the rows alone, whatever is stored."""
        with self.center.sessions() as session:
            return {number: self._made(session, number) for number in self.anybody.feeds}

    def _made(self, session: Database, feed: int) -> bytes:
        owned = queries.owned(session, feed)
        sources = sources_of(session, owned.person_id, owned.wishes.begins)
        return calendar_bytes(content_of(sources, owned.wishes, Wording(), owned.stamp))

    def nothing_is_stale(self, after: str) -> None:
        assert self.served() == self.made_from_nothing(), after

    def readers_agree(self) -> None:
        """Two of them; what was moved from before a calendar begins into it is in none."""
        feeds = {feed.id: feed for feed in self.center.rows(Feed)}
        bodies = self.served()
        for number, body in bodies.items():
            (self.folder / f"{number}.ics").write_bytes(body)
        begin = max(datetime.combine(feed.span_from, time.min, UTC) for feed in feeds.values())
        span = Span(begin, MADE_SURELY)
        by_script = by_ical_js(self.folder, span)
        for number, body in bodies.items():
            with self.center.sessions() as session:
                own = own_list(session, feeds[number].person_id, span, queries.owned(session, number).wishes)
            assert by_recurring_ical_events(body, span) == own, (number, "recurring-ical-events")
            assert by_script[str(number)] == own, (number, "ical.js")


def rises(before: TestResponse | None, after: TestResponse) -> None:
    """What changed says so, in its header and in each of its entries: some readers look at nothing else."""
    if before is None or before.data == after.data:
        return
    assert before.headers["ETag"] != after.headers["ETag"]
    seen = [answer.last_modified for answer in (before, after)]
    assert None not in seen
    assert seen[0] < seen[1]
    stamps = [_stamps(answer.data) for answer in (before, after)]
    assert not all(stamps) or max(stamps[0]) < min(stamps[1])


def _stamps(body: bytes) -> set[tuple[str, int]]:
    """LAST-MODIFIED with SEQUENCE, of each entry."""
    events = lint(body).parts("VEVENT")
    return {(each.one("LAST-MODIFIED").value, int(each.one("SEQUENCE").value)) for each in events}


@pytest.fixture
def anybody(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> Anybody:
    center = Center(sessions, people, now)
    center.open()
    facilitators = [people.facilitator.id, people.other_facilitator.id, center.facilitator("Ines Vale")]
    members = [people.member.id, people.other_member.id, center.member("Paul Nord")]
    return Anybody(center, facilitators, members, Random(0))  # noqa: S311 -- repeatable


@pytest.fixture
def proof(app: Flask, anybody: Anybody, tmp_path: Path) -> Iterator[Proof]:
    (tmp_path / "served").mkdir()
    yield Proof(app, anybody, tmp_path / "served")
    app.extensions["feeds"].reader.close()


@pytest.mark.parametrize("seed", rounds(30))
def test_every_calendar_follows_whatever_is_done(proof: Proof, seed: int) -> None:
    anybody, chance = proof.anybody, Random(seed)  # noqa: S311 -- repeatable
    anybody.chance = chance
    anybody.open()
    done = 0
    for act in chance.choices(EVERYTHING, k=3 * ACTS_EACH):
        if anybody.does(act):
            done += 1
            proof.nothing_is_stale(after=act)
        if done == ACTS_EACH:
            break
    assert done > ACTS_EACH / 2
    proof.readers_agree()


def test_a_move_that_raises_nothing_is_noticed(proof: Proof, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a single verb that forgets a single line."""
    center, dana = proof.center, proof.center.people.facilitator.id
    proof.anybody.open()
    made = center.make(room_id=center.hall, leads=[dana], override="Yes.")
    proof.nothing_is_stale(after="make")
    row: Occurrence = center.occurrence(made.occurrences[2])
    monkeypatch.setattr(moving, "raise_calendars", lambda *_, **__: None)
    told = {"occurrence_id": row.id, "revision": row.revision, "room_id": row.room_id, "reason": "Chance"}
    center.do(moving.move_occurrence, **told, local_start=row.local_start.replace(hour=21), override="Yes.")
    with pytest.raises(AssertionError, match="move"):
        proof.nothing_is_stale(after="move")
