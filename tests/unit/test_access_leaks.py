"""The leak linter finds what the recipient may not learn, however it is written, and leaves ordinary words alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.access.leaks import MOST_OF_A_KIND, find_leaks, repeated
from portal.domain.shielding import Shielded, ShieldedFrom, ShieldedKind
from portal.jurisdictions import jurisdiction
from portal.jurisdictions.leaks import LeakKind, LeakPattern

NORWAY = jurisdiction("no").leak_patterns
A_LOT = 200_000
"""Characters. Quadratic in these would not come back while somebody waits."""
SCHOOL, STREET, POSTCODE = ShieldedKind.SCHOOL, ShieldedKind.STREET, ShieldedKind.POSTCODE
PHONE, PERSON, PLACE = ShieldedKind.PHONE, ShieldedKind.PERSON, ShieldedKind.PLACE


def shielded(*items: tuple[ShieldedKind, str], places_hidden: bool = False) -> ShieldedFrom:
    return ShieldedFrom(places_hidden, tuple(Shielded(kind, text) for kind, text in items))


def kinds(text: str, *items: tuple[ShieldedKind, str], places_hidden: bool = False) -> list[str]:
    found = find_leaks(text, shielded(*items, places_hidden=places_hidden), NORWAY)
    return [finding.kind.value for finding in found]


@pytest.mark.parametrize(
    ("kind", "name", "written"),
    [
        (SCHOOL, "Lia skole", "Møtet er på Lia skole."),
        (SCHOOL, "Lia skole", "møtet er på LIA SKOLE"),
        (SCHOOL, "Lia skole", "Lia skoles rektor, liaskolen"),
        (SCHOOL, "Lia skole", "Møtet er på Lia\n   skole"),
        (SCHOOL, "Lia skole", "Li\u200ba\u00ad sko\u2060le"),
        (SCHOOL, "Lia skole, rom 104", "på Lia skole"),
        (PLACE, "Granlia", "Granlias beboere"),
        (PLACE, "Granlia", "G r a n l i a"),
        (PLACE, "Granlia", "G.r.a.n-l_i*a"),
        (PLACE, "Granlia", "Gran-\nlia"),
        (PLACE, "Granlia", "Gr\u0430nli\u0430"),  # Cyrillic
        (PLACE, "Granlia", "\uff27\uff52anlia"),  # full width
        (PLACE, "Granlia", "bofellesskapetgranlia"),
        (PLACE, "Åsen", "Aasen"),
        (PLACE, "Aasen", "til Åsen"),
        (PLACE, "Løkka", "på Loekka, på Lokka"),
        (PLACE, "Lia", "ved Lia i morgen"),
        (PLACE, "Lia", "Lias vei"),
        (PLACE, "Lia", "L i a"),
        (PERSON, "Æneas", "AENEAS"),
        (PERSON, "Ola", "Ola's"),
        (PERSON, "Zoë", "Zoe"),
        (STREET, "Solveien", "Solveien 14"),
        (POSTCODE, "5003", "5003 Bergen"),
        (POSTCODE, "5003", "5 0 0 3"),
        (POSTCODE, "5003", "٥٠٠٣"),
        (PHONE, "55 00 00 11", "ring 55000011"),
        (PHONE, "55000011", "+4755 00 00 11"),
        (PHONE, "55000011", "5500-0011"),
    ],
)
def test_a_shielded_thing_is_found_however_it_is_written(kind: ShieldedKind, name: str, written: str) -> None:
    assert kinds(written, (kind, name)) == [kind.value]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Lia", "Familien har det bra, hele familia."),
        ("Lia", "Liam kommer på besøk."),
        ("Lunde", "Vi vil undersøke saken og alle hundene under ett."),
        ("Ola", "jo la oss se"),
        ("Granlia", "Grønn li, gran og hegg."),
        ("5003", "Vedtak 150032 av i dag"),
        ("Lia skole", "Lia ligger fint til. Skole er viktig."),
        ("", "hva som helst"),
        ("…", "hva som helst …"),
    ],
)
def test_ordinary_words_are_left_alone(name: str, written: str) -> None:
    assert kinds(written, (PLACE, name)) == []


@given(some.text(), some.text(), some.sampled_from(["Granlia", "Lia skole", "Solveien", "55000011", "Æneas Å."]))
def test_a_name_put_anywhere_into_any_text_is_found(before: str, after: str, name: str) -> None:
    assert kinds(before + name + after, (PLACE, name)) == ["place"]


@given(some.text(), some.text(), some.sampled_from(["Lia", "Ola", "5003", "Åse"]))
def test_a_short_name_is_found_wherever_it_stands_by_itself(before: str, after: str, name: str) -> None:
    assert kinds(f"{before} {name}. {after}", (PERSON, name)) == ["person"]


@given(some.text(alphabet="Granlia skole\u200b\u00ad.-\n", max_size=60), some.lists(some.text(), max_size=5))
def test_no_text_and_no_name_makes_it_stumble(text: str, names: list[str]) -> None:
    found = find_leaks(text, shielded(*((PLACE, name) for name in names), places_hidden=True), NORWAY)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("piece", ["lia ", "l i a ", "A-", "Granli", "5", "5 ", "Aa", "\u200b", "vei ", "\n1234 "])
def test_no_long_text_holds_it_up(piece: str) -> None:
    text = piece * (A_LOT // len(piece))
    items = ((PLACE, "Granlia"), (PLACE, "Lia"), (SCHOOL, "Lia skole"), (POSTCODE, "5003"), (PHONE, "55000011"))
    found = find_leaks(text, shielded(*items, places_hidden=True), NORWAY)
    assert len(found) <= len(items) + MOST_OF_A_KIND * len(NORWAY)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Adressen er Parkveien 12.", LeakKind.STREET),
        ("Hun bor i Storgata.", LeakKind.STREET),
        ("Send det til oss, 5003 Bergen", LeakKind.POSTCODE),
        ("Ring 412 34 567", LeakKind.PHONE),
        ("Ring +47 41234567", LeakKind.PHONE),
        ("Ring 41\u200b23\u200b45\u200b67", LeakKind.PHONE),
        ("Han går på Fjellet skole", LeakKind.SCHOOL),
        ("Blåklokka barnehage ringte", LeakKind.KINDERGARTEN),
    ],
)
def test_what_looks_like_a_place_counts_where_places_are_hidden_and_only_there(written: str, kind: LeakKind) -> None:
    assert kind.value in kinds(written, places_hidden=True)
    assert kinds(written) == []


@pytest.mark.parametrize(
    "written", ["Vi ses på torsdag 12. mars 2031 klokka 15.30.", "Saken tar 3 måneder. I 2031 er du 15."]
)
def test_days_and_times_are_no_places(written: str) -> None:
    assert kinds(written, places_hidden=True) == []


def test_a_pattern_says_nothing_twice_of_what_is_shielded_by_name() -> None:
    assert kinds("Lia skole", (SCHOOL, "Lia skole"), places_hidden=True) == ["school"]


def test_what_is_found_says_the_words_but_not_in_a_log() -> None:
    (found,) = find_leaks("I lia skoles gård", shielded((SCHOOL, "Lia skole")), ())
    assert found.words == "Lia skole"
    assert "Lia" not in repr(found)
    assert "Lia" not in repr(shielded((SCHOOL, "Lia skole")))


def test_a_pattern_that_finds_itself_everywhere_is_cut_off() -> None:
    anything = LeakPattern(LeakKind.PHONE, re.compile(r"\d+"))
    found = find_leaks(" ".join(map(str, range(500))), shielded(places_hidden=True), (anything,))
    assert len(found) == MOST_OF_A_KIND


SAID = "Han ble sint og slo i bordet da jeg kom for sent hjem fra trening."


@pytest.mark.parametrize(
    "reply",
    [
        "Du skrev at han ble sint og slo i bordet da jeg kom for sent.",
        "Du skrev: «HAN BLE SINT, og slo i bordet … da jeg kom\nfor sent hjem fra trening»",
    ],
)
def test_eight_words_in_a_row_are_somebodys_own(reply: str) -> None:
    (run,) = repeated(reply, [SAID])
    assert run.casefold().startswith("han ble sint")
    hidden = shielded((ShieldedKind.WORDS, SAID))
    assert [finding.kind for finding in find_leaks(reply, hidden, ())] == [ShieldedKind.WORDS]


def test_seven_words_are_not_and_two_places_are_two_runs() -> None:
    words = SAID.rstrip(".").split()
    assert repeated(" ".join(words[:7]), [SAID]) == ()
    twice = f"{' '.join(words[:8])} eller noe annet {' '.join(words[4:13])}"
    assert repeated(twice, [SAID]) == (" ".join(words[:8]), " ".join(words[4:13]))
    assert repeated(twice, []) == ()
