"""Accounts and sessions, alike on both databases: made, read, prolonged, rotated, ended; and the races between them."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from portal.domain.people import Actor, Assurance, Realm
from portal.identity import csrf
from portal.identity.accounts import Unresolved
from portal.identity.errors import SignInError
from portal.identity.session import IdleExpired, Session, handle_of
from portal.identity.sessions import NewSession, hash_token
from portal.store.tables import dead_provider_session, session
from portal.store.unit import StoreUnavailable
from tests.fakes.clock import ManualClock
from tests.fakes.identity import ISSUER, SERVICE, Desk, identified


def test_an_account_is_made_once_for_service_issuer_and_subject(desk: Desk) -> None:
    first = desk.bind(identified())
    assert desk.bind(identified(provider_sid="later", number=None)) == first
    assert desk.bind(identified(subject="pairwise-2")).id != first.id
    assert desk.bind(identified(service_id="lillevik")).id != first.id
    assert desk.bind(identified(issuer="https://other.example")).id != first.id


def test_somebody_whom_the_core_does_not_know_acts_under_a_pseudonym(desk: Desk) -> None:
    with desk.store.write() as connection:
        unknown = desk.accounts.bind(connection, identified(), Unresolved.NOBODY)
        not_asked = desk.accounts.bind(connection, identified(subject="pairwise-2"), Unresolved.NOT_ASKED)
        known = desk.accounts.bind(connection, identified(), "person-1")
        core_down = desk.accounts.bind(connection, identified(), Unresolved.NOT_ASKED)
        known_no_more = desk.accounts.bind(connection, identified(), Unresolved.NOBODY)
    assert unknown.subject == f"unresolved:{unknown.pseudonym}"
    assert not_asked.subject == f"unresolved:{not_asked.pseudonym}"
    assert unknown.pseudonym != not_asked.pseudonym
    assert known.subject == core_down.subject == "person-1"
    assert known_no_more == unknown
    assert not Actor(SERVICE, Realm.FAMILY, unknown.subject, Assurance.HIGH).resolved


def test_an_identity_of_one_realm_never_enters_the_other(desk: Desk) -> None:
    """Item 32."""
    desk.bind(identified())
    with pytest.raises(SignInError, match="realm") as refused:
        desk.bind(identified(realm=Realm.STAFF))
    assert refused.value.status == 403


def test_a_session_says_who_how_surely_and_since_when(desk: Desk, clock: ManualClock) -> None:
    token = desk.sign_in(identified(), sealed_number=b"sealed")
    live = desk.live(token)
    assert live.actor == Actor(SERVICE, Realm.FAMILY, "person-1", Assurance.HIGH)
    assert (live.profile_id, live.language, live.sealed_number) == ("national", "nb", b"sealed")
    assert live.auth_time_utc == clock.now - timedelta(seconds=5)
    assert live.actor.proved_ago == timedelta(seconds=5)
    assert live.idle_until_utc == clock.now + timedelta(minutes=30)
    assert live.absolute_until_utc == clock.now + timedelta(minutes=120)
    assert live.account_id == desk.bind(identified()).id


def test_the_database_and_the_repr_hold_no_cookie_value(desk: Desk) -> None:
    token = desk.sign_in(identified(), sealed_number=b"sealed number")
    live = desk.live(token)
    with desk.store.read() as connection:
        row = connection.execute(select(session)).one()
    assert row.token_hash == live.token_hash == hash_token(token)
    assert token not in str(row)
    for secret in (token, live.token_hash, repr(live.csrf_secret), "sealed number"):
        assert secret not in repr(live)


def test_a_session_is_read_with_one_statement(desk: Desk) -> None:
    token = desk.sign_in(identified())
    statements: list[str] = []

    def count(*args: object) -> None:
        statements.append(str(args[2]))

    with desk.store.read() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", count)
    desk.live(token)
    event.remove(engine, "before_cursor_execute", count)
    assert len(statements) == 1


@pytest.mark.parametrize("token", [None, "", "x", "a" * 43, "é" * 43, "a" * 100_000])
def test_an_unknown_cookie_value_is_nobodys_and_is_not_taken_over(desk: Desk, token: str | None) -> None:
    """Item 28."""
    assert desk.sessions.read(SERVICE, Realm.FAMILY, token) is None
    with desk.store.read() as connection:
        assert connection.execute(select(session)).first() is None


def test_a_session_opens_its_own_service_and_realm_only(desk: Desk) -> None:
    """Item 32."""
    token = desk.sign_in(identified())
    assert desk.read(token, realm=Realm.STAFF) is None
    assert desk.read(token, service_id="lillevik") is None
    staff = desk.sign_in(identified(realm=Realm.STAFF, subject="worker"))
    assert desk.read(staff) is None
    assert isinstance(desk.read(staff, realm=Realm.STAFF), Session)


def test_a_new_sign_in_ends_what_this_browser_had(desk: Desk) -> None:
    """Item 28: the old value is dead, even if somebody else signed in with it."""
    old = desk.sign_in(identified(subject="somebody else"))
    staff = desk.sign_in(identified(realm=Realm.STAFF, subject="worker"))
    new = desk.sign_in(identified(), replaced=old)
    assert desk.read(old) is None
    assert desk.opens(new)
    desk.sign_in(identified(), replaced=staff)
    assert isinstance(desk.read(staff, realm=Realm.STAFF), Session)


@pytest.mark.parametrize(("realm", "idle", "absolute"), [(Realm.FAMILY, 30, 120), (Realm.STAFF, 15, 480)])
def test_a_session_ends_by_waiting_and_by_its_age(
    desk: Desk, clock: ManualClock, realm: Realm, idle: int, absolute: int
) -> None:
    """Item 30."""
    token = desk.sign_in(identified(realm=realm))
    waited = desk.sign_in(identified(realm=realm))
    start = clock.now
    while clock.now - start < timedelta(minutes=absolute - idle):
        clock.advance(minutes=idle - 1)
        found = desk.read(token, realm)
        assert isinstance(found, Session)
        desk.sessions.touch(found)
    assert isinstance(desk.read(waited, realm), IdleExpired)
    clock.now = start + timedelta(minutes=absolute, seconds=-1)
    assert isinstance(desk.read(token, realm), Session)
    clock.advance(seconds=1)
    assert isinstance(desk.read(token, realm), IdleExpired)


def test_a_touch_is_written_once_a_minute_and_never_for_a_poll(desk: Desk, clock: ManualClock) -> None:
    """Item 31."""
    token = desk.sign_in(identified())
    first = desk.live(token)
    clock.advance(seconds=59)
    desk.sessions.touch(first)
    clock.advance(minutes=5)
    desk.sessions.touch(first, polling=True)
    assert desk.live(token) == first
    desk.sessions.touch(first)
    assert desk.live(token).idle_until_utc == clock.now + timedelta(minutes=30)


def test_a_touch_brings_nothing_back(desk: Desk, clock: ManualClock) -> None:
    expired, ended = desk.sign_in(identified()), desk.sign_in(identified())
    stale = desk.live(expired), desk.live(ended)
    clock.advance(minutes=2)
    with desk.store.write() as connection:
        assert desk.sessions.revoke(connection, stale[1], "signed_out") == 1
        assert desk.sessions.revoke(connection, stale[1], "signed_out") == 0
    desk.sessions.touch(stale[1])
    assert desk.read(ended) is None
    clock.advance(minutes=28)
    desk.sessions.touch(stale[0])
    assert isinstance(desk.read(expired), IdleExpired)


def test_ending_a_session_wipes_the_number(desk: Desk) -> None:
    token = desk.sign_in(identified(), sealed_number=b"sealed")
    with desk.store.write() as connection:
        desk.sessions.revoke(connection, desk.live(token), "left")
        row = connection.execute(select(session)).one()
    assert (row.sealed_number, row.revoke_reason) == (None, "left")


def test_a_rotated_session_has_a_new_value_and_form_secret(desk: Desk) -> None:
    """Item 28."""
    old = desk.sign_in(identified())
    before = desk.live(old)
    with desk.store.write() as connection:
        new = desk.sessions.rotate(connection, before)
    after = desk.live(new)
    assert desk.read(old) is None
    assert after.csrf_secret != before.csrf_secret
    assert after == replace(before, token_hash=hash_token(new), csrf_secret=after.csrf_secret)
    with desk.store.write() as connection, pytest.raises(SignInError, match="session_ended"):
        desk.sessions.rotate(connection, before)


def test_an_ended_session_is_not_rotated_back_to_life(desk: Desk) -> None:
    """Item 36: the request had read the session before it was ended."""
    token = desk.sign_in(identified())
    before = desk.live(token)
    with desk.store.write() as connection:
        desk.sessions.revoke(connection, before, "signed_out")
    with desk.store.write() as connection, pytest.raises(SignInError, match="session_ended"):
        desk.sessions.rotate(connection, before)
    assert desk.read(token) is None


def test_every_session_of_an_account_can_be_ended(desk: Desk) -> None:
    mine = [desk.sign_in(identified()) for _ in range(3)]
    other = desk.sign_in(identified(subject="pairwise-2"))
    elsewhere = desk.sign_in(identified(service_id="lillevik"))
    account = desk.live(mine[0]).account_id
    with desk.store.write() as connection:
        assert desk.sessions.revoke_all(connection, SERVICE, account, "everywhere") == 3
    assert [desk.read(token) for token in mine] == [None, None, None]
    assert desk.opens(other)
    assert isinstance(desk.read(elsewhere, service_id="lillevik"), Session)


def test_the_provider_ends_its_own_sessions_here(desk: Desk) -> None:
    token, other = desk.sign_in(identified()), desk.sign_in(identified(provider_sid="other"))
    with desk.store.write() as connection:
        whose = desk.sessions.revoke_by_provider(connection, SERVICE, ISSUER, "provider-session-1")
        assert len(whose) == 1
        assert desk.sessions.revoke_by_provider(connection, SERVICE, ISSUER, "provider-session-1") == ()
    assert desk.read(token) is None
    assert desk.opens(other)


def test_signed_out_at_the_provider_before_our_sign_in_has_ended(desk: Desk) -> None:
    """Item 36."""
    with desk.store.write() as connection:
        desk.sessions.revoke_by_provider(connection, SERVICE, ISSUER, "provider-session-1")
    with pytest.raises(SignInError, match="signed_out_meanwhile"):
        desk.sign_in(identified())
    assert desk.opens(desk.sign_in(identified(provider_sid="next")))
    assert desk.opens(desk.sign_in(identified(provider_sid=None)))
    assert desk.sign_in(identified(service_id="lillevik"))


def test_a_sign_in_leaves_no_tombstone(desk: Desk) -> None:
    desk.sign_in(identified())
    desk.sign_in(identified())
    with desk.store.read() as connection:
        assert connection.execute(select(dead_provider_session)).first() is None


def test_signed_out_at_the_provider_while_our_sign_in_is_being_written(desk: Desk) -> None:
    """Item 36: the one waits for the other, whichever database it is."""
    who = identified()
    account = desk.bind(who)
    ended: list[tuple[str, ...]] = []

    def sign_out() -> None:
        with desk.store.write() as connection:
            ended.append(desk.sessions.revoke_by_provider(connection, SERVICE, ISSUER, "provider-session-1"))

    thread = threading.Thread(target=sign_out)
    with desk.store.write() as connection:
        token = desk.sessions.create(connection, NewSession(account, who))
        thread.start()
        thread.join(0.3)
        assert ended == []
    thread.join()
    assert ended == [(account.id,)]
    assert desk.read(token) is None


def test_our_sign_in_is_written_while_the_provider_signs_out(desk: Desk) -> None:
    """Item 36, the other way round."""
    who = identified()
    account = desk.bind(who)
    refused: list[str] = []

    def sign_in() -> None:
        try:
            with desk.store.write() as connection:
                desk.sessions.create(connection, NewSession(account, who))
        except SignInError as error:
            refused.append(error.code)

    thread = threading.Thread(target=sign_in)
    with desk.store.write() as connection:
        desk.sessions.revoke_by_provider(connection, SERVICE, ISSUER, "provider-session-1")
        thread.start()
        thread.join(0.3)
    thread.join()
    assert refused == ["signed_out_meanwhile"]


def test_signed_out_while_a_request_rotates(desk: Desk) -> None:
    """Item 36: whichever comes first, no session survives."""
    old = desk.sign_in(identified())
    before = desk.live(old)

    def sign_out() -> None:
        with desk.store.write() as connection:
            desk.sessions.revoke_by_provider(connection, SERVICE, ISSUER, "provider-session-1")

    thread = threading.Thread(target=sign_out)
    with desk.store.write() as connection:
        new = desk.sessions.rotate(connection, before)
        thread.start()
        thread.join(0.3)
    thread.join()
    assert (desk.read(old), desk.read(new)) == (None, None)
    with desk.store.write() as connection, pytest.raises(SignInError, match="session_ended"):
        desk.sessions.rotate(connection, before)


def test_signed_out_in_one_tab_while_another_rotates(desk: Desk) -> None:
    """Item 36: the value that signed out is dead already, and the session is the same."""
    old, bystander = desk.sign_in(identified()), desk.sign_in(identified())
    before = desk.live(old)
    with desk.store.write() as connection:
        new = desk.sessions.rotate(connection, before, keep_forms=True)
    assert desk.live(new).csrf_secret == before.csrf_secret
    with desk.store.write() as connection:
        assert desk.sessions.revoke(connection, before, "signed_out") == 1
    assert (desk.read(old), desk.read(new)) == (None, None)
    assert desk.opens(bystander)


def test_the_person_named_while_our_sign_in_is_being_written(desk: Desk, clock: ManualClock) -> None:
    """Item 36, for a provider whose orders name the person: alike on both databases."""
    who = identified()
    account = desk.bind(who)
    ended: list[tuple[str, ...]] = []

    def sign_out() -> None:
        with desk.store.write() as connection:
            ended.append(desk.sessions.revoke_by_subject(connection, SERVICE, ISSUER, "pairwise-1", clock.now))

    thread = threading.Thread(target=sign_out)
    with desk.store.write() as connection:
        token = desk.sessions.create(connection, NewSession(account, who))
        thread.start()
        thread.join(0.3)
        assert ended == []
    thread.join()
    assert ended == [(account.id,)]
    assert desk.read(token) is None


def test_an_older_order_does_not_reopen_what_a_newer_one_has_closed(desk: Desk, clock: ManualClock) -> None:
    """Item 36."""
    who = identified(auth_time_utc=clock.now)
    for at in (clock.now, clock.now - timedelta(minutes=1)):
        with desk.store.write() as connection:
            desk.sessions.revoke_by_subject(connection, SERVICE, ISSUER, who.subject, at)
    with pytest.raises(SignInError, match="signed_out_meanwhile"):
        desk.sign_in(who)


def test_a_person_sees_their_own_live_sessions(desk: Desk, clock: ManualClock) -> None:
    """The one asked from first; neither the value nor the row can be found from a handle."""
    gone, old = desk.sign_in(identified()), desk.sign_in(identified())
    desk.sign_in(identified(subject="pairwise-2"))
    clock.advance(minutes=5)
    newer, mine = desk.sign_in(identified(shared=True)), desk.sign_in(identified())
    with desk.store.write() as connection:
        desk.sessions.revoke(connection, desk.live(gone), "left")
    clock.advance(minutes=2)
    seen = desk.sessions.of_the_same_person(desk.live(old))
    assert [(one.current, one.shared) for one in seen] == [(True, False), (False, True), (False, False)]
    assert [clock.now - one.created_at_utc for one in seen] == [timedelta(minutes=n) for n in (7, 2, 2)]
    assert len({one.handle for one in seen}) == 3
    for token in (old, newer, mine):
        assert hash_token(token) not in str(seen)
        assert desk.sessions.read(SERVICE, Realm.FAMILY, seen[1].handle) is None


def test_a_person_ends_another_of_their_sessions_and_nobody_elses(desk: Desk) -> None:
    mine, second, third = (desk.sign_in(identified()) for _ in range(3))
    foreign = desk.sign_in(identified(subject="pairwise-2"))
    here = desk.live(mine)
    with desk.store.write() as connection:
        for handle in ("", "unknown", handle_of(hash_token(foreign)), handle_of(here.token_hash)):
            assert desk.sessions.revoke_other(connection, here, handle, "x") == 0
        assert desk.sessions.revoke_other(connection, here, handle_of(hash_token(second)), "x") == 1
        assert desk.sessions.revoke_other(connection, here, handle_of(hash_token(second)), "x") == 0
    assert [desk.opens(token) for token in (mine, second, third, foreign)] == [True, False, True, True]
    with desk.store.write() as connection:
        assert desk.sessions.revoke_others(connection, here, "x") == 1
    assert [desk.opens(token) for token in (mine, third, foreign)] == [True, False, True]


def test_an_expired_session_may_save_one_draft_for_a_day(desk: Desk, clock: ManualClock) -> None:
    """house.md, "A POST on an expired session"."""
    token = desk.sign_in(identified())
    account = desk.live(token).account_id
    clock.advance(minutes=30)
    expired = desk.read(token)
    assert isinstance(expired, IdleExpired)
    assert (expired.account_id, expired.realm, expired.ended_at_utc) == (account, Realm.FAMILY, clock.now)
    assert token not in repr(expired)
    assert desk.sessions.use_draft_right(expired)
    assert not desk.sessions.use_draft_right(expired)
    assert desk.read(token) is None


def test_a_save_that_fails_gives_the_right_back(desk: Desk, clock: ManualClock) -> None:
    token = desk.sign_in(identified())
    clock.advance(minutes=30)
    expired = desk.read(token)
    assert isinstance(expired, IdleExpired)

    def save() -> None:
        with desk.store.write() as connection:
            assert desk.sessions.take_draft_right(connection, expired)
            raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        save()
    assert desk.sessions.use_draft_right(expired)


def test_the_right_is_gone_after_a_day(desk: Desk, clock: ManualClock) -> None:
    token = desk.sign_in(identified())
    clock.advance(minutes=30 + 24 * 60 - 1)
    expired = desk.read(token)
    assert isinstance(expired, IdleExpired)
    clock.advance(minutes=1)
    assert desk.read(token) is None
    assert not desk.sessions.use_draft_right(expired)


def test_who_signed_out_or_is_still_there_has_no_such_right(desk: Desk, clock: ManualClock) -> None:
    token, live = desk.sign_in(identified()), desk.sign_in(identified())
    session_of = desk.live(live)
    early = IdleExpired(
        SERVICE, Realm.FAMILY, session_of.token_hash, session_of.account_id, session_of.csrf_secret, clock.now
    )
    assert not desk.sessions.use_draft_right(early)
    clock.advance(minutes=30)
    expired = desk.read(token)
    assert isinstance(expired, IdleExpired)
    with desk.store.write() as connection:
        desk.sessions.revoke(connection, expired, "signed_out")
    assert desk.read(token) is None
    assert not desk.sessions.use_draft_right(expired)


def test_of_two_saves_at_once_one_gets_the_right(desk: Desk, clock: ManualClock) -> None:
    token = desk.sign_in(identified())
    clock.advance(minutes=30)
    expired = desk.read(token)
    assert isinstance(expired, IdleExpired)
    taken: list[bool] = []
    threads = [threading.Thread(target=lambda: taken.append(desk.sessions.use_draft_right(expired))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, False, False, True]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
class TestFormToken:
    """The masked token of a form."""

    def test_every_response_has_another_and_each_fits(self, desk: Desk) -> None:
        live = desk.live(desk.sign_in(identified()))
        tokens = {csrf.issue(live) for _ in range(3)}
        assert len(tokens) == 3
        assert all(csrf.check(live, token) for token in tokens)

    def test_it_fits_no_other_session(self, desk: Desk) -> None:
        one, other = desk.live(desk.sign_in(identified())), desk.live(desk.sign_in(identified()))
        assert not csrf.check(other, csrf.issue(one))

    def test_it_still_fits_when_the_session_has_run_out(self, desk: Desk, clock: ManualClock) -> None:
        token = desk.sign_in(identified())
        form_token = csrf.issue(desk.live(token))
        clock.advance(minutes=30)
        expired = desk.read(token)
        assert isinstance(expired, IdleExpired)
        assert csrf.check(expired, form_token)

    @pytest.mark.parametrize("token", ["", "x", "é", "A" * 86, "A" * 84, "=" * 10, "A" * 100_000, "!" * 86])
    def test_anything_else_does_not_fit(self, desk: Desk, token: str) -> None:
        assert not csrf.check(desk.live(desk.sign_in(identified())), token)
