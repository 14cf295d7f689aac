"""What an entry of the audit reads as, after the name of who did it: never a stored key, never a code."""

from collections.abc import Iterable
from typing import Final

from scheduler.domain.privacy.readers import Entry
from scheduler.web.language import gettext, lazy_gettext, ngettext
from scheduler.web.words import ROLES

ACTS: Final = {
    "read": lazy_gettext("looked at"),
    "export": lazy_gettext("downloaded a list of people"),
    "person.made": lazy_gettext("made the record"),
    "person.born_set": lazy_gettext("changed a year of birth"),
    "person.renamed": lazy_gettext("changed the name"),
    "person.distinguished": lazy_gettext("chose what tells namesakes apart"),
    "person.exported": lazy_gettext("made a copy of everything"),
    "person.erased": lazy_gettext("erased the record"),
    "person.merged": lazy_gettext("joined two records"),
    "person.disabled": lazy_gettext("ended the account"),
    "person.enabled": lazy_gettext("let them sign in again"),
    "person.invited": lazy_gettext("sent an invitation"),
    "person.released": lazy_gettext("ended or handed over what they led and belonged to"),
    "role.given": lazy_gettext("gave a role"),
    "role.taken": lazy_gettext("took a role"),
    "role.limited": lazy_gettext("changed the sites of a role"),
    "credential.given": lazy_gettext("noted a credential"),
    "credential.corrected": lazy_gettext("corrected a credential"),
    "credential.taken": lazy_gettext("took off a credential"),
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
    "second_step.new_codes": lazy_gettext("made new codes for the second step"),
    "second_step.removed": lazy_gettext("removed the second step"),
    "second_step.reset": lazy_gettext("reset the second step"),
    "device.ended": lazy_gettext("ended a device that keeps sheets"),
    "slip.made": lazy_gettext("printed a slip"),
    "slip.used": lazy_gettext("signed in by a slip"),
    "desk.received": lazy_gettext("received them at the desk"),
    "stay.begun": lazy_gettext("began a stay"),
    "stay.changed": lazy_gettext("changed a stay"),
    "stay.ended": lazy_gettext("ended a stay"),
    "hold.made": lazy_gettext("began a pause"),
    "hold.ended": lazy_gettext("ended a pause"),
    "life.undone": lazy_gettext("undid a step of a stay"),
    "enrollment.made": lazy_gettext("gave a place in a group"),
    "enrollment.ended": lazy_gettext("ended a place in a group"),
    "enrollment.transferred": lazy_gettext("moved a place to another group"),
    "series.exported": lazy_gettext("downloaded the plan"),
    "series.made": lazy_gettext("planned a series"),
    "series.edited": lazy_gettext("changed a series"),
    "series.split": lazy_gettext("changed a series from a day on"),
    "series.ended": lazy_gettext("ended a series"),
    "occurrence.moved": lazy_gettext("moved a session"),
    "occurrence.cancelled": lazy_gettext("called off a session"),
    "occurrence.restored": lazy_gettext("put a session back"),
    "closure.made": lazy_gettext("closed a place"),
    "closure.changed": lazy_gettext("changed until when a place is closed"),
    "closure.lifted": lazy_gettext("opened a place again"),
    "occurrence.keeps_holiday": lazy_gettext("took back that a session meets on a holiday"),
    "occurrence.meets_anyway": lazy_gettext("let a session meet on a holiday"),
    "holiday.made": lazy_gettext("added a holiday"),
    "holiday.changed": lazy_gettext("changed what does not meet on a holiday"),
    "holiday.removed": lazy_gettext("took a holiday off"),
    "closure.reached": lazy_gettext("told them that a session is not where or when it was to be"),
    "closure.not_reached": lazy_gettext("took back that they were told of a session"),
    "post.given": lazy_gettext("gave the lead of a series"),
    "post.handed_over": lazy_gettext("handed the lead of a series to somebody else"),
    "post.ended": lazy_gettext("ended the lead of a series"),
    "conflict.solved": lazy_gettext("solved a conflict in the plan"),
    "conflict.kept": lazy_gettext("kept two sessions at once for members"),
    "conflict.kept_no_more": lazy_gettext("took back that members are wanted at two sessions at once"),
    "duty.handed_over": lazy_gettext("handed a session to somebody else"),
    "plan.undone": lazy_gettext("undid a change of the plan"),
    "horizon.extended": lazy_gettext("planned further ahead"),
    "apart.made": lazy_gettext("noted two people to be kept apart"),
    "apart.kept": lazy_gettext("kept a session for two people who are kept apart"),
    "apart.kept_no_more": lazy_gettext("took back that two people who are kept apart are at one session"),
    "apart.lifted": lazy_gettext("let two people be together again"),
    "schedule.rebuilt": lazy_gettext("set the plan right after a change of time zone data"),
    "absence.said": lazy_gettext("said that somebody can’t make it to a session"),
    "absence.taken_back": lazy_gettext("said that somebody can make it after all"),
    "sheet.not_met": lazy_gettext("recorded that nobody met"),
    "sheet.not_met_taken_back": lazy_gettext("took back that nobody met"),
    "sheet.marked": lazy_gettext("marked a sheet"),
    "sheet.checked_in": lazy_gettext("came in by the code at the door"),
    "sheet.counted": lazy_gettext("counted heads on a sheet"),
    "sheet.kept_applied": lazy_gettext("applied a mark that was kept aside"),
    "sheet.kept_set_aside": lazy_gettext("set a mark aside for good"),
    "sheet.kept_aside": lazy_gettext("sent marks that were kept aside"),
    "sheet.recorded": lazy_gettext("recorded how a session went"),
    "sheet.reopened": lazy_gettext("opened a sheet again"),
    "sheet.record_corrected": lazy_gettext("corrected how a session was held"),
    "sheet.walked_in": lazy_gettext("wrote down somebody who was not expected"),
    "sheet.walk_in_changed": lazy_gettext("changed what a sheet says of a walk-in"),
    "sheet.matched": lazy_gettext("matched a walk-in with a member"),
    "sheet.submitted": lazy_gettext("submitted a sheet"),
    "feed.made": lazy_gettext("made a calendar"),
    "feed.changed": lazy_gettext("changed what a calendar shows"),
    "feed.replaced": lazy_gettext("gave a calendar a new address"),
    "feed.revoked": lazy_gettext("turned a calendar off"),
    "feed.shown": lazy_gettext("looked at what a calendar contains"),
    "feed.confirmed": lazy_gettext("let a calendar be read again"),
    "meetings.imported": lazy_gettext("brought in a list of meetings"),
    "conscience.decided": lazy_gettext("noted what a group decided"),
    "import.staged": lazy_gettext("uploaded a list"),
    "import.applied": lazy_gettext("took in a list"),
    "import.undone": lazy_gettext("undid a list"),
    "import.left": lazy_gettext("threw a list away"),
    "inquiry.answered": lazy_gettext("answered a call"),
    "review.made": lazy_gettext("let a reviewer read sheets"),
    "review.accepted": lazy_gettext("agreed to the rules of a review"),
    "review.ended": lazy_gettext("ended a review"),
    "program.made": lazy_gettext("made a program"),
    "program.changed": lazy_gettext("changed a program"),
    "program.archived": lazy_gettext("archived a program"),
    "program.restored": lazy_gettext("put a program back"),
    "site.made": lazy_gettext("made a site"),
    "site.changed": lazy_gettext("changed a site"),
    "room.made": lazy_gettext("made a room"),
    "room.changed": lazy_gettext("changed a room"),
    "database.backed_up": lazy_gettext("made a backup"),
    "database.restored": lazy_gettext("restored a backup"),
}
"""Every action that is ever recorded; a test of the structure looks for each of them here."""
OTHER: Final = lazy_gettext("did something that has no name any more")
SUBJECTS: Final = {
    "person": lazy_gettext("a person’s page"),
    "people": lazy_gettext("a list of people"),
    "import": lazy_gettext("an uploaded list"),
    "sheet": lazy_gettext("a sheet"),
    "walk_ins": lazy_gettext("a list of walk-ins"),
    "look_up": lazy_gettext("who has a name that was typed"),
    "series": lazy_gettext("a series"),
    "occurrence": lazy_gettext("a session"),
    "duties": lazy_gettext("somebody’s duties"),
    "closure": lazy_gettext("whom to call when a place is closed"),
    "audit": lazy_gettext("the record of reads"),
    "audit_file": lazy_gettext("the record of reads, as a file"),
    "kept_marks": lazy_gettext("marks kept aside"),
    "shared": lazy_gettext("what is shared about them"),
}
NUMBERED: Final = {
    "closure": lazy_gettext("closure"),
    "device": lazy_gettext("device"),
    "feed": lazy_gettext("calendar"),
    "holiday": lazy_gettext("holiday"),
    "import": lazy_gettext("uploaded list"),
    "inquiry": lazy_gettext("call"),
    "occurrence": lazy_gettext("session"),
    "program": lazy_gettext("program"),
    "review": lazy_gettext("review"),
    "room": lazy_gettext("room"),
    "series": lazy_gettext("series"),
    "sheet": lazy_gettext("sheet"),
    "site": lazy_gettext("site"),
    "slip": lazy_gettext("slip"),
    "stay": lazy_gettext("stay"),
}
"""What a number is the number of, in the small print."""


