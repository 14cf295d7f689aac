"""Three readers of calendars that nobody here wrote, and what each of them lists."""

import json
import os
import shutil
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import recurring_ical_events
from icalendar import Calendar

from tests.calendars.lint import CANCELLED
from tests.support.calendar_clients import Client

SCRIPT: Final = Path(__file__).with_name("read-with-ical.mjs")
OWN_NODE: Final = Path(__file__).parents[2] / ".venv-node" / "node-bin" / "node"


class Listed(NamedTuple):
    """One appointment as somebody sees it: instants in UTC, and a title without the word that it is off."""

    start: datetime
    end: datetime
    title: str
    takes_place: bool


class Span(NamedTuple):
    """Between two instants: what begins in it counts."""

    begin: datetime
    end: datetime


Told = Counter[Listed]


def by_recurring_ical_events(body: bytes, span: Span) -> Told:
    """The library recurring-ical-events, in this process."""
    events = recurring_ical_events.of(Calendar.from_ical(body)).between(*span)
    return Counter(
        listed(
            event["DTSTART"].dt.astimezone(UTC),
            event["DTEND"].dt.astimezone(UTC),
            str(event["SUMMARY"]),
            str(event.get("STATUS", "")),
        )
        for event in events
        if span.begin <= event["DTSTART"].dt
    )


def by_ical_js(folder: Path, span: Span) -> dict[str, Told]:
    """ical.js, as Thunderbird and Nextcloud use it: every file of a folder by its name, in one process."""
    node = str(OWN_NODE) if OWN_NODE.is_file() else shutil.which("node")
    assert node, "there is no Node.js; `make` brings one"
    words = [node, str(SCRIPT), str(folder), *(f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in span)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "TZ": "UTC"})
    assert done.returncode == 0, done.stderr
    return {
        name: Counter(
            listed(datetime.fromisoformat(start), datetime.fromisoformat(end), title, status or "")
            for start, end, title, status in rows
        )
        for name, rows in json.loads(done.stdout).items()
    }


def by_khal(client: Client, span: Span) -> dict[str, Told]:
    """khal, on what vdirsyncer fetched: every calendar by its name. It lists what lasts over midnight twice,
    so twice the same counts once.
    """
    found: dict[str, set[Listed]] = {name: set() for name in client.names}
    for calendar, start, end, title, status in client.told(span.begin, span.end):
        begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
        if span.begin <= begin < span.end:
            until = datetime.fromisoformat(end).replace(tzinfo=UTC)
            found[calendar].add(listed(begin, until, title, status))
    return {name: Counter(rows) for name, rows in found.items()}


def listed(start: datetime, end: datetime, title: str, status: str) -> Listed:
    """The title and the status must say the same."""
    assert title.startswith(CANCELLED) == (status == "CANCELLED"), (title, status)
    said = next((title.removeprefix(off) for off in CANCELLED if title.startswith(off)), title)
    return Listed(start, end, said, status != "CANCELLED")
