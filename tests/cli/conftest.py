"""Commands on the test's own database."""

from pathlib import Path

import pytest


@pytest.fixture
def configured(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The environment of commands: this test's database and instance folder; answers the folder."""
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path / "instance"))
    monkeypatch.setenv("AFTERCARE_BASE_URL", "https://my.example.org")
    return tmp_path / "instance"
