"""A Meeting Guide file becomes rows, each refused row says why, and no file takes the program down."""

import contextlib
import io
import json
import time as time_module
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS
from scheduler.domain.mutual_help.rows import MeetingList, MeetingRow, RowRemark
from scheduler.errors import Invalid
from scheduler.formats.json_list import LARGEST_FILE, LONGEST_ELEMENT
from scheduler.formats.meeting_guide import MOST_MEETINGS, read_meeting_guide

ZONE = "America/Denver"


def read(data: bytes | str, *, fellowship: str = "AA", timezone: str | None = ZONE) -> MeetingList:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return read_meeting_guide(stream, fellowship=FELLOWSHIPS[fellowship], timezone=timezone)


def read_rows(*rows: object, fellowship: str = "AA", timezone: str | None = ZONE) -> MeetingList:
    return read(json.dumps(rows), fellowship=fellowship, timezone=timezone)


def row(**changed: object) -> dict[str, object]:
    return {"slug": "early-birds", "name": "Early Birds", "day": 1, "time": "07:00"} | changed


def reason(**changed: object) -> str:
    read_list = read_rows(row(**changed))
    assert read_list.rows == ()
    return read_list.refused[0].reason


def test_a_row_with_everything_becomes_a_whole_value() -> None:
    full = row(
        end_time="08:15",
        types=["O", "D", "X"],
        location="Quarry House",
        address="12 Quarry Road",
        city="Lindenfield",
        state="CO",
        postal_code="80000",
        region="North",
        sub_region="Old Town",
        location_notes="Side door",
        timezone="America/Chicago",
        conference_url="https://zoom.us/j/100200300",
        conference_url_notes="Passcode: lamp",
        conference_phone="+1 555 555 0100,,100200300#",
        conference_phone_notes="Meeting: 1002003004",
    )
    assert read_rows(full) == MeetingList(
        rows=(
            MeetingRow(
                number=1,
                key="early-birds",
                name="Early Birds",
                fellowship="AA",
                weekday=0,
                starts=time(7),
                minutes=75,
                end_assumed=False,
                timezone="America/Chicago",
                types=("O", "D", "X"),
                other_types=(),
                place="Quarry House",
                address="12 Quarry Road, Lindenfield, CO 80000",
                region="Old Town",
                place_notes="Side door",
                notes="Passcode: lamp. Meeting: 1002003004",
                online_link="https://zoom.us/j/100200300",
                online_phone="+1 555 555 0100,,100200300#",
            ),
        ),
        refused=(),
        remarks=(),
    )


def test_a_missing_end_is_an_hour_and_recorded_as_assumed() -> None:
    for end in ({}, {"end_time": None}, {"end_time": ""}):
        taken = read_rows(row(**end)).rows[0]
        assert (taken.minutes, taken.end_assumed) == (60, True)


@pytest.mark.parametrize(
    ("published", "weekdays"),
    [(0, [6]), (6, [5]), ("1", [0]), ([6], [5]), (["0", 1, "1"], [0, 6]), ([3], [2])],
)
def test_days_count_from_sunday_and_come_as_number_text_or_list(
    published: object, weekdays: list[int]
) -> None:
    assert [taken.weekday for taken in read_rows(row(day=published)).rows] == weekdays


@pytest.mark.parametrize(
    ("published", "starts"),
    [
        ("19:00", time(19)),
        ("7:05", time(7, 5)),
        ("19:00:00", time(19)),
        ("7:00 PM", time(19)),
        ("12:15 am", time(0, 15)),
        ("12:00 P.M.", time(12)),
        ("7pm", time(19)),
        (" 6:30 PM ", time(18, 30)),
    ],
)
def test_times_are_read_in_both_shapes(published: str, starts: time) -> None:
    assert read_rows(row(time=published)).rows[0].starts == starts


@pytest.mark.parametrize("published", ["25:00", "19:60", "7", "13:00 PM", "0:30 PM", "Noon", 1900, ["19:00"]])
def test_other_times_are_refused(published: object) -> None:
    assert "it must be like 19:00 or 7:00 PM." in reason(time=published)


