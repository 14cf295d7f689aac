"""Time zone data of one's own, in place of those of the package: as if a government had decided anew."""

import struct
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler.formats import posix_zone, vtimezone

SUMMER_STAYS = "EDT4"
"""The rule of a New York that changes its clocks no more, and is four hours behind UTC for ever."""


@contextmanager
def ruled(folder: Path, **rules: str) -> Iterator[None]:
    """Inside, the zones of America that are named here follow these POSIX rules; all others stay."""
    for city, rule in rules.items():
        file = folder / "America" / city
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(tzif(rule))
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([folder])
    _forget()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(before)
        _forget()


def _forget() -> None:
    """What a new process would read anew."""
    zoneinfo.ZoneInfo.clear_cache()
    posix_zone._footer.cache_clear()
    vtimezone.vtimezone.cache_clear()


def tzif(rule: str) -> bytes:
    """A file of version 2 without changes of its own, so that its last line rules (RFC 9636)."""
    one_type = (
        struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4) + struct.pack(">lbB", 0, 0, 0) + b"LMT\0"
    )
    return one_type * 2 + f"\n{rule}\n".encode()
