"""Logs: how processes write them, and that no line carries a secret of an address.

Such are the tokens of feeds and of links sent by mail, the codes of printed slips, and the names that people
look for.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

_SECRETS: Final = re.compile(
    r"()\bcal_[A-Za-z0-9_-]{8,}"
    r"|((?:/|2F)(?:set-password|sign-in-link|confirm-address|feeds|in|s)(?:/|%(?:25)*2F)+)(?:(?!%(?:25)*(?:2F|3F|26))[^\s/?&\"'])+"
    r"|((?:[?&]|%(?:25)*3F|%(?:25)*26)(?:actor|apart|find|person|q)(?:=|%(?:25)*3D))[^\s&\"']+"
    r"|(DETAIL:  ).+",  # where PostgreSQL tells the values of a row
    re.IGNORECASE,
)
"""What leads to a secret (any number of slashes, as they are or written with %), then the secret itself."""
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
HIDDEN: Final = "[hidden]"
CONFIG: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "generic": {"format": "%(asctime)s %(levelname)s %(message)s"},
        "access": {"format": "%(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "generic"},
        "access": {"class": "logging.StreamHandler", "formatter": "access", "stream": "ext://sys.stdout"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "granian.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
    },
}
"""For :func:`logging.config.dictConfig`: trouble goes to the error output, requests to the output."""
_plain = logging.Formatter()


def redacted(text: str) -> str:
    """The text without its secrets."""
    return _SECRETS.sub(lambda found: f"{found[found.lastindex or 0]}{HIDDEN}", text)


class Redaction(logging.Filter):
    """Takes secrets out of a record, traceback included, and lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redacted(record.msg) if isinstance(record.msg, str) else _clean(record.msg)
        record.args = _clean_arguments(record.args)
        if record.exc_info and not record.exc_text:
            record.exc_text = _plain.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redacted(record.exc_text)
        return True


def _clean(value: object) -> Any:
    """Text without its secrets; what is no text stays as it is, unless its text would tell one."""
    if isinstance(value, str):
        return _on_one_line(redacted(value))
    if isinstance(value, (int, float)) or value is None:
        return value
    said = str(value)
    shown = _on_one_line(redacted(said))
    return shown if shown != said else value


def _on_one_line(text: str) -> str:
    """What breaks a line or steers a terminal is written out: an address that is asked for forges no line."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _clean_arguments(arguments: Any) -> Any:
    if isinstance(arguments, Mapping):
        return {key: _clean(value) for key, value in arguments.items()}
    return tuple(map(_clean, arguments)) if arguments else arguments


def install() -> None:
    """Redact every record as it is made, whichever logger and handler it goes to, now or later."""
    before = logging.getLogRecordFactory()
    if getattr(before, "redacts", False):
        return
    redaction = Redaction()

    def factory(*arguments: Any, **more: Any) -> logging.LogRecord:
        record = before(*arguments, **more)
        redaction.filter(record)
        return record

    factory.redacts = True  # type: ignore[attr-defined]  # functions take attributes
    logging.setLogRecordFactory(factory)
