"""The code before one's own words, over a real database: who is locked, how tries are counted, what never leaks."""

from __future__ import annotations

import logging
import secrets
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from portal.domain.people import Realm
from portal.identity.accounts import Unresolved
from portal.identity.own_code import CodeRefused, OwnCodes, Proof, draft_place
from portal.identity.session import IdleExpired, Session
from portal.identity.sessions import NewSession
from portal.identity.slow import SlowHash
from portal.outbox.drafts import Drafts
from portal.store.crypto import DraftKeys
from portal.store.tables import own_code
from portal.store.unit import Store
from tests.fakes.clock import ManualClock
from tests.fakes.identity import SERVICE, Desk, identified

CODE, OTHER = "4711", "2580"

KEY = b"k" * 32


class CountedHash(SlowHash):
    """A quick hash that counts its work."""

    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.compared = 0

    def matches(self, kept: str | None, secret: str) -> bool:
        self.compared += 1
        return super().matches(kept, secret)


@dataclass
class Owner:
    """One person with as many sessions as they like."""

    desk: Desk
    slow: CountedHash = field(default_factory=CountedHash)

    def __post_init__(self) -> None:
        keys = DraftKeys({"k": secrets.token_bytes(32)}, "k")
        self.store = self.desk.store
        self.drafts = Drafts(self.store, keys, self.desk.clock)
        self.codes = OwnCodes(self.store, self.drafts, self.desk.clock, self.slow, KEY)

    def comes(self, sid: str = "one", person: str | Unresolved = "person-1", **who_else: str) -> str:
        """A new session's token; locked when there is a code."""
        who = identified(provider_sid=f"sid-{sid}", **who_else)
        with self.store.write() as connection:
            account = self.desk.accounts.bind(connection, who, person)
            locked = self.codes.is_set(connection, SERVICE, account.id)
            return self.desk.sessions.create(connection, NewSession(account, who, locked=locked))

    def locked(self, token: str) -> bool:
        return self.desk.live(token).actor.locked

    def sets(self, token: str, new: str = CODE, now: str = "") -> None:
        current = self.desk.live(token)
        proof = self.codes.prove(current, now)
        with self.store.write() as connection:
            self.codes.set(connection, current, proof, self.codes.slow_hash(current.service_id, new))

    def opens(self, token: str, code: str = CODE) -> None:
        current = self.desk.live(token)
        proof = self.codes.prove(current, code, needless_without=True)
        with self.store.write() as connection:
            self.codes.open(connection, current, proof)

    def removes(self, token: str, now: str = CODE) -> bool:
        current = self.desk.live(token)
        proof = self.codes.prove(current, now)
        with self.store.write() as connection:
            return self.codes.remove(connection, current, proof)

    def fails(self, token: str, code: str = OTHER) -> CodeRefused:
        with pytest.raises(CodeRefused) as refusal:
            self.opens(token, code)
        return refusal.value

    def begins(self, token: str, body: str, key: str = "message:1") -> None:
        current = self.desk.live(token)
        with self.store.write() as connection:
            self.drafts.save(connection, SERVICE, current.account_id, draft_place(current, key), {"body": body})

    def has_begun(self, token: str, key: str = "message:1") -> str | None:
        current = self.desk.live(token)
        found = self.drafts.load(SERVICE, current.account_id, draft_place(current, key))
        return None if found is None else str(found.content["body"])


@pytest.fixture
def owner(store: Store, clock: ManualClock) -> Owner:
    return Owner(Desk(store, clock))


def test_without_a_code_no_session_is_locked(owner: Owner) -> None:
    assert not owner.locked(owner.comes())


def test_a_code_locks_every_other_session_and_every_new_one_and_leaves_this_one_open(owner: Owner) -> None:
    here, elsewhere = owner.comes("here"), owner.comes("elsewhere")
    owner.sets(here)
    assert not owner.locked(here)
    assert owner.locked(elsewhere)
    assert owner.locked(owner.comes("later"))


def test_the_right_code_opens_this_session_alone(owner: Owner) -> None:
    owner.sets(owner.comes())
    one, two = owner.comes("one"), owner.comes("two")
    owner.opens(one)
    assert not owner.locked(one)
    assert owner.locked(two)


