"""Forms of which it is shown first what they do."""

import hashlib
from typing import Final

from wtforms import HiddenField

from scheduler.web.forms import Form

UNSEEN: Final = {"csrf_token", "seen", "reason", "override_reason", "revision"}
"""What may be typed without that anything else is done."""


class ShownForm(Form):
    """It is done once what it does was shown: ``seen`` says what was, ``follows`` what it would do now.

    What colleagues change in the meantime changes what it does as much as what is typed.
    """

    seen = HiddenField()
    follows: tuple[str, ...] = ()

    def asked(self) -> str:
        """The same for a form that asks for the same and does the same as when it was looked at."""
        typed = [f"{field.short_name}={field.data}" for field in self if field.short_name not in UNSEEN]
        return hashlib.sha256("\n".join([*typed, *self.follows]).encode()).hexdigest()

    def was_shown(self) -> bool:
        """Whether this is what was shown."""
        return self.seen.data == self.asked()
