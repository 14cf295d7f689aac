"""How often a race is run."""

import os


def rounds(full: int) -> range:
    """So many rounds with ``STRESS=full`` (``make stress``), else a tenth of them, and at least one."""
    return range(full if os.environ.get("STRESS") == "full" else max(1, full // 10))