def test_a_day_that_does_not_exist_is_refused() -> None:
    assert reason(day="7") == "The day is “7”; days go from 0 (Sunday) to 6 (Saturday)."
    assert reason(day=[1, 9]) == "The day is “9”; days go from 0 (Sunday) to 6 (Saturday)."
    assert reason(day=True) == "The day is “bool”; days go from 0 (Sunday) to 6 (Saturday)."


def test_what_has_no_fixed_hour_is_refused_as_by_appointment() -> None:
    assert reason(day=None, time=None) == "It meets by appointment: it has no day and no time."
    assert reason(day=[], time="") == "It meets by appointment: it has no day and no time."
    assert reason(time=None) == "It has a day but no time."
    assert reason(day=None) == "It has a time but no day."


def test_an_end_before_the_start_is_overnight_only_up_to_four_hours() -> None:
    assert read_rows(row(time="23:00", end_time="00:30")).rows[0].minutes == 90
    assert read_rows(row(time="22:00", end_time="02:00")).rows[0].minutes == 240
    assert (
        reason(time="19:00", end_time="08:30")
        == "The end is before the start (19:00 to 08:30). Did they mean 20:30?"
    )
    assert reason(time="21:00", end_time="01:01") == "The end is before the start (21:00 to 01:01)."
    assert reason(time="07:00", end_time="07:00") == "The end is the same as the start (07:00 to 07:00)."


def test_unknown_types_are_kept_aside_and_empty_ones_dropped() -> None:
    taken = read_rows(row(types=["O", "", None, "NA", "O", {"x": 1}]))
    assert (taken.rows[0].types, taken.rows[0].other_types) == (("O",), ("NA",))
    assert taken.remarks == (RowRemark(1, "Early Birds", "Type NA is not one of AA; it was kept aside."),)
    assert read_rows(row(types="O, D")).rows[0].types == ("O", "D")


def test_the_same_code_belongs_to_one_fellowship_and_not_to_another() -> None:
    assert read_rows(row(types=["JFT"]), fellowship="NA").rows[0].types == ("JFT",)
    assert read_rows(row(types=["JFT"]), fellowship="AA").rows[0].other_types == ("JFT",)


def test_names_lose_control_characters_entities_and_surplus_space() -> None:
    assert read_rows(row(name=" Women\x00&#8217;s \u202eLight\n Hour ")).rows[0].name == "Women’s Light Hour"
    assert (
        read(b'[{"slug":"a","name":"Half \\ud800 pair","day":1,"time":"07:00"}]').rows[0].name == "Half pair"
    )
    assert reason(name=" \x07 ") == "It has no name."
    assert reason(name=None) == "It has no name."


def test_contacts_notes_and_payment_handles_are_not_read() -> None:
    private = {
        "notes": "Ask for Robin Weatherby",
        "contact_1_name": "Robin Weatherby",
        "contact_1_phone": "+1 555 555 0100",
        "contact_1_email": "robin@weatherby.example",
        "venmo": "@robin",
        "author": "robin",
        "group_notes": "Robin Weatherby has the key",
        "location_notes": "Ring 555-555-0100 or write to robin@weatherby.example",
        "conference_url": "https://zoom.us/j/1",
        "conference_url_notes": "Lost? robin@weatherby.example",
    }
    taken = read_rows(row(**private)).rows[0]
    assert (taken.place_notes, taken.notes) == ("Ring or write to", "Lost?")
    assert "robin" not in repr(taken).casefold()


@pytest.mark.parametrize(
    "link",
    [
        "http://zoom.us/j/1",
        "javascript:alert(1)",
        "https://",
        "https://a@zoom.us/j/1",
        "https://zo om.us",
        "https://[",
        7,
    ],
)
def test_a_link_that_is_not_https_is_left_out_and_the_meeting_kept(link: object) -> None:
    taken = read_rows(row(conference_url=link))
    assert taken.rows[0].online_link == ""
    assert taken.remarks == (
        RowRemark(1, "Early Birds", "The link was left out: only an https address is taken."),
    )


