"""What an entry of the audit reads as. What has no words here is shown by its own name."""

from typing import Final

from scheduler.domain.privacy.readers import Entry
from scheduler.web.language import gettext, lazy_gettext

ACTS: Final = {
    "read": lazy_gettext("looked at"),
    "person.made": lazy_gettext("made the record"),
    "person.renamed": lazy_gettext("changed the name"),
    "person.exported": lazy_gettext("made a copy of everything"),
    "person.erased": lazy_gettext("erased"),
    "person.merged": lazy_gettext("joined two records"),
    "person.disabled": lazy_gettext("disabled"),
    "person.enabled": lazy_gettext("let them sign in again"),
    "person.invited": lazy_gettext("sent an invitation"),
    "role.given": lazy_gettext("gave a role"),
    "role.taken": lazy_gettext("took a role"),
    "sign_in.begun": lazy_gettext("signed in"),
    "sign_in.ended": lazy_gettext("ended a sign-in"),
    "sign_in.others_ended": lazy_gettext("ended all other sign-ins"),
    "password.set": lazy_gettext("set a password"),
    "channel.asked": lazy_gettext("asked to confirm an address"),
    "channel.confirmed": lazy_gettext("confirmed an address"),
    "channel.set": lazy_gettext("changed how they are reached"),
    "passkey.added": lazy_gettext("added a passkey"),
    "passkey.removed": lazy_gettext("removed a passkey"),
    "second_step.confirmed": lazy_gettext("set up a second step"),
    "second_step.new_codes": lazy_gettext("printed new codes"),
    "second_step.removed": lazy_gettext("removed the second step"),
    "second_step.reset": lazy_gettext("reset the second step"),
    "slip.made": lazy_gettext("printed a slip"),
    "slip.used": lazy_gettext("signed in by a slip"),
    "desk.received": lazy_gettext("received them at the desk"),
    "sheet.marked": lazy_gettext("marked a sheet"),
    "sheet.submitted": lazy_gettext("submitted a sheet"),
    "feed.made": lazy_gettext("made a calendar"),
    "feed.revoked": lazy_gettext("turned a calendar off"),
    "inquiry.answered": lazy_gettext("answered a call"),
}
SUBJECTS: Final = {
    "person": lazy_gettext("a person’s page"),
    "people": lazy_gettext("a list of people"),
    "sheet": lazy_gettext("a sheet"),
    "series": lazy_gettext("a series"),
    "occurrence": lazy_gettext("a session"),
    "duties": lazy_gettext("somebody’s duties"),
    "audit": lazy_gettext("the record of reads"),
    "audit_file": lazy_gettext("the record of reads, as a file"),
    "shared": lazy_gettext("what is shared about them"),
}


def act_of(entry: Entry) -> str:
    """What was done."""
    return str(ACTS.get(entry.action, entry.action))


def subject_of(entry: Entry) -> str:
    """What was read; of an act, what it was done to, where its words do not say so."""
    if entry.action != "read":
        return ""
    named = SUBJECTS.get(entry.subject)
    return str(named) if named else gettext("%(subject)s", subject=entry.subject)
