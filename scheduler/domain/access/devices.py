"""A device in a few words, from what its browser says of itself: coarse on purpose, and kept short. Pure."""

from typing import Final

_BROWSERS: Final = (
    # Each claims to be those after it, too.
    (("edg/", "edga/", "edgios/"), "Edge"),
    (("samsungbrowser/",), "Samsung Internet"),
    (("opr/", "opera"), "Opera"),
    (("firefox/", "fxios/"), "Firefox"),
    (("chrome/", "crios/", "chromium/"), "Chrome"),
    (("safari/",), "Safari"),
)
_SYSTEMS: Final = (
    (("iphone",), "iPhone"),
    (("ipad",), "iPad"),
    (("android",), "Android"),
    (("windows",), "Windows"),
    (("cros",), "ChromeOS"),
    (("mac os x", "macintosh"), "Mac"),
    (("linux", "x11"), "Linux"),
)


def in_words(user_agent: str) -> str:
    """``Chrome on Android``; only the browser or only the system where no more is known; else nothing."""
    said = user_agent[:500].casefold()
    browser, system = (_first(said, known) for known in (_BROWSERS, _SYSTEMS))
    return f"{browser} on {system}" if browser and system else browser or system


def _first(said: str, known: tuple[tuple[tuple[str, ...], str], ...]) -> str:
    return next((name for marks, name in known if any(mark in said for mark in marks)), "")
