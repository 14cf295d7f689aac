"""What is said once a change is saved."""

from collections.abc import Collection

from flask import flash

from scheduler.domain.schedule.clashes import Clash
from scheduler.web.language import ngettext


def warn_of_members(warnings: Collection[Clash]) -> None:
    """Say how many members have something else then; it stopped nothing."""
    members = {clash.held for clash in warnings}
    if members:
        flash(
            ngettext(
                "%(num)d member has something else at that time.",
                "%(num)d members have something else at that time.",
                len(members),
            )
        )
