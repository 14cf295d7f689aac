"""Everything held about a person as JSON."""

import json

from scheduler.domain.privacy.held import Held


def record_json(held: Held) -> bytes:
    """UTF-8, indented: it is also for eyes."""
    return json.dumps(held.as_value(), ensure_ascii=False, indent=2).encode() + b"\n"
