"""What the owner of a feed chose for each kind, for daily doses and for the language."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.domain.calendars.content import content_of, entries_of
from scheduler.domain.calendars.languages import LANGUAGES, language_of
from scheduler.domain.calendars.sources import Cover, Meeting, OfKind, Titles, Wording, alike
from scheduler.domain.calendars.values import Details, Master, Repeats
from scheduler.domain.schedule.discretion import telling_word
from scheduler.domain.schedule.kinds import Kind
from tests.calendars.cases import PLAIN, STAMP, TUESDAYS, at, plan, run, stopped

WORDING = Wording()
DOSING = plan("2026-06-01 05:30", "FREQ=DAILY", minutes=300, kind=Kind.MEDICATION, title="Dosing")


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_is_shown_or_left_out_by_itself(kind: Kind) -> None:
    of_kind = replace(TUESDAYS, kind=kind)
    others = replace(PLAIN, kinds={each.value: OfKind(shown=False) for each in Kind if each != kind})
    without = replace(PLAIN, kinds={kind.value: OfKind(shown=False)})
    assert entries_of(run(of_kind), others, WORDING) == entries_of(run(of_kind), PLAIN, WORDING) != []
    assert entries_of(run(of_kind), without, WORDING) == []
    cover = Cover("u", of_kind, Meeting(at("2026-08-04 19:00"), at("2026-08-04 19:00"), 90))
    assert entries_of(cover, without, WORDING) == []


def test_each_kind_has_its_own_alarm() -> None:
    kinds = {**alike(60), "skills": OfKind(alarm_minutes=15), "family": OfKind()}
    plans = [replace(TUESDAYS, kind=kind) for kind in ("group", "skills", "family")]
    alarms = [
        entry.details.alarm_minutes
        for each in plans
        for entry in entries_of(run(each), replace(PLAIN, kinds=kinds), WORDING)
    ]
    assert alarms == [60, 15, None]


def test_a_moved_or_stopped_session_has_the_alarm_of_its_kind_too() -> None:
    (master,) = entries_of(
        run(TUESDAYS, stopped("2026-08-11 19:00")), replace(PLAIN, kinds=alike(30)), WORDING
    )
    assert isinstance(master, Master)
    assert [override.details for override in master.overrides] == [master.details]
    assert master.details == Details("Appointment", alarm_minutes=30)


def test_what_is_left_out_by_choice_is_not_counted_as_missing_even_where_it_is_broken() -> None:
    broken = replace(run(TUESDAYS), plan=replace(TUESDAYS, kind="skills", rule_text="FREQ=SECONDLY"))
    wishes = replace(PLAIN, kinds={"skills": OfKind(shown=False)})
    assert content_of([broken], wishes, WORDING, STAMP).missing == ()
    assert content_of([broken, broken], PLAIN, WORDING, STAMP).missing == (1, 1)


def test_the_hours_of_a_daily_dose_stand_in_a_calendar_only_where_chosen() -> None:
    assert entries_of(run(DOSING), replace(PLAIN, kinds=alike(60)), WORDING) == []
    (entry,) = entries_of(run(DOSING), replace(PLAIN, kinds=alike(60), daily_dosing=True), WORDING)
    assert isinstance(entry, Master)
    assert entry.repeats == Repeats("WEEKLY", 1, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
    assert entry.end - entry.start == timedelta(hours=5)
    assert entry.details == Details("Appointment", quiet=True)


def test_where_medication_is_left_out_so_are_its_hours() -> None:
    wishes = replace(PLAIN, daily_dosing=True, kinds={"medication": OfKind(shown=False)})
    assert entries_of(run(DOSING), wishes, WORDING) == []


def test_a_medication_visit_now_and_then_is_an_appointment_like_any_other() -> None:
    monthly = plan("2026-06-03 10:00", "FREQ=MONTHLY;BYDAY=1WE", minutes=30, kind=Kind.MEDICATION)
    (entry,) = entries_of(run(monthly), replace(PLAIN, kinds=alike(60)), WORDING)
    assert entry.details == Details("Appointment", alarm_minutes=60)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_what_the_program_writes_is_in_the_language_of_the_feed(language: object) -> None:
    spoken = language_of(getattr(language, "code", ""))
    content = content_of([run(TUESDAYS)], replace(PLAIN, language=spoken.code), WORDING, STAMP)
    said = (content.name, content.cancelled, content.entries[0].details.title)
    assert said == (spoken.calendar, spoken.cancelled, spoken.appointment)


def test_words_that_an_administrator_or_the_plan_chose_stay_as_they_are() -> None:
    wishes = replace(PLAIN, language="es")
    content = content_of([run(TUESDAYS)], wishes, Wording("My days", "Busy"), STAMP)
    assert (content.name, content.cancelled, content.entries[0].details.title) == (
        "My days",
        "Cancelado: ",
        "Busy",
    )
    full = content_of([run(TUESDAYS)], replace(wishes, titles=Titles.FULL), WORDING, STAMP)
    assert full.entries[0].details.title == "Tuesday evening group"


def test_no_language_gives_anything_away_or_says_one_thing_in_two_ways() -> None:
    words = [word for each in LANGUAGES for word in (each.appointment, each.calendar, each.cancelled)]
    assert [word for word in words if telling_word(word)] == []
    assert [word for word in words if word != word.strip(" ") + " " * word.endswith(" ")] == []
    assert all(each.cancelled.rstrip().endswith((":", "：")) for each in LANGUAGES)
    assert len({each.code for each in LANGUAGES}) == len({each.name for each in LANGUAGES}) == len(LANGUAGES)


def test_a_language_that_is_not_known_any_more_is_english() -> None:
    assert language_of("tlh") == language_of("en")
