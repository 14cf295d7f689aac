"""New, changed, the same, likely the same, refused: each rule by itself, and all against brute force."""

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.imports import around, comparing, effects
from scheduler.domain.imports.around import Around, Group, Index, Known
from scheduler.domain.imports.comparing import compare
from scheduler.domain.imports.drafts import Draft
from scheduler.domain.imports.judging import Admission, Change, Choice, Effect, Judged, Outcome, Place
from scheduler.domain.imports.reading import Slip
from scheduler.domain.schedule.terms import Term

TODAY = date(2026, 7, 15)
NEW, CHANGED, SAME, DUPLICATE, REFUSED = (
    *(Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.DUPLICATE, Outcome.REFUSED),
)


def here(*people: Known, groups: tuple[Group, ...] = (), needs_site: bool = False) -> Around:
    named: dict[str, tuple[Group, ...]] = {}
    for group in groups:
        named[group.title.casefold()] = (*named.get(group.title.casefold(), ()), group)
    return Around(Index(people), {"day": 7}, {"elm": 8}, named, TODAY, needs_site)


def known(number: int = 1, name: str = "Ada Lovelace", **more: object) -> Known:
    values = {"birth_year": None, "email": None, "phone": None} | more
    return Known(number, name, name.casefold(), **values)  # type: ignore[arg-type]


def row(number: int = 2, name: str = "Ada Lovelace", **more: object) -> Draft:
    return Draft(number, name, name.casefold(), **more)  # type: ignore[arg-type]


def judged(*drafts: Draft, by: Around, choices: dict[int, Choice] | None = None) -> list[Outcome]:
    return [each.outcome for each in compare(drafts, by, choices)]


def test_somebody_nobody_knows_is_new() -> None:
    assert compare([row()], here()) == (Judged(row(), NEW, NEW),)


def test_a_name_and_a_channel_are_surely_the_same_person() -> None:
    ada = known(email="ada@x.example", phone="555 0100 000")
    draft = row(phone="(555) 0100-000", birth_year=1985)
    found = Effect(changes=(Change("birth_year", "", "1985"),))
    assert compare([draft], here(ada)) == (Judged(draft, CHANGED, CHANGED, person_id=1, effect=found),)


def test_a_name_and_a_year_are_likely_the_same_person_unless_nothing_would_change() -> None:
    ada = known(birth_year=1985)
    assert judged(row(birth_year=1985), by=here(ada)) == [SAME]
    assert judged(row(birth_year=1985, phone="555 0100 000"), by=here(ada)) == [DUPLICATE]
    assert judged(row(), by=here(ada)) == [DUPLICATE]
    assert judged(row(birth_year=1986), by=here(ada)) == [NEW]


def test_a_channel_under_another_name_is_asked_about() -> None:
    ada = known(email="ada@x.example")
    assert judged(row(name="Ada King", email="ada@x.example"), by=here(ada)) == [DUPLICATE]


def test_rows_of_one_list_that_mean_one_person_are_asked_about() -> None:
    twice = [row(2, birth_year=1985), row(3, birth_year=1985), row(4, birth_year=1999)]
    assert judged(*twice, by=here()) == [NEW, DUPLICATE, NEW]
    assert compare(twice, here())[1].twin == 2
    decided = compare(twice, here(), {3: Choice.NEW})
    assert [each.does for each in decided] == [NEW, NEW, NEW]


def test_two_who_share_a_name_are_told_apart_by_their_addresses() -> None:
    two = (known(1, email="a@x.example"), known(2, email="b@x.example"))
    found = compare([row(2, email="a@x.example"), row(3, email="b@x.example")], here(*two))
    assert [(each.outcome, each.person_id) for each in found] == [(SAME, 1), (SAME, 2)]


def test_an_address_that_was_confirmed_or_is_anothers_stays() -> None:
    ada = known(phone="555 0100 000", email="ada@x.example", keeps_email=True)
    draft = row(phone="555 0100 000", email="new@x.example")
    assert compare([draft], here(ada))[0].effect == Effect(remarks=(effects.KEEPS_EMAIL,))
    other = known(2, "Grace Hopper", email="new@x.example")
    free = known(phone="555 0100 000")
    assert compare([draft], here(free, other))[0].effect == Effect(remarks=(effects.WITHOUT_EMAIL,))


def test_somebody_else_with_a_taken_address_is_made_without_it() -> None:
    ada = known(email="ada@x.example")
    draft = row(name="Ada King", email="ada@x.example")
    found = compare([draft], here(ada), {2: Choice.NEW})[0]
    assert (found.does, found.draft.email, found.effect.remarks) == (NEW, None, (effects.WITHOUT_EMAIL,))


def test_who_works_here_is_never_named_and_never_changed() -> None:
    boss = known(email="ada@x.example", birth_year=1985, is_taboo=True)
    assert judged(row(birth_year=1985), by=here(boss)) == [NEW]
    found = compare([row(email="ada@x.example")], here(boss))[0]
    assert (found.outcome, found.person_id, found.effect.reasons) == (REFUSED, None, (comparing.TAKEN,))


