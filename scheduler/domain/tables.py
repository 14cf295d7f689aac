"""Every table of the domain, imported for the metadata alone (migrations, ``create_app``)."""

from scheduler.domain.access import models as access
from scheduler.domain.attendance import models as attendance
from scheduler.domain.calendars import models as calendars
from scheduler.domain.enrollment import models as enrollment
from scheduler.domain.imports import models as imports
from scheduler.domain.mutual_help import models as mutual_help
from scheduler.domain.people import models as people
from scheduler.domain.places import models as places
from scheduler.domain.privacy import models as privacy
from scheduler.domain.roster import models as roster
from scheduler.domain.schedule import models as schedule
from scheduler.domain.stays import models as stays
from scheduler.store import audit, memory, outbox, revisions

__all__ = [
    "access",
    "attendance",
    "audit",
    "calendars",
    "enrollment",
    "imports",
    "memory",
    "mutual_help",
    "outbox",
    "people",
    "places",
    "privacy",
    "revisions",
    "roster",
    "schedule",
    "stays",
]