def test_three_tries_are_free_then_each_waits_longer_and_never_longer_than_a_quarter_of_an_hour(owner: Owner) -> None:
    owner.sets(owner.comes())
    waits = []
    for _ in range(9):
        refusal = owner.fails(owner.comes())
        assert refusal.compared
        waits.append(int(refusal.wait.total_seconds()))
        owner.desk.clock.advance(seconds=waits[-1])
    assert waits == [0, 0, 30, 60, 120, 300, 900, 900, 900]
    owner.opens(owner.comes())
    assert owner.fails(owner.comes()).wait == timedelta(), "the right code begins a new count"


def test_during_a_wait_even_the_right_code_is_not_compared(owner: Owner) -> None:
    owner.sets(owner.comes())
    token = owner.comes()
    for _ in range(3):
        owner.fails(token)
    before = owner.slow.compared
    refusal = owner.fails(token, CODE)
    assert (refusal.compared, refusal.wait) == (False, timedelta(seconds=30))
    assert owner.slow.compared == before
    assert owner.locked(token)
    owner.desk.clock.advance(seconds=30)
    owner.opens(token)
    assert not owner.locked(token)


def test_many_sessions_have_the_tries_of_one(owner: Owner) -> None:
    owner.sets(owner.comes())
    for number in range(3):
        owner.fails(owner.comes(str(number)))
    assert not owner.fails(owner.comes("fresh"), CODE).compared


def test_many_tries_at_the_same_moment_are_counted_before_they_are_compared(owner: Owner) -> None:
    owner.sets(owner.comes())
    tokens = [owner.comes(str(number)) for number in range(8)]
    before = owner.slow.compared
    with ThreadPoolExecutor(8) as pool:
        refusals = list(pool.map(owner.fails, tokens))
    assert sum(refusal.compared for refusal in refusals) == 3
    assert owner.slow.compared - before == 3


def test_a_new_code_needs_the_one_there_is(owner: Owner) -> None:
    token = owner.comes()
    owner.sets(token)
    for now in ("", OTHER):
        with pytest.raises(CodeRefused):
            owner.sets(token, OTHER, now)
    owner.sets(token, OTHER, CODE)
    owner.opens(owner.comes(), OTHER)


def test_trying_a_code_tells_nothing_where_there_is_none(owner: Owner) -> None:
    """The same work, the same refusals, the same waits: whether there is a code is not found out by guessing."""

    def guesses(token: str) -> list[tuple[bool, timedelta, int]]:
        found = []
        for _ in range(5):
            before = owner.slow.compared
            with pytest.raises(CodeRefused) as refusal:
                owner.codes.prove(owner.desk.live(token), OTHER)
            found.append((refusal.value.compared, refusal.value.wait, owner.slow.compared - before))
        return found

    token = owner.comes()
    without = guesses(token)
    owner.desk.clock.advance(seconds=30)
    owner.sets(token)
    assert guesses(token) == without


def test_two_changes_at_once_with_the_same_old_code_are_one(owner: Owner) -> None:
    token = owner.comes()
    owner.sets(token)
    current = owner.desk.live(token)
    proof = owner.codes.prove(current, CODE)
    owner.sets(token, OTHER, CODE)
    with pytest.raises(CodeRefused), owner.store.write() as connection:
        owner.codes.set(connection, current, proof, owner.codes.slow_hash(current.service_id, "1357"))
    with pytest.raises(CodeRefused), owner.store.write() as connection:
        owner.codes.open(connection, current, proof)
    owner.opens(owner.comes(), OTHER)


def test_without_a_code_again_nobody_waits_before_one(owner: Owner) -> None:
    token = owner.comes()
    owner.sets(token)
    waiting = owner.comes("waiting")
    with pytest.raises(CodeRefused):
        owner.removes(token, OTHER)
    assert owner.locked(waiting)
    assert owner.removes(token)
    assert not owner.locked(waiting)
    assert not owner.locked(owner.comes())
    assert not owner.removes(token, ""), "there is none to take away"


