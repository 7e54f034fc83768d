"""Invitations, words and PINs at their own doors: races, guesses, waiting, and what the database may know."""

from __future__ import annotations

import re
import string
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.people import Realm
from portal.identity import words
from portal.identity.accounts import Accounts
from portal.identity.credentials import (
    CredentialRefusedError,
    Credentials,
    EasyPinError,
    MustWaitError,
    clean_pin,
    is_easy,
)
from portal.identity.enrolment import Arrival, Entered, WaysIn
from portal.identity.invitations import InvitationRefusedError, Invitations, digits
from portal.identity.own_code import OwnCodes
from portal.identity.session import Session
from portal.identity.sessions import Sessions
from portal.identity.slow import SlowHash
from portal.outbox.drafts import Drafts
from portal.store.crypto import DraftKeys
from portal.store.unit import Store
from portal.texts.lix import forbidden
from tests.fakes.clock import ManualClock

KEY = b"k" * 32
SERVICE = "fjordvik"
CHILD = "child-1"
WORKER = str(uuid.uuid4())
PIN = "7402"
CHEAP = SlowHash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
HERE = Arrival(SERVICE, "nb", shared=False, replaced_token=None)


class CountingHash(SlowHash):
    """Counts how often it worked."""

    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.worked = 0

    def matches(self, kept: str | None, secret: str) -> bool:
        """As ever."""
        self.worked += 1
        return super().matches(kept, secret)


@dataclass
class Desk:
    """Everything a child needs to be let in, over one database."""

    store: Store
    clock: ManualClock
    slow: SlowHash = CHEAP

    def __post_init__(self) -> None:
        self.invitations = Invitations(self.store, KEY, self.clock)
        self.credentials = Credentials(self.store, KEY, self.slow, self.clock)
        self.sessions = Sessions(self.store, self.clock)
        accounts = Accounts(self.clock)
        drafts = Drafts(self.store, DraftKeys({"k": b"d" * 32}, "k"), self.clock)
        codes = OwnCodes(self.store, drafts, self.clock, self.slow, KEY)
        self.ways_in = WaysIn(
            self.invitations, self.credentials, accounts, self.sessions, own_codes=codes, clock=self.clock
        )

    def code(self, child: str = CHILD, service: str = SERVICE) -> str:
        with self.store.write() as connection:
            return self.invitations.create(connection, service, child, WORKER).code

    def take(self, code: str, browser: str | None = None, service: str = SERVICE) -> str:
        with self.store.write() as connection:
            return self.invitations.take(connection, service, code, browser)

    def words(self, browser: str) -> str:
        with self.store.write() as connection:
            return " ".join(self.invitations.show_words(connection, SERVICE, browser, "nb"))

    def enrol(self, browser: str, pin: str = PIN) -> Entered:
        new = self.credentials.prepare(SERVICE, pin)
        with self.store.write() as connection:
            return self.ways_in.enrol(connection, HERE, browser, new)

    def let_in(self, child: str = CHILD) -> tuple[str, Entered]:
        browser = self.take(self.code(child))
        return self.words(browser), self.enrol(browser)

    def sign_in(self, typed: str, pin: str = PIN) -> Entered:
        opened = self.credentials.check(SERVICE, typed, pin)
        with self.store.write() as connection:
            return self.ways_in.sign_in(connection, HERE, opened)

    def take_away(self, child: str = CHILD) -> None:
        with self.store.write() as connection:
            self.ways_in.take_away(connection, SERVICE, child)

    def is_in(self, entered: Entered) -> bool:
        return isinstance(self.sessions.read(SERVICE, Realm.FAMILY, entered.token), Session)


@pytest.fixture
def desk(store: Store, clock: ManualClock) -> Desk:
    return Desk(store, clock)


def at_once(*calls: object) -> list[object]:
    """What happens when all begin in the same moment: results, or the errors they raised."""
    start = Barrier(len(calls))

    def run(call: object) -> object:
        start.wait()
        try:
            return call()  # type: ignore[operator]
        except (InvitationRefusedError, CredentialRefusedError) as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def one_slip_apart(one: str, other: str) -> bool:
    if len(one) == len(other):
        unlike = [place for place in range(len(one)) if one[place] != other[place]]
        swapped = len(unlike) == 2 and one[unlike[0]] == other[unlike[1]] and one[unlike[1]] == other[unlike[0]]
        return len(unlike) == 1 or swapped
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def test_the_words_are_many_plain_and_never_one_slip_apart() -> None:
    found = words.word_list("nb")
    assert len(found) == len(set(found)) >= 1024
    for word in found:
        assert set(word) <= set(string.ascii_lowercase)
        assert 2 < len(word) <= 10
        assert not forbidden(word)
    near = [(one, other) for i, one in enumerate(found) for other in found[i + 1 :] if one_slip_apart(one, other)]
    assert near == []


