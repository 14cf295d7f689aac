"""Write the files of all cases anew: look at what changed before you keep it."""

from pathlib import Path

from scheduler.formats.ics import calendar_bytes
from tests.calendars.cases import CASES

for case in CASES.values():
    (Path(__file__).parent / f"{case.name}.ics").write_bytes(calendar_bytes(case.content))
