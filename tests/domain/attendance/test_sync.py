"""Three devices without a network, one sheet: whatever comes in any order, nothing is lost or overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import event, given, settings
from hypothesis import strategies as st

from scheduler.domain.attendance.merging import NEVER_SAVED, Outcome, Saved, Wanted
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.attendance.sync import Decided, Known, Sent, SentNumber, Terms, decide, decide_numbers
from scheduler.domain.attendance.why import Why

BEGIN = datetime(2026, 7, 14, 23, tzinfo=UTC)
NOW = BEGIN + timedelta(hours=3)
DEVICES, PERSONS = range(3), (11, 12)
VALUES = (Value(Status.PRESENT), Value(Status.ABSENT), Value(Status.LATE, 5), Value())


@dataclass
class Server:
    """What is saved of a sheet, and what each device sent."""

    on_it: tuple[int, ...] = PERSONS
    stands: dict[int, Saved] = field(default_factory=dict)
    known: dict[int, dict[str, Known]] = field(default_factory=lambda: {device: {} for device in DEVICES})
    history: dict[int, list[tuple[int, Sent]]] = field(
        default_factory=lambda: {person: [] for person in PERSONS}
    )

    def take(self, device: int, batch: Sequence[Sent]) -> tuple[Decided, ...]:
        """A batch of one device; what is applied is written down."""
        known = self.known[device]
        found = decide(batch, stands=self.stands, known=known.values(), on_it=self.on_it, by=device, now=NOW)
        for each in found:
            if each.again:
                continue
            person = each.sent.wanted.person_id
            if each.outcome is Outcome.APPLIED:
                self.history[person].append((device, each.sent))
                self.stands[person] = each.saved
            known[each.sent.uid] = Known(each.sent.uid, person, each.sent.made_at, each.outcome, each.agreed)
        return found


@dataclass
class Device:
    """What one device made, by uid, and the revisions that it saw last."""

    number: int
    made: dict[str, Sent] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)


made = st.tuples(st.just("make"), st.sampled_from(DEVICES), st.sampled_from(PERSONS), st.sampled_from(VALUES))
sent = st.tuples(st.just("send"), st.sampled_from(DEVICES), st.lists(st.integers(0, 4), max_size=4))
looked = st.tuples(st.just("look"), st.sampled_from(DEVICES))
lives = st.lists(st.one_of(made, made, sent, looked), max_size=14)


def live(story: Iterable[tuple], last: Sequence[int]) -> tuple[Server, list[Device], list[Decided]]:
    """Let the devices live; at the end each sends all that it made, in any order of devices."""
    server, devices = Server(), [Device(number) for number in DEVICES]
    answers: list[Decided] = []
    for minute, (act, number, *what) in enumerate(story):
        device = devices[number]
        if act == "make" and len(device.made) < 5:
            person, value = what
            wanted = Wanted(person, value, seen=device.seen.get(person, 0))
            uid = f"{number}-{len(device.made)}"
            device.made[uid] = Sent(uid, wanted, BEGIN + timedelta(minutes=minute))
        elif act == "send":
            batch = [list(device.made.values())[each] for each in what[0] if each < len(device.made)]
            answers += server.take(number, batch)
        elif act == "look":
            device.seen = {person: saved.revision for person, saved in server.stands.items()}
    for number in last:
        answers += server.take(number, list(devices[number].made.values()))
    return server, devices, answers


def of_person(devices: Iterable[Device], person: int) -> list[tuple[int, Sent]]:
    return [
        (device.number, sent)
        for device in devices
        for sent in device.made.values()
        if sent.wanted.person_id == person
    ]


def in_some_order(marks: Sequence[tuple[int, Sent]], stands: Saved) -> bool:
    """Whether the marks, each sent once and alone, end so in some order."""
    for order in permutations(marks):
        server = Server()
        for device, sent in order:
            server.take(device, [sent])
        person = marks[0][1].wanted.person_id
        if server.stands.get(person, NEVER_SAVED).value == stands.value:
            return True
    return False


@settings(max_examples=400, deadline=None)
@given(lives, st.permutations(DEVICES))
def test_whatever_comes_ends_as_some_order_of_the_marks_and_nothing_is_overwritten_unseen(
    story: list[tuple], last: list[int]
) -> None:
    server, devices, answers = live(story, last)
    for person in PERSONS:
        marks = of_person(devices, person)
        stands = server.stands.get(person, NEVER_SAVED)
        assert [sent.wanted.value for _, sent in server.history[person]][-1:] in ([], [stands.value])
        assert stands.revision == len(server.history[person])
        if marks and len(marks) <= 6:
            event(f"{len(marks)} marks of a person")
            assert in_some_order(marks, stands)
        before: list[Value] = []
        for device, sent in server.history[person]:
            unseen = before[sent.wanted.seen :]
            assert not unseen or unseen[-1] in said_before(devices[device], sent), "overwritten unseen"
            before.append(sent.wanted.value)
    first: dict[str, Outcome] = {}
    for answer in answers:
        assert first.setdefault(answer.sent.uid, answer.outcome) is answer.outcome
    assert first.keys() == {uid for device in devices for uid in device.made}
    for device in devices:
        for uid, sent in device.made.items():
            require_accounted_for(sent, first[uid], server, device)


def said_before(device: Device, sent: Sent) -> list[Value]:
    """What the device itself said of the same person until then: that is what it shows."""
    marks = [each for each in device.made.values() if each.made_at < sent.made_at]
    return [each.wanted.value for each in marks if each.wanted.person_id == sent.wanted.person_id]


def require_accounted_for(sent: Sent, outcome: Outcome, server: Server, device: Device) -> None:
    """Applied, superseded visibly, or a question to somebody."""
    person = sent.wanted.person_id
    ever = [VALUES[-1], *(each.wanted.value for _, each in server.history[person])]
    if outcome is Outcome.APPLIED:
        assert sent in [each for _, each in server.history[person]]
    elif outcome is Outcome.UNCHANGED:
        newer = [
            each
            for each in device.made.values()
            if each.wanted.person_id == person and each.made_at > sent.made_at
        ]
        assert newer or sent.wanted.value in ever
    else:
        assert outcome is Outcome.CONFLICT
        assert any(each is not sent for _, each in server.history[person])


def mark(uid: str, value: Value, minute: int, **more: object) -> Sent:
    return Sent(uid, Wanted(11, value, **more), BEGIN + timedelta(minutes=minute))  # type: ignore[arg-type]


PRESENT, ABSENT, LATE, NOTHING = VALUES


def told(server: Server, device: int, *batch: Sent) -> list[tuple[str, Outcome, Value, bool]]:
    return [
        (each.sent.uid, each.outcome, each.saved.value, each.again) for each in server.take(device, batch)
    ]


def test_a_device_goes_over_what_it_said_itself_and_its_older_mark_comes_too_late() -> None:
    server = Server()
    first, second, third = mark("a", PRESENT, 1), mark("b", LATE, 2), mark("c", NOTHING, 3)
    assert told(server, 0, second, first) == [
        ("a", Outcome.APPLIED, PRESENT, False),
        ("b", Outcome.APPLIED, LATE, False),
    ]
    assert told(server, 1, mark("x", ABSENT, 1)) == [("x", Outcome.CONFLICT, LATE, False)]
    assert told(server, 0, third, first) == [
        ("a", Outcome.APPLIED, LATE, True),
        ("c", Outcome.APPLIED, NOTHING, False),
    ]
    assert told(server, 2, mark("z", ABSENT, 9, seen=3), mark("y", PRESENT, 5, seen=3)) == [
        ("y", Outcome.APPLIED, PRESENT, False),
        ("z", Outcome.APPLIED, ABSENT, False),
    ]
    assert told(server, 2, mark("w", PRESENT, 7, seen=3)) == [("w", Outcome.UNCHANGED, ABSENT, False)]


def test_where_nobody_can_be_asked_and_where_nothing_can_be_saved_it_waits() -> None:
    def decided(*batch: Sent, terms: Terms, on_it: Sequence[int] = (11,)) -> list[tuple[str, str, str]]:
        stands = {11: Saved(PRESENT, 4, by=3)}
        found = decide(batch, stands=stands, known=(), on_it=on_it, by=1, now=NOW, terms=terms)
        return [(each.sent.uid, each.outcome.value, each.why or "") for each in found]

    nobody = Terms(asks=False)
    assert decided(mark("a", ABSENT, 1, seen=3), terms=nobody) == [("a", "kept", "conflict")]
    assert decided(mark("a", ABSENT, 1, seen=4), terms=nobody) == [("a", "applied", "")]
    other = Sent("b", Wanted(12, ABSENT), BEGIN)
    assert decided(other, terms=nobody) == [("b", "kept", "not_expected")]
    assert decided(other, terms=Terms()) == [("b", "not_expected", "")]
    locked = Terms(Why.LOCKED)
    two = mark("a", LATE, 1, seen=4), mark("b", ABSENT, 2, seen=4)
    assert decided(*two, terms=locked) == [("a", "unchanged", ""), ("b", "kept", "locked")]
    assert decided(mark("a", PRESENT, 1), terms=locked) == [("a", "unchanged", "")]


numbers = st.lists(st.tuples(st.sampled_from(DEVICES), st.integers(0, 3), st.booleans()), max_size=8)


@settings(deadline=None)
@given(numbers)
def test_a_number_is_only_ever_one_that_was_seen_or_is_one_s_own(story: list[tuple[int, int, bool]]) -> None:
    stands: int | None = None
    by: int | None = None
    known: dict[int, list[Known]] = {device: [] for device in DEVICES}
    seen: dict[int, int | None] = dict.fromkeys(DEVICES)
    for minute, (device, number, looks) in enumerate(story):
        seen[device] = stands if looks else seen[device]
        one = SentNumber(f"{minute}", "headcount", number, seen[device], BEGIN + timedelta(minutes=minute))
        for again in (False, True):
            (found,) = decide_numbers([one], stands={"headcount": stands}, known=known[device])
            assert found.again is again
            if again:
                break
            if found.outcome is Outcome.APPLIED:
                assert stands == seen[device] or by == device or own_said(known[device], stands)
                stands, by = number, device
            else:
                assert (found.outcome is Outcome.UNCHANGED) == (number == stands)
            known[device].append(Known(one.uid, "headcount", one.made_at, found.outcome, found.agreed))


def own_said(known: Sequence[Known], stands: int | None) -> bool:
    return any(each.agreed == stands for each in known)
