"""The headers of every answer, set in one place (docs/security.md)."""

from collections.abc import Iterable
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request, session

from scheduler.config import Settings

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{what} {where}" for what, where in SOURCES.items())
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
A_YEAR = 365 * 24 * 3600
WATCHED = frozenset({"/healthz", "/readyz"})
"""Asked under any name: load balancers ask each machine by its number. No answer there names a host."""


def always(settings: Settings) -> dict[str, str]:
    """The headers of every answer, files included; by https a browser keeps to it for a year."""
    return ALWAYS | ({"Strict-Transport-Security": f"max-age={A_YEAR}"} if settings.https else {})


def prepare(app: Flask, settings: Settings) -> None:
    """Set the headers after each request, and answer to our own host name only, outside :data:`WATCHED`."""
    host, everywhere = urlsplit(settings.base_url).hostname or "", always(settings)
    if settings.production:
        app.config["TRUSTED_HOSTS"] = [host]
        app.wsgi_app = _named(app.wsgi_app, host)  # type: ignore[method-assign, assignment]  # as Flask's own docs

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in everywhere.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static":
            return response
        # By the cookie alone: what is answered while the database is away must not ask it who is looking.
        if response.status_code >= 400 or request.method != "GET" or "_user_id" in session:
            response.headers["Cache-Control"] = "no-store"
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.add("Cookie")
        return response


def _named(served: WSGIApplication, host: str) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in WATCHED:
            environ["HTTP_HOST"] = host
        return served(environ, start)

    return answer