def act_of(entry: Entry) -> str:
    """What was done."""
    return word_of(entry.action)


def word_of(action: str) -> str:
    """The same for an action by its own name."""
    return str(ACTS.get(action, OTHER))


def choices(known: Iterable[str]) -> list[tuple[str, str]]:
    """Actions to choose from: each with its words, in the order of these."""
    return sorted(((each, word_of(each)) for each in known if each in ACTS), key=lambda pair: pair[1])


def subject_of(entry: Entry) -> str:
    """What was read; of an act, nothing: its words say what it was done to."""
    if entry.action != "read":
        return ""
    return str(SUBJECTS.get(entry.subject, lazy_gettext("a page")))


def details_of(entry: Entry) -> list[str]:
    """The small print: the number of what it was done to, the role, how many. All else stays in the file."""
    said, detail = [], entry.detail
    if entry.subject in NUMBERED and entry.subject_id is not None:
        said.append(f"{NUMBERED[entry.subject]} {entry.subject_id}")
    role, rows = str(detail.get("role", "")), detail.get("rows")
    if role in ROLES:
        said.append(str(ROLES[role]))
    if isinstance(rows, int):
        said.append(ngettext("%(num)d row", "%(num)d rows", rows))
    if entry.action == "person.exported" and detail.get("form"):
        said.append(gettext("as %(form)s", form=str(detail["form"]).upper()))
    return said