def test_a_session_left_locked_without_any_code_is_opened(owner: Owner) -> None:
    token = owner.comes()
    owner.opens(token, "whatever")
    assert not owner.locked(token)


def test_the_worker_takes_the_code_away_and_locks_nothing(owner: Owner) -> None:
    owner.sets(owner.comes())
    token = owner.comes()
    with owner.store.write() as connection:
        assert owner.codes.reset(connection, "lillevik", "person-1") == 0
        assert owner.codes.reset(connection, SERVICE, "somebody-else") == 0
    assert owner.locked(token)
    with owner.store.write() as connection:
        assert owner.codes.reset(connection, SERVICE, "person-1") == 1
        assert owner.codes.reset(connection, SERVICE, "person-1") == 0
    assert not owner.locked(token)
    assert not owner.locked(owner.comes())


def test_what_is_begun_behind_the_code_lies_apart_and_joins_when_it_is_typed(owner: Owner) -> None:
    first = owner.comes()
    owner.begins(first, "older")
    owner.sets(first)
    one, two = owner.comes("one"), owner.comes("two")
    assert owner.has_begun(one) is None
    owner.begins(one, "newer")
    assert owner.has_begun(one) == "newer"
    assert owner.has_begun(two) is None
    assert owner.has_begun(first) == "older"
    owner.opens(two)
    assert owner.has_begun(two) == "older\n\nnewer"
    assert owner.has_begun(one) is None


def test_what_was_written_when_a_locked_session_ran_out_lies_apart_too(owner: Owner) -> None:
    owner.sets(owner.comes())
    token = owner.comes()
    owner.begins(token, "in the middle")
    place = draft_place(owner.desk.live(token), "message:1")
    owner.desk.clock.advance(minutes=31)
    expired = owner.desk.read(token)
    assert isinstance(expired, IdleExpired)
    assert draft_place(expired, "message:1") == place != "message:1"


def test_joined_drafts_keep_every_word_and_the_newer_choices(owner: Owner) -> None:
    token = owner.comes()
    account_id = owner.desk.live(token).account_id
    old = {"who": "child", "choice:a": "no", "words:a": "first", "words:b": "", "submission_id": "1"}
    new = {"who": "child", "choice:a": "yes", "words:a": "second", "words:b": "more", "submission_id": "2"}
    with owner.store.write() as connection:
        owner.drafts.save(connection, SERVICE, account_id, "help", old)
        owner.drafts.save(connection, SERVICE, account_id, "help@x", new)
        owner.drafts.save(connection, SERVICE, account_id, "other@x", {"body": "alone"})
        owner.drafts.rejoin(connection, SERVICE, account_id)
    found = owner.drafts.load(SERVICE, account_id, "help")
    assert found is not None
    assert found.content == new | {"words:a": "first\n\nsecond"}
    alone = owner.drafts.load(SERVICE, account_id, "other")
    assert alone is not None
    assert alone.content == {"body": "alone"}
    assert owner.drafts.load(SERVICE, account_id, "help@x") is None


def test_a_draft_that_cannot_be_read_or_is_too_old_hinders_nobody(owner: Owner) -> None:
    token = owner.comes()
    account_id = owner.desk.live(token).account_id
    foreign = Drafts(owner.store, DraftKeys({"f": secrets.token_bytes(32)}, "f"), owner.desk.clock)
    with owner.store.write() as connection:
        foreign.save(connection, SERVICE, account_id, "sealed@x", {"body": "by another key"})
        owner.drafts.save(connection, SERVICE, account_id, "old@x", {"body": "a week ago"})
    owner.desk.clock.advance(days=8)
    with owner.store.write() as connection:
        foreign.save(connection, SERVICE, account_id, "sealed@x", {"body": "by another key"})
        owner.drafts.rejoin(connection, SERVICE, account_id)
    assert foreign.load(SERVICE, account_id, "sealed@x") is not None
    assert owner.drafts.load(SERVICE, account_id, "old") is None


