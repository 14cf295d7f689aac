"""A calendar client that nobody here wrote: vdirsyncer fetches a feed over HTTP, khal lists what it says."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent.parent

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"

[pair feed]
a = "there"
b = "here"
collections = null
conflict_resolution = "a wins"

[storage there]
type = "http"
url = "{address}"

[storage here]
type = "filesystem"
path = "{folder}/entries/"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[feed]]
path = {folder}/entries/

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
"""
LINE = "{start-long-full}|{end-long-full}|{title}"


def folder() -> Path | None:
    """Where the clients are installed, or none; ``AFTERCARE_CLIENTS`` names another place than ``make``."""
    home = Path(os.environ.get("AFTERCARE_CLIENTS", CHECKOUT / ".venv-clients"))
    return home if (home / "bin" / "khal").is_file() else None


@dataclass(frozen=True, slots=True)
class Client:
    """One subscription, kept in ``folder``, on a device whose clock is in ``timezone``."""

    folder: Path

    @classmethod
    def subscribe(cls, folder: Path, address: str, timezone: str = "America/New_York") -> "Client":
        """Subscribe to the feed at ``address``, and fetch it."""
        folder.mkdir(parents=True)
        (folder / "entries").mkdir()
        (folder / "vdirsyncer").write_text(VDIRSYNCER.format(folder=folder, address=address))
        (folder / "khal").write_text(KHAL.format(folder=folder, timezone=timezone))
        client = cls(folder)
        client._run("vdirsyncer", "-c", "vdirsyncer", "discover")
        client.sync()
        return client

    def sync(self) -> None:
        """Fetch the feed again."""
        self._run("vdirsyncer", "-c", "vdirsyncer", "sync", "--force-delete")

    def listed(self, since: str, until: str) -> list[str]:
        """What the calendar lists between two days: ``2026-07-21 19:00|2026-07-21 20:30|Appointment``."""
        words = ("list", "--format", LINE, "--day-format", "", since, until)
        lines = self._run("khal", "-c", "khal", *words).splitlines()
        return [line.strip() for line in lines if "|" in line]

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
            input="y\n" * 5,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
