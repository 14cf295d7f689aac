"""A calendar client that nobody here wrote: vdirsyncer fetches a feed over HTTP, khal lists what it says."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent.parent

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
"""
PAIR = """
[pair feed{number}]
a = "there{number}"
b = "here{number}"
collections = null
conflict_resolution = "a wins"

[storage there{number}]
type = "http"
url = "{address}"

[storage here{number}]
type = "filesystem"
path = "{folder}/entries/{name}/"
fileext = ".ics"
"""
KHAL = """
[sqlite]
path = {folder}/khal.db

[locale]
local_timezone = {timezone}
default_timezone = {timezone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M

[calendars]
"""
CALENDAR = """
[[{name}]]
path = {folder}/entries/{name}/
"""
LINE = "{start-long-full}|{end-long-full}|{title}"


def folder() -> Path | None:
    """Where the clients are installed, or none; ``AFTERCARE_CLIENTS`` names another place than ``make``."""
    home = Path(os.environ.get("AFTERCARE_CLIENTS", CHECKOUT / ".venv-clients"))
    return home if (home / "bin" / "khal").is_file() else None


@dataclass(frozen=True, slots=True)
class Client:
    """Subscriptions by their names, kept in ``folder``, on a device whose clock is in ``timezone``."""

    folder: Path
    names: tuple[str, ...]

    @classmethod
    def subscribe(cls, folder: Path, address: str, timezone: str = "America/New_York") -> "Client":
        """Subscribe to the feed at ``address``, and fetch it."""
        return cls.subscribe_all(folder, {"feed": address}, timezone)

    @classmethod
    def subscribe_all(cls, folder: Path, addresses: Mapping[str, str], timezone: str) -> "Client":
        """Subscribe to each of these feeds, and fetch them."""
        told: dict[str, object] = {"folder": folder, "timezone": timezone}
        parts = {"vdirsyncer": [VDIRSYNCER.format_map(told)], "khal": [KHAL.format_map(told)]}
        for number, (name, address) in enumerate(addresses.items()):
            (folder / "entries" / name).mkdir(parents=True)
            told |= {"number": number, "name": name, "address": address}
            parts["vdirsyncer"].append(PAIR.format_map(told))
            parts["khal"].append(CALENDAR.format_map(told))
        for file, text in parts.items():
            (folder / file).write_text("".join(text))
        client = cls(folder, tuple(addresses))
        client._run("vdirsyncer", "-c", "vdirsyncer", "discover")
        client.sync()
        return client

    def sync(self) -> None:
        """Fetch the feeds again."""
        self._run("vdirsyncer", "-c", "vdirsyncer", "sync", "--force-delete")

    def listed(self, since: str, until: str) -> list[str]:
        """What the calendar lists between two days: ``2026-07-21 19:00|2026-07-21 20:30|Appointment``."""
        words = ("list", "--format", LINE, "--day-format", "", since, until)
        lines = self._run("khal", "-c", "khal", *words).splitlines()
        return [line.strip() for line in lines if "|" in line]

    def told(self, since: datetime, until: datetime) -> list[list[str]]:
        """What all of them list between two instants, whatever stands in a title: calendar, start and end by
        the device's clock, title, status. What lasts over midnight comes with each of its days.
        """
        fields = ("calendar", "start-long-full", "end-long-full", "title", "status")
        words = [word for name in fields for word in ("--json", name)]
        span = [f"{at:%Y-%m-%d %H:%M}" for at in (since, until)]
        days = self._run("khal", "-c", "khal", "list", *words, *span).splitlines()
        return [[row[name].strip() for name in fields] for day in days for row in json.loads(day)]

    def _run(self, program: str, *words: str) -> str:
        home = folder()
        assert home is not None
        environment = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "200"}
        done = subprocess.run(
            [str(home / "bin" / program), *words],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment,
            input="y\n" * 5 * len(self.names),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
