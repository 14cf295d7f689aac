"""What is written to logs, and what is not: no line carries a secret that stands in an address."""

import logging
import re
from typing import Any, Final

SECRET: Final = re.compile(
    r"((?:/|%2F)(?:feeds|set-password)(?:/|%2F))[^\s/?&\"'<>%]+"  # tokens that open something
    r"|(://[^\s/:@]*:)[^\s/@]+(?=@)",  # passwords of servers, in settings
    re.IGNORECASE,
)


def redacted(line: str) -> str:
    """``line`` without what would open a calendar, a link or a server; the rest stays to be read."""
    return SECRET.sub(lambda found: f"{found[1] or found[2]}…", line)


class Redacting(logging.Formatter):
    """Formats as usual, traceback included, and redacts what came out."""

    def format(self, record: logging.LogRecord) -> str:
        """The redacted line of ``record``."""
        return redacted(super().format(record))


CONFIG: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "generic": {"()": "scheduler.logs.Redacting", "fmt": "%(asctime)s %(levelname)s %(message)s"},
        "access": {"()": "scheduler.logs.Redacting", "fmt": "%(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "generic"},
        "access": {
            "class": "logging.StreamHandler",
            "formatter": "access",
            "stream": "ext://sys.stdout",
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "granian.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        "scheduler": {"level": "INFO"},
    },
}
"""For :func:`logging.config.dictConfig`, in every process that this project starts."""
