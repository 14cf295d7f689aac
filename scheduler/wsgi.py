"""The application as a server loads it: ``aftercare serve`` does, and any other WSGI server can."""

from wsgiref.types import WSGIApplication

from flask import Flask

from scheduler.app import create_app
from scheduler.config import FILES, Settings
from scheduler.extensions import db
from scheduler.jobs.worker import Worker
from scheduler.web.static_files import StaticFiles


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
    return StaticFiles(app, FILES / "static")