def test_who_can_be_the_same_as_nobody_stays_undecided() -> None:
    twice = [row(2), row(3)]
    found = compare(twice, here(), {3: Choice.SAME})[1]
    assert (found.outcome, found.does, found.choice) == (DUPLICATE, SAME, None)
    both = compare(twice, here(known(birth_year=1985)), {2: Choice.OUT, 3: Choice.OUT})
    assert [each.choice for each in both] == [Choice.OUT, Choice.OUT]


def test_a_row_is_taken_without_what_it_can_do_without_if_that_is_wanted() -> None:
    slip = Slip("This is not an e-mail address. (x)", "e-mail")
    bad = row(program="Night", groups=("Monday",), slips=(slip,))
    by = replace(here(), program_names=("Day", "Evening"))
    refused = compare([bad], by)[0]
    assert (refused.outcome, refused.could_do_without) == (REFUSED, True)
    assert refused.effect.reasons[1] == "There is no program “Night”. There are: Day, Evening."
    taken = compare([bad], by, is_lenient=True)[0]
    assert (taken.outcome, taken.does, taken.draft.program, taken.draft.groups) == (NEW, NEW, "", ())
    assert taken.effect.remarks == (
        "Without the e-mail: this is not an e-mail address. (x)",
        "Without the program: there is no program “Night”. There are: Day, Evening.",
        "Without the group: there is no group “Monday”.",
    )


def test_a_row_without_a_name_or_a_site_that_is_there_is_refused_all_the_same() -> None:
    slip = Slip("This is not an e-mail address. (x)", "e-mail")
    found = compare([row(site="Oak", slips=(slip,))], here(), is_lenient=True)[0]
    assert (found.outcome, found.could_do_without) == (REFUSED, False)


def test_what_is_not_there_is_named() -> None:
    twins = (Group(1, "Tuesday"), Group(2, "Tuesday"))
    found = compare([row(program="Night", site="Oak", groups=("Monday", "Tuesday"))], here(groups=twins))
    assert found[0].effect.reasons == (
        "There is no program “Night”.",
        "There is no site “Oak”.",
        "There is no group “Monday”.",
        "Several groups are called “Tuesday”.",
    )
    assert judged(row(), by=here(needs_site=True)) == [REFUSED]


def test_a_new_person_is_admitted_and_enrolled_from_today_or_later() -> None:
    draft = row(program="Day", site="Elm", admitted_on=date(2026, 7, 1), groups=("Tuesday",))
    found = compare([draft], here(groups=(Group(5, "Tuesday", ends_on=date(2026, 9, 1)),)))[0].effect
    assert found == Effect(
        admission=Admission(7, 8, date(2026, 7, 1), None),
        places=(Place(5, Term(TODAY, date(2026, 9, 1))),),
    )


def test_a_group_takes_as_many_as_it_has_places_and_the_rest_are_refused() -> None:
    drafts = [row(number, f"Person {number}", groups=("Tuesday",)) for number in range(2, 6)]
    group = Group(5, "Tuesday", capacity=2)
    found = compare(drafts, here(groups=(group,)))
    assert [each.outcome for each in found] == [NEW, NEW, REFUSED, REFUSED]
    assert found[2].effect.reasons == (f"Tuesday: {around.FULL}",)
    closed = Group(5, "Tuesday", closed=True)
    assert compare(drafts[:1], here(groups=(closed,)))[0].effect.reasons == (f"Tuesday: {around.CLOSED}",)


def test_a_group_outside_the_stay_is_refused() -> None:
    over = row(admitted_on=date(2026, 5, 1), discharged_on=date(2026, 6, 1), groups=("Tuesday",))
    found = compare([over], here(groups=(Group(5, "Tuesday"),)))[0]
    assert (found.outcome, found.effect.reasons) == (REFUSED, (f"Tuesday: {effects.NO_STAY}",))


def test_a_stay_that_lasts_is_left_alone_and_one_that_is_over_is_followed_by_another() -> None:
    draft = row(phone="555 0100 000", admitted_on=date(2026, 7, 1))
    lasting = known(phone="555 0100 000", stays=(Term(date(2026, 1, 1)),))
    assert compare([draft], here(lasting))[0].effect == Effect(remarks=(effects.HAS_STAY,))
    over = known(phone="555 0100 000", stays=(Term(date(2026, 1, 1), date(2026, 2, 1)),))
    assert compare([draft], here(over))[0].effect.admission == Admission(None, None, date(2026, 7, 1), None)
    same = known(phone="555 0100 000", stays=(Term(date(2026, 7, 1)),))
    assert compare([draft], here(same))[0].outcome is SAME


def test_somebody_disabled_is_not_changed() -> None:
    ada = known(phone="555 0100 000", is_active=False)
    found = compare([row(phone="555 0100 000", birth_year=1985)], here(ada))[0]
    assert (found.outcome, found.effect.reasons) == (REFUSED, (effects.DISABLED,))


NAMES = st.sampled_from(["Ada", "Grace", "Mary"])
YEARS = st.sampled_from([None, 1985, 1990])
MAILS = st.sampled_from([None, "a@x.example", "b@x.example"])
PHONES = st.sampled_from([None, "555 0100 001", "555-0100-002"])
CHOICES = st.dictionaries(st.integers(2, 9), st.sampled_from(Choice))


