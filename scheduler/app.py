"""``create_app``: the one place that wires everything."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from scheduler import config, logs
from scheduler.config import FILES, Settings
from scheduler.domain import tables
from scheduler.extensions import babel, csrf, db, limiter, login_manager
from scheduler.store import engine
from scheduler.web import (
    addresses,
    admin,
    auth,
    coordinator,
    drawing,
    errors,
    facilitator,
    feeds,
    guard,
    headers,
    member,
    pages,
    public,
    reviewer,
    servant,
    staff,
)

AUDIENCES = (public, auth, member, facilitator, coordinator, servant, reviewer, admin, staff)

assert tables.__all__  # noqa: S101 -- importing the tables is what fills the metadata
LARGEST_FORM = 2 * 1024 * 1024
"""Bytes of a request's body; a larger one is refused before it is parsed."""


def create_app(given: Mapping[str, Any] | Settings | None = None) -> Flask:
    """Make the application from these settings, the environment and the instance folder.

    Raises :class:`scheduler.config.BadSetting` and :class:`scheduler.web.guard.Undeclared`.
    """
    settings = given if isinstance(given, Settings) else config.load(given)
    app = Flask(
        "scheduler",
        instance_path=str(settings.instance),
        template_folder=str(FILES / "templates"),
        static_folder=str(FILES / "static"),
    )
    app.jinja_environment = drawing.Pages
    app.config.from_mapping(flask_settings(settings))
    app.extensions["settings"] = settings
    _bind(app)
    addresses.prepare(app)
    for audience in AUDIENCES:
        app.register_blueprint(audience.blueprint)
    pages.prepare(app, settings)
    headers.prepare(app, settings)
    errors.prepare(app)
    guard.protect(app)
    logs.install()
    feeds.prepare(app, settings)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def flask_settings(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions read, derived from ours."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_keys[1:]),
        "DEBUG": settings.debug,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.https else "session",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=settings.keep_signed_in_days),
        "WTF_CSRF_CHECK_DEFAULT": False,  # the guard checks, after it decided
        "WTF_CSRF_SSL_STRICT": False,  # it wants a Referer, which our own policy tells browsers not to send
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the sign-in: a form may stay open over a weekend
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(settings.redis_url),  # it may be lost, and pages go on
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
    }


def _bind(app: Flask) -> None:
    db.init_app(app)
    login_manager.init_app(app, add_context_processor=False)  # see pages.py: asked only where it is needed
    login_manager.session_protection = None  # the sign-in row is what protects; addresses change on phones
    csrf.init_app(app)
    babel.init_app(app)
    limiter.init_app(app)
    with app.app_context():
        prepared: Engine = db.engine
        engine.prepare(prepared)
