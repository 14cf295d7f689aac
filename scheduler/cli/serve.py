"""``aftercare serve``: the pages, and on SQLite the worker in the same process."""

import logging.config
import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import click

from scheduler import config
from scheduler.config import Settings
from scheduler.logs import CONFIG

THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
"""Requests answered at once by a process; fewer than the database pool has connections."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--access-log", is_flag=True, help="Write a line for each request; secrets are left out.")
def serve(host: str, port: int, workers: int, access_log: bool) -> None:
    """Serve the pages. On SQLite a worker runs inside; on PostgreSQL run `aftercare worker` beside."""
    settings = _settings(port)
    lite = settings.database.startswith("sqlite")
    if lite and workers > 1:
        raise click.UsageError("SQLite is served by one process. Use PostgreSQL for several.")
    _require_free(host, port)
    _look_at_database(settings)
    _serve(settings, host, port, workers, "with_worker" if lite else "alone", access_log)


def _settings(port: int) -> Settings:
    """The settings; the links in messages lead to ``port`` where no address is set."""
    settings = config.load()
    if settings.base_url == Settings().base_url and port != urlsplit(settings.base_url).port:
        os.environ["AFTERCARE_BASE_URL"] = f"http://127.0.0.1:{port}"
        settings = config.load()
    return settings


def _require_free(host: str, port: int) -> None:
    """Refuse a port that somebody listens on: the server would share it, and answer every other request."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            pass
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}."
        ) from error


def _look_at_database(settings: Settings) -> None:
    """Refuse what is not migrated in production, and migrate it elsewhere.

    In a process of its own, since what that takes in memory would stay taken for as long as this runs.
    """
    verb = "check" if settings.production else "upgrade"
    command = [
        sys.executable,
        "-c",
        "from scheduler.cli import main; main(prog_name='aftercare')",
        "db",
        verb,
    ]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 -- this program itself
    if done.returncode:
        raise SystemExit(done.returncode)


def _serve(settings: Settings, host: str, port: int, workers: int, factory: str, access_log: bool) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        f"scheduler.wsgi:{factory}",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        factory=True,
        log_level=LogLevels.warning,
        log_dictconfig=CONFIG,
        log_access=access_log,
        workers_kill_timeout=10,
    )
    server.on_startup(lambda: _say(settings, host, port))
    logging.config.dictConfig(CONFIG)
    server.serve()


def _say(settings: Settings, host: str, port: int) -> None:
    own = f"{host}:{port}"
    listening = "" if urlsplit(settings.base_url).netloc == own else f" on {own}"
    click.echo(f"Serving {settings.base_url}{listening}. Stop with Ctrl+C.")
    if settings.mail_url:
        server = urlsplit(settings.mail_url)
        click.echo(f"Mail goes to the server {server.hostname}.")
    else:
        click.echo(f"Mail goes to files in {settings.mail_folder}.")
    if not settings.database.startswith("sqlite"):
        click.echo("Messages are sent by `aftercare worker`, which runs beside this.")