def test_the_code_is_nowhere_to_be_read(owner: Owner, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the database, a log of any level, an error or a repr (item 39)."""
    caplog.set_level(logging.DEBUG)
    token = owner.comes()
    owner.sets(token, "80318031")
    refusal = owner.fails(owner.comes(), "90419041")
    proof = owner.codes.prove(owner.desk.live(token), "80318031")
    with owner.store.read() as connection:
        row = connection.execute(select(own_code)).one()
    kept = row.secret
    assert kept.startswith("$argon2id$")
    for told in (
        str(refusal),
        repr(refusal),
        repr(proof),
        repr(owner.codes),
        repr(owner.desk.live(token)),
        caplog.text,
    ):
        assert not any(secret in told for secret in ("80318031", "90419041", kept))
    assert "80318031" not in repr(row)


def test_only_a_proof_of_what_is_kept_counts(owner: Owner) -> None:
    token = owner.comes()
    owner.sets(token)
    current = owner.desk.live(token)
    assert isinstance(current, Session)
    assert current.realm is Realm.FAMILY
    with pytest.raises(CodeRefused), owner.store.write() as connection:
        owner.codes.open(connection, current, Proof(None))


def test_a_session_that_begins_while_a_code_is_set_is_locked_too(owner: Owner) -> None:
    token = owner.comes()
    who = identified(provider_sid="sid-meanwhile")
    with ThreadPoolExecutor(1) as pool:
        with owner.store.write() as connection:
            account = owner.desk.accounts.bind(connection, who, "person-1")
            locked = owner.codes.is_set(connection, SERVICE, account.id)
            meanwhile = owner.desk.sessions.create(connection, NewSession(account, who, locked=locked))
            setting = pool.submit(owner.sets, token)
            wait([setting], timeout=0.5)  # long enough to get ahead, if nothing held it back
        setting.result()
    assert not locked
    assert owner.locked(meanwhile)


def test_whoever_has_the_database_alone_cannot_try_codes(owner: Owner) -> None:
    """Item 39, and four digits: what is kept is no hash of the code, but of what our key makes of it."""
    token = owner.comes()
    owner.sets(token)
    with owner.store.read() as connection:
        kept = connection.execute(select(own_code.c.secret)).scalar_one()
    assert not owner.slow.matches(kept, CODE)
    other_key = OwnCodes(owner.store, owner.drafts, owner.desk.clock, owner.slow, b"x" * 32)
    with pytest.raises(CodeRefused):
        other_key.prove(owner.desk.live(token), CODE)


WORDS = {"issuer": "urn:lytt:in-person", "subject": "words"}


def test_a_code_belongs_to_the_person_whatever_they_sign_in_with(owner: Owner) -> None:
    """R20: who knows the child's electronic ID reads nothing that the child has locked after coming by words."""
    by_words, by_eid = owner.comes("words", **WORDS), owner.comes("eid")
    owner.sets(by_words)
    assert owner.locked(by_eid)
    assert owner.locked(owner.comes("later"))
    owner.opens(by_eid)
    owner.sets(by_eid, new="1357", now=CODE)
    assert owner.locked(by_words)
    assert owner.fails(owner.comes("words again", **WORDS), CODE).compared
    owner.removes(by_eid, "1357")
    assert not owner.locked(by_words)
    assert not owner.locked(owner.comes("last", **WORDS))


def test_tries_with_two_ways_in_are_the_tries_of_one(owner: Owner) -> None:
    owner.sets(owner.comes())
    waits = [owner.fails(owner.comes(f"{way}", **(WORDS if way % 2 else {})), OTHER).wait for way in range(3)]
    assert waits[-1] > timedelta()


def test_people_whom_the_core_does_not_know_are_not_taken_for_one(owner: Owner) -> None:
    owner.sets(owner.comes(person=Unresolved.NOBODY))
    assert not owner.locked(owner.comes(person=Unresolved.NOBODY, subject="somebody else"))
    assert not owner.locked(owner.comes(person="person-2", subject="a third"))


def test_a_code_set_before_the_core_knew_them_holds_for_all_their_ways_in(owner: Owner) -> None:
    owner.sets(owner.comes(person=Unresolved.NOBODY))
    owner.comes()  # by now the core knows them
    assert owner.locked(owner.comes("words", **WORDS))