def test_a_number_that_cannot_be_dialed_is_left_out() -> None:
    taken = read_rows(row(conference_phone="call Robin"))
    assert taken.rows[0].online_phone == ""
    assert taken.remarks[0].reason == "The number was left out: it cannot be dialed."


def test_an_address_may_come_whole_or_in_parts() -> None:
    whole = row(formatted_address="1 Elm Street, Lindenfield, CO 80000, USA", city="Elsewhere")
    assert read_rows(whole).rows[0].address == "1 Elm Street, Lindenfield, CO 80000, USA"
    under_a_part = row(address="1 Elm Street, Lindenfield")
    assert read_rows(under_a_part).rows[0].address == "1 Elm Street, Lindenfield"
    town = read_rows(row(city="Lindenfield", state="CO")).rows[0]
    assert (town.address, town.region) == ("", "Lindenfield")


def test_an_approximate_address_is_no_place_to_go_to() -> None:
    mapped = row(
        location="District 4", formatted_address="Lindenfield, CO", conference_url="https://zoom.us/j/1"
    )
    for said in ({"approximate": "yes"}, {"attendance_option": "online"}, {"types": ["TC"]}):
        taken = read_rows(mapped | said).rows[0]
        assert (taken.place, taken.address) == ("", "")


def test_what_does_not_meet_at_the_moment_is_refused() -> None:
    assert reason(attendance_option="inactive") == "The list says that it does not meet at the moment."
    assert reason(types=["TC"]) == "Its place is closed for now, and it names no online meeting."


def test_the_row_s_own_zone_comes_before_the_file_s() -> None:
    taken = read_rows(row(timezone="America/New_York"), row(slug="other"))
    assert [one.timezone for one in taken.rows] == ["America/New_York", ZONE]


def test_unknown_and_missing_zones_refuse_the_row() -> None:
    assert reason(timezone="Mars/Olympus") == "There is no time zone “Mars/Olympus”."
    assert reason(timezone="../../etc/passwd") == "There is no time zone “../../etc/passwd”."
    refused = read_rows(row(), timezone=None).refused
    assert refused == (
        RowRemark(1, "Early Birds", "It names no time zone, and none was given for the file."),
    )


def test_an_unknown_zone_for_the_file_refuses_the_file() -> None:
    with pytest.raises(Invalid, match="There is no time zone with that name"):
        read_rows(row(), timezone="PST8PM")


def test_meetings_that_share_a_slug_are_told_apart_by_day_then_hour_whatever_their_order() -> None:
    rows = [row(day=[0, 3]), row(day=3, time="19:00"), row(slug="alone")]
    keys = {"early-birds-sun", "early-birds-wed-0700", "early-birds-wed-1900", "alone"}
    assert {taken.key for taken in read_rows(*rows).rows} == keys
    assert {taken.key for taken in read_rows(*reversed(rows)).rows} == keys


def test_a_row_that_stands_there_twice_is_refused_once() -> None:
    taken = read_rows(row(), row())
    assert [one.key for one in taken.rows] == ["early-birds-mon-0700"]
    assert taken.refused == (
        RowRemark(2, "Early Birds", "It is the same as row 1: same slug, day and time."),
    )


def test_rows_without_a_slug_are_named_by_name_day_and_time() -> None:
    assert read_rows(row(slug=None), row(slug="", name="Late Owls")).rows[1].key == "late owls-mon-0700"


