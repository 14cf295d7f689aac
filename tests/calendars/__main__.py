"""Write the files of all cases anew: look at what changed before you keep it."""

import zoneinfo
from pathlib import Path

zoneinfo.reset_tzpath(())

from scheduler.formats.ics import calendar_bytes  # noqa: E402 - the zones must be the pinned ones before
from tests.calendars.cases import CASES  # noqa: E402

for case in CASES.values():
    (Path(__file__).parent / f"{case.name}.ics").write_bytes(calendar_bytes(case.content))