@st.composite
def centers(draw: st.DrawFn) -> list[Known]:
    mails = iter(["a@x.example", "b@x.example"])
    return [
        known(
            number,
            draw(NAMES),
            birth_year=draw(YEARS),
            email=next(mails, None) if draw(st.booleans()) else None,
            phone=draw(PHONES),
            keeps_email=draw(st.booleans()),
            is_taboo=draw(st.integers(0, 4)) == 0,
        )
        for number in range(1, draw(st.integers(0, 4)) + 1)
    ]


@st.composite
def lists(draw: st.DrawFn) -> list[Draft]:
    return [
        row(number, draw(NAMES), birth_year=draw(YEARS), email=draw(MAILS), phone=draw(PHONES))
        for number in range(2, draw(st.integers(0, 6)) + 2)
    ]


@settings(max_examples=300, deadline=None)
@given(centers(), lists(), CHOICES)
def test_whatever_a_list_says_nobody_is_made_twice_or_changed_who_must_not(
    people: list[Known], drafts: list[Draft], choices: dict[int, Choice]
) -> None:
    found = compare(drafts, here(*people), choices)
    taboo = {person.id for person in people if person.is_taboo}
    mails = Counter(person.email for person in people if person.email)
    meant = Counter(each.person_id for each in found if each.does is CHANGED)
    assert not taboo & {each.person_id for each in found}
    assert max(meant.values(), default=0) <= 1
    for each in found:
        if each.does is NEW and each.draft.email:
            mails[each.draft.email] += 1
    assert max(mails.values(), default=0) <= 1
    for each in found:
        if each.outcome is NEW:  # brute force: nobody here and no taken row before is like it
            before = [other for other in found[: found.index(each)] if other.does is not SAME]
            others = [*(person for person in people if not person.is_taboo), *(o.draft for o in before)]
            assert not any(_alike(each.draft, other) for other in others)
        if each.outcome is DUPLICATE and each.choice is None:
            assert each.does is SAME


def _alike(draft: Draft, other: Known | Draft) -> bool:
    apart = None not in {draft.birth_year, other.birth_year} and draft.birth_year != other.birth_year
    if draft.search == other.search and not apart:
        return True
    mail = draft.email is not None and draft.email == other.email
    signs = [(each or "").replace("-", " ") for each in (draft.phone, other.phone)]
    return mail or (bool(signs[0]) and signs[0] == signs[1])


@settings(max_examples=150, deadline=None)
@given(centers(), lists())
def test_a_list_that_was_taken_over_changes_nothing_the_second_time(
    people: list[Known], drafts: list[Draft]
) -> None:
    """But for rows left out, because it was asked whether they are somebody: by then they may be not."""
    grown = {person.id: person for person in people}
    first = compare(drafts, here(*people))
    left_out = {each.draft.number for each in first if each.outcome is DUPLICATE}
    for each in first:
        if each.does is NEW:
            number = 100 + each.draft.number
            draft = each.draft
            grown[number] = known(
                number, draft.name, birth_year=draft.birth_year, email=draft.email, phone=draft.phone
            )
        if each.does is CHANGED:
            old = grown[each.person_id or 0]
            new = {change.field: change.new for change in each.effect.changes}
            grown[old.id] = known(
                old.id,
                new.get("name", old.name),
                birth_year=int(new["birth_year"]) if "birth_year" in new else old.birth_year,
                email=new.get("email", old.email),
                phone=new.get("phone", old.phone),
                keeps_email=old.keeps_email,
                is_taboo=old.is_taboo,
            )
    again = compare(drafts, here(*grown.values()))
    new = [each for each in again if each.outcome is NEW]
    assert [each for each in new if each.draft.number not in left_out] == []


def test_a_title_of_several_groups_is_in_place_for_whoever_belongs_to_one() -> None:
    ada = known(birth_year=1985)
    talks = tuple(Group(number, "Talk") for number in (5, 6))
    talks[1].take(1, Term(date(2026, 7, 1)))
    assert judged(row(birth_year=1985, groups=("Talk",)), by=here(ada, groups=talks)) == [SAME]
    assert judged(row(name="Bea Unknown", groups=("Talk",)), by=here(ada, groups=talks)) == [REFUSED]
    other = tuple(Group(number, "Talk") for number in (5, 6))
    assert judged(row(birth_year=1985, groups=("Talk",)), by=here(ada, groups=other)) == [REFUSED]


def test_a_row_for_another_site_says_nothing_of_who_has_its_address() -> None:
    hidden = known(name="Bea Hidden", email="bea@x.example", is_taboo=True)
    around_them = here(hidden, needs_site=True)
    for site, reasons in (
        ("oak", ("There is no site “oak”.",)),
        ("", (comparing.NO_SITE,)),
        ("elm", (comparing.TAKEN,)),
    ):
        (found,) = compare([row(site=site, email="bea@x.example")], around_them)
        assert found.effect.reasons[:1] == reasons
        assert len(found.effect.reasons) == 1