def test_a_row_that_is_not_an_object_is_refused_and_the_rest_kept() -> None:
    taken = read_rows("text", row(), 7, None)
    assert [one.number for one in taken.rows] == [2]
    assert [remark.number for remark in taken.refused] == [1, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_encodings_are_recognized(encoding: str) -> None:
    data = json.dumps([row(name="Café")], ensure_ascii=False).encode(encoding)
    assert read(data).rows[0].name == "Café"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "The file is empty."),
        ("  \n", "The file is empty."),
        ("{}", "The file holds something else than a list of meetings: it must begin with [."),
        ("PK\x03\x04", "The file holds something else than a list of meetings: it must begin with [."),
        ("[", "The file is not whole JSON: it breaks off or goes wrong at line 1, column 2."),
        (
            '[\n {"a": 1}\n {}]',
            "The file is not whole JSON: it breaks off or goes wrong at line 3, column 2.",
        ),
        ("[1] tail", "The file is not whole JSON: it breaks off or goes wrong at line 1, column 5."),
        ("[1,]", "The file is not whole JSON: it breaks off or goes wrong at line 1, column 4."),
        ("[NaN]", "The file is not whole JSON: it breaks off or goes wrong at line 1, column 2."),
        ("[" + "[" * 5000, "The file is not whole JSON: it breaks off or goes wrong at line 1, column 2."),
        (
            "[" + "9" * 5000 + "]",
            "The file is not whole JSON: it breaks off or goes wrong at line 1, column 2.",
        ),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(data: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(data)
    assert str(refused.value) == sentence


def test_a_file_of_any_size_is_read_only_up_to_its_limit() -> None:
    class Endless(io.BytesIO):
        given = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= LARGEST_FILE + 1
            self.given += size
            return b" " * size

    endless = Endless()
    with pytest.raises(Invalid, match="The file is larger than 20 MB"):
        read_meeting_guide(endless, fellowship=FELLOWSHIPS["AA"], timezone=ZONE)
    assert endless.given == LARGEST_FILE + 1


@pytest.mark.parametrize(
    "too_long",
    [
        row(notes="x" * 70_000),
        row(notes=['[{"', "\\", "]"] * 20_000),
        row(notes={"\u00e9": [["deep"] * 5000] * 3}, more='\\"'),
        ["x" * 200_000],
        "x" * 70_000,
        *(
            row(notes="x" * (LONGEST_ELEMENT - length), more=[True, 12.5, "\u00e9"])
            for length in range(85, 115)
        ),
    ],
)
def test_a_row_that_is_too_long_is_refused_by_number_and_the_rest_is_kept(too_long: object) -> None:
    found = read_rows(row(), too_long, row(slug="late"))
    assert [each.key for each in found.rows] == ["early-birds", "late"]
    assert found.refused == (RowRemark(2, "", "It is longer than 64 KB."),)


@pytest.mark.parametrize(
    "broken",
    [
        '[{"name": "' + "x" * 70_000,
        "[{" + '"a": [1, 2],' * 9000,
        "[" + "[1]," * 20_000,
        '["' + '\\"' * 99_000,
    ],
)
def test_a_long_row_that_never_ends_is_no_whole_file(broken: str) -> None:
    with pytest.raises(Invalid, match="The file is not whole JSON"):
        read(broken)


@pytest.mark.parametrize("part", ['\\"', "[", '"",', "[],", '"', "]", "\\"])
def test_a_long_row_made_of_anything_is_passed_over_quickly(part: str) -> None:
    text = '[["' + "x" * LONGEST_ELEMENT + '", ' + part * (1_000_000 // len(part)) + "]]"
    began = time_module.process_time()
    with contextlib.suppress(Invalid):
        read(text)
    assert time_module.process_time() - began < 5


def test_more_meetings_than_any_list_has_are_refused() -> None:
    with pytest.raises(Invalid, match=f"more than {MOST_MEETINGS:,} meetings"):
        read("[" + ",".join(["0"] * (MOST_MEETINGS + 1)) + "]")


def test_an_empty_list_is_an_empty_answer() -> None:
    assert read(" [ ] ") == MeetingList((), (), ())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "slug",
        "name",
        "day",
        "time",
        "end_time",
        "types",
        "location",
        "address",
        "formatted_address",
        "city",
        "state",
        "region",
        "timezone",
        "approximate",
        "attendance_option",
        "conference_url",
        "conference_phone",
        "conference_url_notes",
        "location_notes",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(FIELDS, JSON, max_size=8).map(lambda changed: row(**changed)) | JSON, max_size=4)
)
def test_whatever_stands_in_a_row_it_is_taken_or_refused(rows: list[object]) -> None:
    taken = read_rows(*rows)
    numbers = {one.number for one in (*taken.rows, *taken.refused)}
    assert numbers == set(range(1, len(rows) + 1))
    assert repr(taken).isprintable()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_bytes_a_file_has_it_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        read(data)
