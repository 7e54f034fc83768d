"""Countries' packs: dated ages, whom to call at which hour, what gives away, and that every source named is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access.rules import COMING_IN, FACTS, HOUSE
from portal.domain.case import Phase
from portal.domain.people import FAMILY_RELATIONS, STAFF_RELATIONS
from portal.jurisdictions import Jurisdiction, LeakKind, Situation, UnknownJurisdictionError, jurisdiction
from portal.jurisdictions.law import AgeFrom, DatedAge
from portal.jurisdictions.rights import RightCode

NO, ZZ = jurisdiction("no"), jurisdiction("zz")
SUNDAY_NIGHT = datetime(2026, 11, 22, 23, 30)  # noqa: DTZ001 local time of the service, whatever it is
MONDAY_MORNING = datetime(2026, 11, 23, 9)  # noqa: DTZ001


def sources(pack: Jurisdiction) -> Iterator[str]:
    yield from (age.reference for age in pack.ages)
    yield from (clock.reference for law in pack.phases for clock in law.clocks)
    yield from (role.reference for role in pack.roles)
    yield from (override.reference for override in pack.overrides)
    yield from (one.reference for one in pack.outside)
    yield from (one.reference for one in pack.rights)


@pytest.mark.parametrize("pack", [NO, ZZ], ids=lambda pack: str(pack.code))
def test_every_source_a_pack_names_stands_in_it(pack: Jurisdiction) -> None:
    assert set(sources(pack)) <= set(pack.references)


def test_no_rule_of_access_is_without_its_source_in_norway() -> None:
    assert {rule.source for rule in (*COMING_IN, *FACTS)} - {HOUSE} <= set(NO.references)


def test_every_law_says_where_to_read_it() -> None:
    """A lawyer follows the link; only a finding that stands nowhere has none."""
    without = {name for name, one in NO.references.items() if one.url is None}
    assert without == {"electronic_id", "not_alone", "grants_not_registers", "hidden_address"}
    assert all(one.url.startswith("https://") for one in NO.references.values() if one.url is not None)


def test_norway_knows_every_phase_and_every_role() -> None:
    assert {law.phase for law in NO.phases} == set(Phase) - {Phase.UNKNOWN}
    assert {role.relation for role in NO.roles} == FAMILY_RELATIONS | STAFF_RELATIONS


def test_the_overrides_are_those_of_the_house() -> None:
    """R13: danger, duty to report or avert, party access, tribunal or court."""
    assert [reason.code for reason in NO.overrides] == [
        "danger",
        "duty_to_report_or_avert",
        "party_access",
        "tribunal_or_court",
    ]
    assert all(reason.child.context == "child" and reason.adult.context is None for reason in NO.overrides)
    found = NO.override("danger")
    assert found is not None
    assert found is NO.overrides[0]
    assert NO.override("because") is None


def test_norwegian_law_of_the_day() -> None:
    """R4, R6, R8, R15, R21: what is dated is asked by day; what is voted without a day changes nothing."""
    today = date(2026, 11, 22)
    assert [age.on(today) for age in NO.ages] == [13, 15, 0, 18]
    assert NO.ages.appeal_on_moving.on(date(2025, 12, 31)) == 15
    assert NO.ages.appeal_on_moving.on(date(2026, 1, 1)) == 0
    assert NO.ages.party.on(date(2099, 1, 1)) == 15
    assert "12 years" in NO.ages.party.coming
    born = date(2013, 12, 24)
    assert NO.ages.sign_in.reached(born, date(2026, 1, 1)), "from the calendar year"
    assert not NO.ages.sign_in.reached(born, date(2025, 12, 31))
    assert NO.referral_days == 7


@pytest.mark.parametrize("pack", [NO, ZZ], ids=lambda pack: str(pack.code))
def test_every_country_says_something_about_every_right_in_every_phase(pack: Jurisdiction) -> None:
    """Feature C8: what is voluntary, too, as long as something is done."""
    for phase in set(Phase) - {Phase.UNKNOWN, Phase.CLOSED}:
        told = [right.code for right in pack.rights if right.holds_in(phase)]
        assert sorted(told) == sorted(RightCode), phase


def test_born_on_a_leap_day() -> None:
    assert NO.ages.adult.reached_on(date(2008, 2, 29)) == date(2026, 3, 1)
    assert NO.ages.adult.reached_on(date(2008, 2, 28)) == date(2026, 2, 28)


@given(
    birth=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    changed=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    ages=st.tuples(st.integers(10, 20), st.integers(0, 20)).filter(lambda ages: ages[1] <= ages[0]),
)
def test_the_day_an_age_is_reached_is_the_first_on_which_it_is(
    birth: date, changed: date, ages: tuple[int, int]
) -> None:
    age = DatedAge("is old enough", "law", (AgeFrom(date.min, ages[0]), AgeFrom(changed, ages[1])))
    first = age.reached_on(birth)
    assert age.reached(birth, first)
    assert not age.reached(birth, first - timedelta(days=1)) or first == birth


def test_whom_to_call_by_situation_and_hour() -> None:
    def called(pack: Jurisdiction, situation: Situation | None, at: datetime) -> list[str]:
        return [one.tel for one in pack.to_call(situation, at)]

    for at in (SUNDAY_NIGHT, MONDAY_MORNING):
        assert called(NO, None, at) == ["112", "116111"]
        assert called(NO, Situation.DANGER, at) == ["112", "116111"]
        assert called(NO, Situation.TALK, at) == ["116111"]
    assert called(ZZ, None, SUNDAY_NIGHT) == ["0000"]
    assert called(ZZ, None, MONDAY_MORNING) == ["0000", "001100"]
    assert called(ZZ, Situation.TALK, SUNDAY_NIGHT) == []
    assert called(ZZ, Situation.TALK, MONDAY_MORNING.replace(hour=20)) == []


def found_in(text: str) -> set[LeakKind]:
    return {pattern.kind for pattern in NO.leak_patterns if pattern.regex.search(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dere kan sende det til Granveien 4, 7999 Utvær.", LeakKind.POSTCODE),
        ("Postnr: 7999", LeakKind.POSTCODE),
        ("Vi møtes i Granveien 4 B på tirsdag.", LeakKind.STREET),
        ("Hun bor i Øvre Skogs vei 12.", LeakKind.STREET),
        ("Det er Solhaugen 12, i andre etasje.", LeakKind.STREET),
        ("Ring henne på 412 34 567.", LeakKind.PHONE),
        ("Ring 22 12 34 56 etter skoletid.", LeakKind.PHONE),
        ("Nummeret er +47 41234567", LeakKind.PHONE),
        ("Sofie går nå på Utvær barneskole.", LeakKind.SCHOOL),
        ("Læreren på Utvær skole ringte.", LeakKind.SCHOOL),
        ("Emil har begynt i Tyttebærtunet barnehage.", LeakKind.KINDERGARTEN),
        ("Fødselsnummer 010203 12345", LeakKind.PERSON_NUMBER),
    ],
)
def test_what_gives_a_place_or_person_away(text: str, kind: LeakKind) -> None:
    assert kind in found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vi ses torsdag 26. november 2026 klokka 14.30.",
        "Du kan ringe meg i dag. På mandag er jeg borte, og Jonas svarer imens.",
        "Sofie trives på skolen, og Emil i barnehagen.",
        "Møtet varer fra 9.00 til 10.15. I 2026 har vi hatt fire møter.",
        "Målet er at Sofie får sove hos mormor annenhver helg.",
        "Emilia og Julia Haugen møtte Ola Bakken og Solveig Lia.",
        "Vi har gitt henne en plass i gruppa, og veien videre er ikke bestemt.",
        "Det er § 12-6 som sier det, og 45 av 60 timer er brukt.",
    ],
)
def test_what_a_worker_writes_every_day_does_not(text: str) -> None:
    assert found_in(text) == set()


def test_an_unknown_country_is_an_error() -> None:
    with pytest.raises(UnknownJurisdictionError):
        jurisdiction("xx")
