"""The words for kinds, marks and roles. Behavior hangs on the names in the domain, never on these."""

from typing import Final

from flask import Flask

from scheduler.web.language import lazy_gettext

KINDS: Final[dict[str, str]] = {
    "group": lazy_gettext("Group"),
    "individual": lazy_gettext("One-to-one"),
    "mutual_help": lazy_gettext("12-step"),
    "assessment": lazy_gettext("Assessment"),
    "family": lazy_gettext("Family"),
    "skills": lazy_gettext("Skills"),
    "medication": lazy_gettext("Medication"),
    "other": lazy_gettext("Other"),
}
STATUSES: Final[dict[str, str]] = {
    "present": lazy_gettext("Present"),
    "late": lazy_gettext("Late"),
    "left_early": lazy_gettext("Left early"),
    "excused": lazy_gettext("Excused"),
    "absent": lazy_gettext("Absent"),
    "unmarked": lazy_gettext("not marked"),
}
EXCUSES: Final[dict[str, str]] = {
    "unwell": lazy_gettext("unwell"),
    "work": lazy_gettext("work or school"),
    "family": lazy_gettext("family"),
    "transport": lazy_gettext("no way to get there"),
    "appointment": lazy_gettext("another appointment"),
    "other": lazy_gettext("another reason"),
}
"""Why somebody is excused, within a line."""
WAYS: Final[dict[str, str]] = {
    "room": lazy_gettext("In the room"),
    "video": lazy_gettext("By video"),
    "phone": lazy_gettext("By phone"),
}
ROLES: Final[dict[str, str]] = {
    "member": lazy_gettext("Member"),
    "trusted_servant": lazy_gettext("Trusted servant"),
    "facilitator": lazy_gettext("Facilitator"),
    "coordinator": lazy_gettext("Coordinator"),
    "administrator": lazy_gettext("Administrator"),
    "reviewer": lazy_gettext("Reviewer"),
}

POSITIONS: Final[dict[str, str]] = {
    "lead": lazy_gettext("Lead"),
    "co_facilitator": lazy_gettext("Co-facilitator"),
    "counselor": lazy_gettext("Counselor"),
    "chair": lazy_gettext("Chair"),
    "secretary": lazy_gettext("Secretary"),
    "greeter": lazy_gettext("Greeter"),
    "speaker": lazy_gettext("Speaker"),
}
PROGRAMS: Final[dict[str, str]] = {
    "long_term_residential": lazy_gettext("Long-term residential"),
    "short_term_residential": lazy_gettext("Short-term residential"),
    "outpatient": lazy_gettext("Outpatient"),
    "aftercare": lazy_gettext("Aftercare"),
}
DISCHARGES: Final[dict[str, str]] = {
    "completed": lazy_gettext("Completed the program"),
    "left": lazy_gettext("Left"),
    "ended_by_center": lazy_gettext("Ended by the center"),
    "transferred": lazy_gettext("Went to another program"),
    "incarcerated": lazy_gettext("Jail or prison"),
    "died": lazy_gettext("Died"),
    "moved": lazy_gettext("Moved away"),
    "lost_touch": lazy_gettext("Lost touch"),
    "other": lazy_gettext("Another reason"),
}
VERBS: Final[dict[str, str]] = {
    "admit": lazy_gettext("admitted"),
    "change": lazy_gettext("the stay was changed"),
    "readmit": lazy_gettext("admitted again"),
    "hold": lazy_gettext("a pause was made"),
    "welcome_back": lazy_gettext("a pause was ended"),
    "call_off": lazy_gettext("a pause was called off"),
    "transfer": lazy_gettext("transferred"),
    "discharge": lazy_gettext("discharged"),
}
"""What was done to a member's stay, within a line."""

KEPT_FOR: Final[dict[str, str]] = {
    "cancelled": lazy_gettext("The session was cancelled."),
    "not_met": lazy_gettext("It is recorded that nobody met."),
    "locked": lazy_gettext("The sheet was locked already."),
    "submitted": lazy_gettext("The sheet was handed in already."),
    "not_theirs": lazy_gettext("The sheet belongs to somebody else now."),
    "ended": lazy_gettext("The device was ended."),
    "revoked": lazy_gettext("The sign-in was ended meanwhile, as by a new password or role."),
    "early": lazy_gettext("The day of the session has not come."),
    "counting": lazy_gettext("The session is counted in another way now."),
    "conflict": lazy_gettext("Somebody else saved another mark first."),
    "not_expected": lazy_gettext("The person is not on the sheet any more."),
    "full": lazy_gettext("There are too many walk-ins on the sheet."),
    "unfit": lazy_gettext("The minutes are not within the session any more."),
    "unknown": lazy_gettext("The device is not known any more."),
    "stale": lazy_gettext("It was made more than three days after the device was last in contact."),
}
"""Why a mark from a device waits for a coordinator."""


def prepare(app: Flask) -> None:
    """Give the templates of ``app`` a filter for each: ``kind_label``, ``status_label`` and so on."""
    app.add_template_filter(lambda name: KINDS[name], "kind_label")
    app.add_template_filter(lambda name: STATUSES[name], "status_label")
    app.add_template_filter(lambda name: EXCUSES[name], "excuse_label")
    app.add_template_filter(lambda name: WAYS[name], "way_label")
    app.add_template_filter(lambda name: ROLES[name], "role_label")
    app.add_template_filter(lambda name: POSITIONS[name], "position_label")
    app.add_template_filter(lambda name: PROGRAMS[name], "program_label")
    app.add_template_filter(lambda name: DISCHARGES[name], "discharge_label")
    app.add_template_filter(lambda name: VERBS[name], "verb_label")
    app.add_template_filter(lambda name: KEPT_FOR[name], "kept_for_label")
