"""Work in a process of its own: it meets limits that the system keeps, and slows no page meanwhile."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

logger = logging.getLogger(__name__)


class Failed(Exception):
    """The other process took too long, or ended without an answer."""


def ask(module: str, *words: str, given: bytes, patience: float) -> bytes:
    """What ``python -m module words`` answers to what it is given; ``patience`` is in seconds.

    It knows none of our settings and secrets but what it is given. Raises Failed.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- our own program and interpreter
            [sys.executable, "-m", module, *words],
            input=given,
            capture_output=True,
            timeout=patience,
            check=True,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    except subprocess.TimeoutExpired:
        raise Failed from None
    except subprocess.CalledProcessError as error:
        logger.warning("%s ended without an answer: %s", module, _kind_of(error.stderr))
        raise Failed from None
    return done.stdout


def _kind_of(trace: bytes) -> str:
    """The kind of error that a traceback ends with; what it says may be of people, and stays out of logs."""
    lines = trace.decode(errors="replace").strip().splitlines()
    return lines[-1].split(":")[0] if lines else "killed"
