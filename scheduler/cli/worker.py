"""``aftercare worker``: delivers messages and does the daily work."""

import logging.config
import signal
import threading

import click

from scheduler import config
from scheduler.cli.database import engine_of, require_ready
from scheduler.logs import CONFIG, install


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
def worker(once: bool) -> None:
    """Deliver messages and do the daily work, until stopped. Several may run on one database."""
    from scheduler.jobs.worker import Worker

    settings = config.load()
    logging.config.dictConfig(CONFIG)
    install()
    engine = engine_of(settings)
    require_ready(engine)
    working = Worker(engine, settings)
    if once:
        click.echo(f"Tasks done: {working.run_all()}.")
        return
    stop = threading.Event()
    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, lambda _signal, _frame: stop.set())
    click.echo("Working. Stop with Ctrl+C.")
    working.run(stop)