def test_words_are_chosen_by_chance_and_none_twice() -> None:
    chosen = [words.choose("nb") for _ in range(300)]
    assert all(len(set(four)) == 4 for four in chosen)
    assert len(set(chosen)) == 300
    assert max(Counter(word for four in chosen for word in four).values()) < 20
    assert words.choose("ar")[0] in words.word_list("nb")


@pytest.mark.parametrize(
    "typed",
    [
        "hest sykkel eple rakett",
        "HEST, Sykkel,eple;  rakett.",
        "  hest\tsykkel\u00a0eple\nrakett  ",
        "hestsykkel eple-rakett",
        "h\u00e9st sykkel eple rakett",
    ],
)
def test_words_are_read_back_forgivingly(typed: str) -> None:
    assert words.as_typed(typed) == "hestsykkeleplerakett"


def test_the_order_counts_and_letters_of_the_north_are_understood() -> None:
    assert words.as_typed("eple hest") != words.as_typed("hest eple")
    assert words.as_typed("b\u00e6r \u00d8y \u00e5") == words.as_typed("baer oy a")


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read(typed: str) -> None:
    assert re.fullmatch(r"[a-z]*", words.as_typed(typed))
    assert re.fullmatch(r"\d{8}|", digits(typed))
    assert len(clean_pin(typed)) <= 24


@pytest.mark.parametrize(
    "pin",
    ["0000", "1234", "4321", "9012", "123456", "1998", "2017", "1212", "2580", "112233", "", "740", "7402913", "74a2"],
)
def test_an_easy_or_odd_pin_is_refused(desk: Desk, pin: str) -> None:
    with pytest.raises(EasyPinError):
        desk.credentials.prepare(SERVICE, pin)


