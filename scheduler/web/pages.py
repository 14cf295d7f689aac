"""What every template may use: settings that people see, built files, who is signed in."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.local import LocalProxy

from scheduler.config import FILES, Settings
from scheduler.web import display, drawing, guard, language, navigation, words
from scheduler.web.addresses import url_for


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

    language.prepare(app)
    drawing.prepare(app)
    display.prepare(app)
    words.prepare(app)
    app.add_template_global(asset)
    app.add_template_global(get_locale)

    # Asked only where a page uses them: the page about a database that is away must not ask it who looks.
    asked = {"actor": LocalProxy(guard.actor), "shell": LocalProxy(_shell)}

    @app.context_processor
    def common() -> dict[str, Any]:
        mark = url_for("public.mark") if settings.mark else None
        return {**shown, **asked, "organization_mark": mark}


def asset(name: str) -> str:
    """The address of a built file; it changes when the file does, so that browsers may keep it."""
    path = _built(name)
    try:
        version = _version(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        version = None
    return url_for("static", filename=f"dist/{name}", v=version)


@lru_cache
def _built(name: str) -> Path:
    return FILES / "static" / "dist" / name


@lru_cache
def _version(path: Path, _changed: int) -> str:
    """A hash of what the file says: the same on every node; ``_changed`` asks anew when it is written."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _shell() -> navigation.Shell:
    if "shell" not in g:
        viewer = current_user.short_name if current_user.is_authenticated else ""
        g.shell = navigation.shell_of(guard.actor(), viewer)
    shell: navigation.Shell = g.shell
    return shell
