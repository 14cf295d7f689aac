"""Every setting: its default, how it is read from the environment, and what production refuses.

A value comes from the first of: what the caller passes, ``AFTERCARE_<NAME>`` in the environment,
``config.py`` in the instance folder, the default here. ``docs/settings.md`` is this file as a table,
and a test holds the two together.
"""

import os
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

PREFIX: Final = "AFTERCARE_"
PACKAGED = Path(__file__).parent / "_data"
CHECKOUT = Path(__file__).parent.parent
FILES: Final = PACKAGED if PACKAGED.is_dir() else CHECKOUT
"""Where ``templates/`` and ``static/`` lie: inside the wheel, else at the top of the checkout."""

LONGEST_LOCK: Final = 3660
"""Days: ten years."""

SHORTEST_KEY: Final = 32
"""Characters of a secret key in production, and bytes when it is packed."""


class BadSetting(Exception):
    """A setting that cannot be used; the message is one line that names it."""


def setting(default: Any, about: str) -> Any:
    """A field of :class:`Settings` with the sentence that explains it."""
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. Durations carry their unit in the name."""

    instance_path: str = setting("instance", "Folder of the database, the secret key and the mail folder.")
    production: bool = setting(False, "`1` on a real server: unsafe values are then refused at the start.")
    database_url: str = setting(
        "", "SQLAlchemy address of the database. Empty: SQLite in the instance folder."
    )
    ledger: str = setting(
        "", "File that remembers what was ended or erased. Empty: `ledger.jsonl` in the instance folder."
    )
    secret_key: str = setting("", "Signs cookies and links. Empty: made once, in the instance folder.")
    secret_key_fallbacks: str = setting(
        "",
        "Earlier secret keys, the latest first, spaces between: what they signed or sealed still opens.",
    )
    base_url: str = setting("http://127.0.0.1:5000", "Where people reach this service, without a path.")
    proxies: int = setting(0, "How many proxies stand in front and set `X-Forwarded-…`.")
    mail_url: str = setting(
        "", "`smtp://[user:password@]host:port` (or `smtps:`). Empty: `.eml` files in `mail/`."
    )
    mail_from: str = setting("calendar@localhost", "The sender's address of every message.")
    redis_url: str = setting("", "Shared rate limits for several web nodes. Empty: each process its own.")
    timezone: str = setting("America/New_York", "Zone of new sites and of pages that have no other.")
    organization: str = setting("Lindenfield", "Name in the header of every page.")
    mark: str = setting("", "Picture file (SVG or PNG) that replaces the mark beside the name.")
    help_line: str = setting("(555) 010-0199", "The organization's help number, on every member's page.")
    help_hours: str = setting("every day, 8 AM to 8 PM", "When somebody answers it.")
    crisis_line: str = setting("988", "A crisis line that answers day and night.")
    calendar_name: str = setting(
        "Calendar", "What a subscribed calendar and a printed slip are called. Keep it neutral."
    )
    plain_title: str = setting(
        "Appointment",
        "The title of every entry of a feed with plain titles; left as it is, in the language of the feed.",
    )
    feed_farewell_days: int = setting(14, "How long a feed removed from phones still answers, as empty.")
    sign_in_hours: int = setting(12, "How long a sign-in lasts.")
    keep_signed_in_days: int = setting(90, "How long a member's lasts, where they chose to stay signed in.")
    lockout_tries: int = setting(10, "Wrong passwords for one address before it has to wait.")
    lockout_minutes: int = setting(15, "How long it waits.")
    invitation_days: int = setting(7, "How long an invitation can be used.")
    records_years: int = setting(
        7, "Years after the last stay for which what stays of an erased person is kept, without a name."
    )
    reset_minutes: int = setting(60, "How long a link for a new password can be used.")
    code_minutes: int = setting(
        15, "How long a code or link to sign in, or to confirm an address, can be used."
    )
    staff_second_factor: bool = setting(
        False, "`1`: staff need a passkey, or a second step after the password. In production always."
    )
    staff_idle_minutes: int = setting(60, "Without a request for so long, a sign-in of staff ends.")
    slip_days: int = setting(7, "How long a printed slip can be used.")
    sheet_lock_days: int = setting(
        14,
        "Days after its session until a sheet locks: nothing is changed then, unless it is opened again.",
    )
    walk_in_days: int = setting(
        14, "Days until the name of a walk-in whom nobody matched is removed; they stay counted."
    )
    debug: bool = setting(False, "`1` while developing: tracebacks in the browser. Refused in production.")

    @property
    def database(self) -> str:
        """The address of the database, never empty; psycopg 3 is the driver for PostgreSQL."""
        if not self.database_url:
            return f"sqlite:///{self.instance / 'aftercare.sqlite3'}"
        head, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if head in {"postgres", "postgresql"} else self.database_url

    @property
    def instance(self) -> Path:
        """The instance folder, absolute."""
        return Path(self.instance_path).absolute()

    @property
    def mail_folder(self) -> Path:
        """Where messages go as files while there is no mail server."""
        return self.instance / "mail"

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The secret key, then earlier ones."""
        return (self.secret_key, *self.secret_key_fallbacks.split())

    @property
    def ledger_file(self) -> Path:
        """Where what was ended or erased is remembered outside the database, absolute."""
        return Path(self.ledger).absolute() if self.ledger else self.instance / "ledger.jsonl"

    @property
    def second_factor_required(self) -> bool:
        """Whether staff get nowhere without a second step."""
        return self.production or self.staff_second_factor

    @property
    def passkey_host(self) -> str:
        """The host that passkeys belong to; empty where that is an address of numbers, which none can."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return host
        return ""

    @property
    def https(self) -> bool:
        """Whether people reach the service by https."""
        return urlsplit(self.base_url).scheme == "https"


def load(given: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; ``given`` wins. Raises :class:`BadSetting`.

    Makes the instance folder, and outside production the secret key in it.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = dict(given or {})
    known = {f.name: f for f in fields(Settings)}
    for name in known.keys() - values.keys():
        if PREFIX + name.upper() in environ:
            values[name] = _parsed(name, environ[PREFIX + name.upper()], known[name].type)
    folder = Path(
        values.get("instance_path", Settings.__dataclass_fields__["instance_path"].default)
    ).absolute()
    values = {**_from_file(folder / "config.py", known), **values, "instance_path": str(folder)}
    settings = Settings(**values)
    _check(settings)
    return settings if settings.secret_key else _with_key(settings)


def _parsed(name: str, text: str, kind: Any) -> Any:
    if kind is bool or kind == "bool":
        if text.lower() not in {"0", "1", "true", "false", ""}:
            raise BadSetting(f"{PREFIX}{name.upper()} must be 0 or 1.")
        return text.lower() in {"1", "true"}
    if kind is int or kind == "int":
        if not text.isascii() or not text.isdigit():
            raise BadSetting(f"{PREFIX}{name.upper()} must be a whole number.")
        return int(text)
    return text


def _from_file(path: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    if not path.is_file():
        return {}
    found: dict[str, Any] = {}
    exec(compile(path.read_text(), str(path), "exec"), found)  # noqa: S102 -- the administrator's own file
    return {name.lower(): value for name, value in found.items() if name.isupper() and name.lower() in known}


def _check(settings: Settings) -> None:
    """Refuse what cannot work anywhere, and in production what is not safe."""
    if settings.timezone not in available_timezones():
        raise BadSetting(f"AFTERCARE_TIMEZONE: {settings.timezone!r} is not the name of a time zone.")
    address = urlsplit(settings.base_url)
    if address.scheme not in {"http", "https"} or not address.hostname or address.path.strip("/"):
        raise BadSetting("AFTERCARE_BASE_URL must be like https://my.example.org, without a path.")
    if not 1 <= settings.sheet_lock_days <= LONGEST_LOCK:
        raise BadSetting(f"AFTERCARE_SHEET_LOCK_DAYS must be from 1 to {LONGEST_LOCK}.")
    if not 1 <= settings.walk_in_days <= LONGEST_LOCK:
        raise BadSetting(f"AFTERCARE_WALK_IN_DAYS must be from 1 to {LONGEST_LOCK}.")
    if settings.mark and not (Path(settings.mark).is_file() and settings.mark.endswith((".svg", ".png"))):
        raise BadSetting("AFTERCARE_MARK must be the path of an .svg or .png file.")
    _check_servers(settings)
    if settings.production:
        _check_production(settings)


def _check_servers(settings: Settings) -> None:
    if urlsplit(settings.database).scheme.partition("+")[0] not in {"sqlite", "postgresql"}:
        raise BadSetting("AFTERCARE_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    mail = urlsplit(settings.mail_url)
    if settings.mail_url and (mail.scheme not in {"smtp", "smtps"} or not mail.hostname):
        raise BadSetting("AFTERCARE_MAIL_URL must be like smtp://user:password@host:port, or smtps://….")
    if settings.redis_url and find_spec("redis") is None:
        raise BadSetting("AFTERCARE_REDIS_URL needs the Python package redis. Install it: pip install redis")


def _check_production(settings: Settings) -> None:
    if _is_weak(settings.secret_key):
        raise BadSetting("AFTERCARE_SECRET_KEY must be at least 32 random characters in production.")
    if any(map(_is_weak, settings.secret_key_fallbacks.split())):
        raise BadSetting("AFTERCARE_SECRET_KEY_FALLBACKS: each must be at least 32 random characters.")
    if settings.debug:
        raise BadSetting("AFTERCARE_DEBUG must be off in production.")
    if not settings.https:
        raise BadSetting("AFTERCARE_BASE_URL must begin with https:// in production.")


def _is_weak(key: str) -> bool:
    return len(key) < SHORTEST_KEY or _is_pattern(key)


def _is_pattern(key: str) -> bool:
    """Whether a key is few characters, or a piece again and again: what packs well is soon guessed.

    Of 400,000 of the least random keys, 32 hexadecimal digits, none had less than 8 different ones and none
    packed into less than 34 bytes.
    """
    return len(set(key)) < 7 or len(zlib.compress(key.encode(), 9)) < SHORTEST_KEY


def _with_key(settings: Settings) -> Settings:
    try:
        key = _kept_key(settings.instance / "secret_key")
    except OSError as error:
        raise BadSetting(f"AFTERCARE_INSTANCE_PATH: {settings.instance}: {error.strerror}.") from error
    values = {f.name: getattr(settings, f.name) for f in fields(Settings)}
    return Settings(**{**values, "secret_key": key})


def _kept_key(path: Path) -> str:
    """The key in this file, made where there is none. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