@pytest.mark.parametrize("pin", ["7402", "19287", "402913", "2213"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    assert not is_easy(pin)


def test_of_two_browsers_at_once_one_gets_the_code(desk: Desk) -> None:
    code = desk.code()
    results = at_once(*[lambda: desk.take(code)] * 4)
    assert sum(isinstance(result, str) for result in results) == 1


def test_of_two_pins_at_once_one_makes_the_way_in(desk: Desk) -> None:
    browser = desk.take(desk.code())
    desk.words(browser)
    results = at_once(lambda: desk.enrol(browser), lambda: desk.enrol(browser, "9183"))
    assert sum(isinstance(result, Entered) for result in results) == 1
    assert len(desk.credentials.ways_in(SERVICE, CHILD)) == 1


def test_taking_away_while_a_way_in_is_being_made_leaves_nothing(desk: Desk) -> None:
    for _ in range(5):
        browser = desk.take(desk.code())
        desk.words(browser)
        made, _ = at_once(lambda browser=browser: desk.enrol(browser), desk.take_away)
        assert desk.credentials.ways_in(SERVICE, CHILD) == ()
        assert not isinstance(made, Entered) or not desk.is_in(made)


def test_taking_away_while_somebody_signs_in_leaves_nothing(desk: Desk) -> None:
    for _ in range(5):
        typed, _ = desk.let_in()
        entered, _ = at_once(lambda typed=typed: desk.sign_in(typed), desk.take_away)
        assert not isinstance(entered, Entered) or not desk.is_in(entered)


def test_a_way_in_taken_away_between_the_pin_and_the_session_opens_nothing(desk: Desk) -> None:
    typed, _ = desk.let_in()
    opened = desk.credentials.check(SERVICE, typed, PIN)
    desk.take_away()
    with desk.store.write() as connection, pytest.raises(CredentialRefusedError):
        desk.ways_in.sign_in(connection, HERE, opened)


def test_no_way_in_without_words(desk: Desk) -> None:
    browser = desk.take(desk.code())
    with pytest.raises(InvitationRefusedError):
        desk.enrol(browser)


def test_a_code_is_good_until_it_runs_out_and_from_then_on_never(desk: Desk, clock: ManualClock) -> None:
    first, second = desk.code("child-a"), desk.code("child-b")
    clock.advance(minutes=9, seconds=59)
    browser = desk.take(first)
    clock.advance(seconds=1)
    with pytest.raises(InvitationRefusedError):
        desk.take(second)
    desk.words(browser)  # who has begun in time has time for the words and the PIN
    clock.advance(minutes=10)
    with pytest.raises(InvitationRefusedError):
        desk.words(browser)


def test_a_new_code_ends_the_older_one_of_this_child_alone(desk: Desk) -> None:
    older, of_another = desk.code(), desk.code("child-b")
    newer = desk.code()
    with pytest.raises(InvitationRefusedError):
        desk.take(older)
    assert desk.take(newer) != desk.take(of_another)


def test_another_browser_or_service_or_none_gets_nothing(desk: Desk) -> None:
    code = desk.code()
    with pytest.raises(InvitationRefusedError):
        desk.take(code, service="lillevik")
    desk.words(desk.take(code))
    for browser in (None, "", "x" * 43):
        with pytest.raises(InvitationRefusedError):
            desk.invitations.find(SERVICE, browser)
    with pytest.raises(InvitationRefusedError):
        desk.take(code, "x" * 43)


def test_many_tries_at_once_count_as_many(desk: Desk) -> None:
    typed, _ = desk.let_in()
    results = at_once(*[lambda: desk.sign_in(typed, "9999")] * 8)
    compared = [result for result in results if not isinstance(result, MustWaitError)]
    assert len(compared) == 3


def test_while_it_waits_the_right_pin_waits_too_and_then_opens(desk: Desk, clock: ManualClock) -> None:
    typed, _ = desk.let_in()
    for _ in range(3):
        with pytest.raises(CredentialRefusedError):
            desk.sign_in(typed, "9999")
    with pytest.raises(MustWaitError) as waits:
        desk.sign_in(typed)
    assert waits.value.until_utc == clock() + timedelta(seconds=30)
    clock.advance(seconds=30)
    assert desk.is_in(desk.sign_in(typed))


def test_one_slow_comparison_whatever_is_wrong(store: Store, clock: ManualClock) -> None:
    slow = CountingHash()
    desk = Desk(store, clock, slow)
    typed, _ = desk.let_in()
    for wrong_words, pin in [
        (typed, "9999"),
        ("hest katt hund mus", PIN),
        ("", ""),
        (typed, ""),
        (typed, "1"),
        (typed, PIN),
    ]:
        before = slow.worked
        with pytest.raises(CredentialRefusedError):
            desk.sign_in(wrong_words, pin)
        assert slow.worked == before + 1


def test_each_child_is_apart(desk: Desk) -> None:
    mine, entered = desk.let_in("child-a")
    theirs, _ = desk.let_in("child-b")
    desk.take_away("child-b")
    assert desk.is_in(entered)
    assert desk.sign_in(mine).person_id == "child-a"
    with pytest.raises(CredentialRefusedError):
        desk.sign_in(theirs)
    assert desk.credentials.who_have_one(SERVICE, ("child-a", "child-b")) == {"child-a"}


def test_the_same_pin_is_kept_differently_for_each(desk: Desk) -> None:
    assert desk.credentials.prepare(SERVICE, PIN).secret != desk.credentials.prepare(SERVICE, PIN).secret
    stolen = desk.credentials.prepare(SERVICE, PIN).secret
    assert not CHEAP.matches(stolen, PIN), "without the key the PIN alone does not fit what is kept"


def test_what_is_shown_when_something_goes_wrong_holds_no_secret(desk: Desk) -> None:
    with desk.store.write() as connection:
        made = desk.invitations.create(connection, SERVICE, CHILD, WORKER)
    browser = desk.take(made.code)
    typed = desk.words(browser)
    shown = [repr(made), repr(desk.invitations.find(SERVICE, browser)), repr(desk.credentials.prepare(SERVICE, PIN))]
    entered = desk.enrol(browser)
    shown += [repr(entered), repr(desk.credentials.check(SERVICE, typed, PIN)), repr(HERE)]
    for secret in (made.code, browser, PIN, entered.token, "argon2", *typed.split()):
        assert not [text for text in shown if secret in text]
