"""The application as a server loads it: ``aftercare serve`` does, and any other WSGI server can."""

from wsgiref.headers import Headers
from wsgiref.types import WSGIApplication

from flask import Flask
from whitenoise import WhiteNoise

from scheduler.app import create_app
from scheduler.config import FILES, Settings
from scheduler.extensions import db
from scheduler.jobs.worker import Worker
from scheduler.web.headers import always


def alone() -> WSGIApplication:
    """The pages, for servers beside which ``aftercare worker`` runs."""
    return _with_files(create_app())


def with_worker() -> WSGIApplication:
    """The pages and a worker's thread: all there is to run where the database is a file."""
    app = create_app()
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        Worker(db.engine, settings).start()
    return _with_files(app)


def _with_files(app: Flask) -> WSGIApplication:
    # Style sheets and scripts need no person, so they are answered before the application. Pages name a built
    # file with a hash of what it says (`asset`): another build has another address, and this one may be kept.
    added = always(app.extensions["settings"])

    def harden(headers: Headers, _path: str, _url: str) -> None:
        for name, value in added.items():
            headers[name] = value

    served: WSGIApplication = WhiteNoise(
        app,
        root=FILES / "static",
        prefix="static/",
        immutable_file_test=lambda _path, url: url.startswith("/static/dist/"),
        max_age=3600,
        add_headers_function=harden,
        autorefresh=app.debug,
    )
    return served
