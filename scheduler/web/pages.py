"""What every template may use: settings that people see, built files, who is signed in."""

from typing import Any

from flask import Flask, url_for

from scheduler.config import FILES, Settings
from scheduler.web import guard


def prepare(app: Flask, settings: Settings) -> None:
    """Give the templates of ``app`` their common names."""
    shown = {
        name: getattr(settings, name)
        for name in (
            "organization",
            "help_line",
            "help_hours",
            "crisis_line",
            "lockout_tries",
            "lockout_minutes",
        )
    }

    @app.context_processor
    def common() -> dict[str, Any]:
        return {**shown, "asset": asset, "actor": guard.actor()}


def asset(name: str) -> str:
    """The address of a built file; it changes when the file does, so that browsers may keep it."""
    path = FILES / "static" / "dist" / name
    version = f"{path.stat().st_mtime_ns:x}" if path.is_file() else None
    return url_for("static", filename=f"dist/{name}", v=version)
