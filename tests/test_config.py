"""Settings: where they come from, what is refused, and that the table in docs/settings.md is this."""

import re
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any

import pytest

from scheduler.config import BadSetting, Settings, load

DOCUMENT = Path(__file__).parents[1] / "docs" / "settings.md"
KEY = "k3J-vQ8xw_Zr5tY2uI9oP7aS4dF6gH1j"
SAFE = {"production": True, "secret_key": KEY, "base_url": "https://my.example.org"}


def row_of(name: str, default: object, about: str) -> tuple[str, str, str]:
    shown = "" if default == "" else f"`{int(default) if isinstance(default, bool) else default}`"
    return f"`AFTERCARE_{name.upper()}`", shown, about


def test_the_document_lists_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| (`AFTERCARE_\w+`) \| (.*?) ?\| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    assert rows == [row_of(f.name, f.default, f.metadata["about"]) for f in fields(Settings)]


def test_what_is_passed_wins_over_the_environment_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text('ORGANIZATION = "File"\nHELP_LINE = "File"\nCRISIS_LINE = "File"\n')
    environ = {
        "AFTERCARE_INSTANCE_PATH": str(tmp_path),
        "AFTERCARE_ORGANIZATION": "Environment",
        "AFTERCARE_HELP_LINE": "Environment",
        "AFTERCARE_LOCKOUT_TRIES": "7",
        "AFTERCARE_DEBUG": "1",
    }
    found = load({"organization": "Passed"}, environ)
    expected = ("Passed", "Environment", "File", "every day, 8 AM to 8 PM", 7, True)
    said = (
        found.organization,
        found.help_line,
        found.crisis_line,
        found.help_hours,
        found.lockout_tries,
        found.debug,
    )
    assert said == expected


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (load({"instance_path": str(tmp_path)}, {}) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("make", [partial(token_hex, 16), partial(token_urlsafe, 24), partial(token_hex, 32)])
def test_a_random_key_is_never_refused(make: Callable[[], str], tmp_path: Path) -> None:
    for _ in range(200):
        key = make()
        assert load({**SAFE, "instance_path": str(tmp_path), "secret_key": key}, {}).secret_key == key


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"secret_key": ""}, "AFTERCARE_SECRET_KEY must be at least 32 random characters in production."),
        (
            {"secret_key": "short"},
            "AFTERCARE_SECRET_KEY must be at least 32 random characters in production.",
        ),
        (
            {"secret_key": "changeme" * 5},
            "AFTERCARE_SECRET_KEY must be at least 32 random characters in production.",
        ),
        *(
            (
                {"secret_key": key},
                "AFTERCARE_SECRET_KEY must be at least 32 random characters in production.",
            )
            for key in ("abcdefghij" * 4, "x" + "abcdefghij" * 4 + "yz", "0123456789abcdef" * 2)
        ),
        ({"debug": True}, "AFTERCARE_DEBUG must be off in production."),
        ({"base_url": "http://my.example.org"}, "AFTERCARE_BASE_URL must begin with https:// in production."),
    ],
)
def test_production_refuses_what_is_not_safe(tmp_path: Path, values: dict[str, Any], said: str) -> None:
    load({**SAFE, "instance_path": str(tmp_path)}, {})
    with pytest.raises(BadSetting) as refusal:
        load({**SAFE, "instance_path": str(tmp_path), **values}, {})
    assert str(refusal.value) == said
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TIMEZONE", "Mars/Olympus", "AFTERCARE_TIMEZONE: 'Mars/Olympus' is not the name of a time zone."),
        (
            "BASE_URL",
            "my.example.org",
            "AFTERCARE_BASE_URL must be like https://my.example.org, without a path.",
        ),
        (
            "BASE_URL",
            "https://example.org/app",
            "AFTERCARE_BASE_URL must be like https://my.example.org, without a path.",
        ),
        ("LOCKOUT_TRIES", "many", "AFTERCARE_LOCKOUT_TRIES must be a whole number."),
        ("LOCKOUT_TRIES", "-1", "AFTERCARE_LOCKOUT_TRIES must be a whole number."),
        ("PRODUCTION", "yes", "AFTERCARE_PRODUCTION must be 0 or 1."),
        (
            "DATABASE_URL",
            "mysql://x/y",
            "AFTERCARE_DATABASE_URL must begin with sqlite:/// or postgresql://.",
        ),
        (
            "MAIL_URL",
            "mail.example.org",
            "AFTERCARE_MAIL_URL must be like smtp://user:password@host:port, or smtps://….",
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        load({"instance_path": str(tmp_path)}, {f"AFTERCARE_{name}": value})
    assert str(refusal.value) == said


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_the_driver_of_postgresql_is_ours_to_name(tmp_path: Path, scheme: str) -> None:
    found = load({"instance_path": str(tmp_path), "database_url": f"{scheme}://u:p@host/name"}, {})
    assert found.database == "postgresql+psycopg://u:p@host/name"


@pytest.mark.parametrize("place", ["/proc/nope", "/etc/hostname/x"])
def test_a_folder_that_cannot_be_made_is_named_in_one_line(place: str) -> None:
    with pytest.raises(BadSetting, match=rf"^AFTERCARE_INSTANCE_PATH: {place}: .+\.$"):
        load({"instance_path": place}, environ={})
