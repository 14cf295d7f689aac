"""The smallest application there is, under the same server: what everything here is measured beside."""

import sys

from flask import Flask

from scheduler.cli.serve import THREADS


def application() -> Flask:
    """It says hello."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


def main(port: int) -> None:
    """Serve it as ``aftercare serve`` does."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "benchmarks.hello:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        websockets=False,
        factory=True,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
