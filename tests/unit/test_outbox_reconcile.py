"""Reconciling: a body goes only when the core holds exactly it; what the core tells becomes the state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import errors
from portal.domain.delivery import DeliveryState, Receipt
from portal.domain.submission import SubmissionKind
from portal.outbox import feed, marks
from portal.outbox.box import Kept
from portal.outbox.purge import purge
from portal.outbox.reconcile import RECEIPTS
from portal.store.tables import (
    change_cursor,
    dead_provider_session,
    logged_jti,
    metadata,
    seen_mark,
    session,
    sign_in,
    submission,
)
from portal.store.unit import Store
from tests.fakes.letterbox import CHILD, FATHER, SERVICE, Letterbox

THREAD = "thread-1"


@pytest.fixture
def letterbox(store: Store) -> Letterbox:
    return Letterbox(store)


def _delivered(letterbox: Letterbox, kind: SubmissionKind = SubmissionKind.MESSAGE) -> Kept:
    kept = letterbox.send(kind)
    letterbox.worker().run_once()
    return kept


def _change_receipt(letterbox: Letterbox, kept: Kept, **changes: object) -> None:
    letterbox.gateway.receipts[kept.id] = replace(letterbox.gateway.receipts[kept.id], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", SubmissionKind)
def test_a_body_is_wiped_when_the_core_holds_exactly_it(letterbox: Letterbox, kind: SubmissionKind) -> None:
    kept = _delivered(letterbox, kind)
    assert letterbox.reconciler().run_once() == 1
    row = letterbox.row(kept)
    assert (row["state"], row["sealed"]) == ("registered", None)
    assert row["reconciled_at"] == row["wiped_at"] == letterbox.clock()
    assert letterbox.events()[-1] == ("wiped", "ok")
    assert letterbox.reconciler().run_once() == 0


def test_what_was_not_delivered_is_never_wiped(letterbox: Letterbox) -> None:
    letterbox.gateway.down = errors.Unavailable()
    kept = _delivered(letterbox)
    letterbox.gateway.down = None
    letterbox.clock.advance(days=400)
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["sealed"] is not None


def test_a_difference_calls_people_and_keeps_the_body(letterbox: Letterbox, caplog: pytest.LogCaptureFixture) -> None:
    kept = _delivered(letterbox)
    _change_receipt(letterbox, kept, sha256="0" * 64)
    letterbox.reconciler().run_once()
    row = letterbox.row(kept)
    assert (row["state"], row["error_code"]) == ("needs_attention", "digest_differs")
    assert row["sealed"] is not None
    assert letterbox.events()[-1] == ("needs_attention", "digest_differs")
    letterbox.clock.advance(minutes=5)
    letterbox.reconciler().run_once()
    assert [record.msg for record in caplog.records] == ["outbox.needs_attention"]
    assert letterbox.events().count(("needs_attention", "digest_differs")) == 1


def test_what_the_core_has_lost_calls_people(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    receipt = letterbox.gateway.receipts.pop(kept.id)
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["error_code"] == "not_at_the_core"
    letterbox.gateway.receipts[kept.id] = receipt
    letterbox.clock.advance(minutes=5)
    letterbox.reconciler().run_once()
    row = letterbox.row(kept)
    assert (row["state"], row["attention_since"], row["sealed"]) == ("registered", None, None)


def test_a_core_that_cannot_say_what_it_holds_leaves_the_body(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    _change_receipt(letterbox, kept, sha256=None)
    letterbox.reconciler().run_once()
    row = letterbox.row(kept)
    assert (row["state"], row["reconciled_at"]) == ("registered", None)
    assert row["sealed"] is not None


def test_a_body_that_cannot_be_opened_is_not_taken_for_the_same(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    with letterbox.store.write() as connection:
        connection.execute(update(submission).values(sealed=b"broken"))
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["error_code"] == "unreadable"


def test_accepted_is_asked_again_until_it_is_registered(letterbox: Letterbox) -> None:
    letterbox.gateway.level = DeliveryState.ACCEPTED
    kept = _delivered(letterbox)
    letterbox.clock.advance(minutes=1)
    letterbox.reconciler().run_once()
    assert letterbox.state(kept) == "accepted"
    _change_receipt(letterbox, kept, state=DeliveryState.REGISTERED)
    letterbox.clock.advance(minutes=1)
    letterbox.reconciler().run_once()
    assert letterbox.state(kept) == "registered"
    assert letterbox.row(kept)["sealed"] is None


def test_opened_and_answered_come_through_the_feed(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    letterbox.reconciler().run_once()
    before = marks.version(letterbox.store, SERVICE, [CHILD])
    letterbox.gateway.set_level(kept.id, DeliveryState.SEEN, "Kari")
    letterbox.reconciler().run_once()
    row = letterbox.row(kept)
    assert (row["state"], row["seen_by"]) == ("seen", "Kari")
    assert marks.version(letterbox.store, SERVICE, [CHILD]) > before
    letterbox.gateway.set_level(kept.id, DeliveryState.ANSWERED)
    letterbox.reconciler().run_once()
    assert (letterbox.state(kept), letterbox.row(kept)["seen_by"]) == ("answered", "Kari")


def test_the_time_of_a_level_is_when_it_was_first_reached(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    registered_at = letterbox.row(kept)["registered_at"]
    letterbox.gateway.set_level(kept.id, DeliveryState.SEEN)
    _change_receipt(letterbox, kept, at_utc=letterbox.clock() + timedelta(hours=1))
    letterbox.reconciler().run_once()
    row = letterbox.row(kept)
    assert (row["registered_at"], row["seen_at"]) == (registered_at, letterbox.clock() + timedelta(hours=1))


def test_a_level_never_goes_back(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    letterbox.gateway.set_level(kept.id, DeliveryState.SEEN, "Kari")
    letterbox.reconciler().run_once()
    seen_at = letterbox.row(kept)["seen_at"]
    letterbox.gateway.set_level(kept.id, DeliveryState.REGISTERED)
    letterbox.reconciler().run_once()
    assert (letterbox.state(kept), letterbox.row(kept)["seen_at"]) == ("seen", seen_at)


def test_rejected_after_all_is_told(letterbox: Letterbox) -> None:
    letterbox.gateway.level = DeliveryState.ACCEPTED
    message, referral = letterbox.send(), letterbox.send(SubmissionKind.REFERRAL)
    letterbox.worker().run_once()
    for kept in (message, referral):
        letterbox.gateway.set_level(kept.id, DeliveryState.REJECTED)
    letterbox.reconciler().run_once()
    assert (letterbox.state(message), letterbox.state(referral)) == ("rejected", "needs_attention")
    assert ("rejected", "rejected_by_core") in letterbox.events()
    assert letterbox.row(message)["sealed"] is not None


def test_a_core_that_takes_it_after_all_cannot_be_compared_with_a_wiped_body(letterbox: Letterbox) -> None:
    letterbox.gateway.level = DeliveryState.ACCEPTED
    kept = _delivered(letterbox)
    letterbox.gateway.set_level(kept.id, DeliveryState.REJECTED)
    letterbox.reconciler().run_once()
    purge(letterbox.store, letterbox.clock() + timedelta(days=31))
    letterbox.gateway.set_level(kept.id, DeliveryState.REGISTERED)
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["error_code"] == "unreadable"


@pytest.mark.parametrize("wrong", ["another", "kept"])
def test_a_receipt_that_cannot_be_right_calls_people(letterbox: Letterbox, wrong: str) -> None:
    kept = _delivered(letterbox)
    state = DeliveryState.KEPT if wrong == "kept" else DeliveryState.REGISTERED
    identifier = kept.id if wrong == "kept" else "another"
    letterbox.gateway.receipts[kept.id] = Receipt(identifier, state, letterbox.clock())
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["error_code"] == "core_fault"


def test_a_core_that_is_down_waits_and_the_row_goes_to_the_end(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    letterbox.gateway.down = errors.Unavailable()
    assert letterbox.reconciler().run_once() == 0
    letterbox.gateway.down = None
    broken = letterbox.gateway.receipt

    def only_receipts_are_down(operation_id: str) -> Receipt:
        raise errors.Unavailable

    letterbox.gateway.receipt = only_receipts_are_down  # type: ignore[method-assign]
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["next_attempt_at"] == letterbox.clock() + timedelta(minutes=1)
    letterbox.gateway.receipt = broken  # type: ignore[method-assign]
    letterbox.clock.advance(minutes=1)
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["sealed"] is None


def test_two_passes_at_once_wipe_once(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    original = letterbox.gateway.receipt

    def another_pass_is_quicker(operation_id: str) -> Receipt:
        letterbox.gateway.receipt = original  # type: ignore[method-assign]
        letterbox.reconciler().run_once()
        return original(operation_id)

    letterbox.gateway.receipt = another_pass_is_quicker  # type: ignore[method-assign]
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["sealed"] is None
    assert letterbox.events().count(("wiped", "ok")) == 1


def test_a_change_of_a_thread_is_a_mark_and_one_of_a_case_is_not(letterbox: Letterbox) -> None:
    letterbox.gateway.tell("message.added", THREAD, "case-1")
    letterbox.gateway.tell("comment.added", "comment-1", "case-1")
    letterbox.gateway.tell("standing.changed", None, "case-1")
    letterbox.gateway.tell("receipt.updated", "not-ours", "case-1")
    letterbox.reconciler().run_once()
    assert marks.version(letterbox.store, SERVICE, [THREAD]) == 1
    assert marks.version(letterbox.store, SERVICE, ["case-1", "comment-1", "not-ours"]) == 0
    assert marks.version(letterbox.store, "lillevik", [THREAD]) == 0


def test_the_feed_is_read_on_from_where_it_stopped(letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGE", 2)
    monkeypatch.setattr(feed, "MOST_PAGES", 2)
    for _ in range(5):
        letterbox.gateway.tell("message.added", THREAD)
    assert [letterbox.reconciler().run_once() for _ in range(3)] == [4, 1, 0]
    assert marks.version(letterbox.store, SERVICE, [THREAD]) == 3


def test_a_change_of_what_is_not_delivered_yet_shortens_no_pause(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.CoreFault()]
    kept = _delivered(letterbox)
    letterbox.gateway.tell("receipt.updated", kept.id)
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["next_attempt_at"] == letterbox.clock() + timedelta(seconds=1)


def test_a_quiet_feed_writes_nothing(letterbox: Letterbox) -> None:
    letterbox.reconciler().run_once()
    with letterbox.store.read() as connection:
        first = connection.execute(select(change_cursor)).one()
    letterbox.clock.advance(minutes=1)
    letterbox.reconciler().run_once()
    with letterbox.store.read() as connection:
        assert connection.execute(select(change_cursor)).one() == first


def test_a_forgotten_cursor_asks_for_everything_again(letterbox: Letterbox) -> None:
    kept = _delivered(letterbox)
    letterbox.gateway.tell("message.added", THREAD)
    letterbox.reconciler().run_once()
    _change_receipt(letterbox, kept, state=DeliveryState.SEEN, seen_by="Kari")
    letterbox.gateway.feed.clear()
    original = letterbox.gateway.changes

    def expired(after: str | None, limit: int) -> object:
        letterbox.gateway.changes = original  # type: ignore[method-assign]
        raise errors.CursorExpired

    letterbox.gateway.changes = expired  # type: ignore[method-assign, assignment]
    letterbox.reconciler().run_once()
    assert letterbox.state(kept) == "seen"
    assert marks.version(letterbox.store, SERVICE, [THREAD]) == 2
    with letterbox.store.read() as connection:
        assert connection.execute(select(change_cursor)).first() is None


def test_one_pass_asks_a_bounded_number_of_receipts(letterbox: Letterbox) -> None:
    letterbox.gateway.level = DeliveryState.ACCEPTED
    kept = letterbox.send()
    letterbox.worker().run_once()
    with letterbox.store.write() as connection:
        row = letterbox.row(kept)
        for number in range(RECEIPTS):
            identifier = f"00000000-0000-4000-8000-{number:012d}"
            connection.execute(submission.insert().values({**row, "id": identifier, "sequence": 100 + number}))
    letterbox.clock.advance(minutes=1)
    assert letterbox.reconciler().run_once() == RECEIPTS


def test_a_rejected_body_stays_thirty_days(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.Invalid()]
    kept = _delivered(letterbox)
    purge(letterbox.store, letterbox.clock() + timedelta(days=30, seconds=-1))
    assert letterbox.row(kept)["sealed"] is not None
    purge(letterbox.store, letterbox.clock() + timedelta(days=30))
    row = letterbox.row(kept)
    assert (row["state"], row["sealed"]) == ("rejected", None)
    purge(letterbox.store, letterbox.clock() + timedelta(days=31))
    assert letterbox.row(kept)["wiped_at"] == row["wiped_at"]
    assert letterbox.box.waiting(SERVICE, CHILD, "case-1") == ()


def _count(store: Store, name: str) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()


def test_what_is_over_goes_by_the_clock(letterbox: Letterbox) -> None:
    now = letterbox.clock()
    base = {"service_id": SERVICE}
    with letterbox.store.write() as connection:
        connection.execute(
            sign_in.insert().values(
                **base, state_hash="s", browser_hash="b", realm="family", profile_id="p", nonce="n",
                verifier_sealed=b"v", assurance=3, created_at=now, expires_at=now + timedelta(minutes=10),
            )
        )  # fmt: skip
        connection.execute(logged_jti.insert().values(**base, jti_hash="j", expires_at=now + timedelta(minutes=10)))
        connection.execute(seen_mark.insert().values(**base, session_hash="s", item="i", at=now))
        connection.execute(dead_provider_session.insert().values(**base, issuer="i", provider_sid="s", at=now))
    names = ("sign_in", "logged_jti", "seen_mark", "dead_provider_session")
    counts = []
    for age in (timedelta(minutes=9), timedelta(minutes=10), timedelta(days=1), timedelta(days=7)):
        purge(letterbox.store, now + age)
        counts.append([_count(letterbox.store, name) for name in names])
    assert counts == [[1, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]]


@pytest.mark.parametrize("ended", ["idle_until", "absolute_until", "revoked_at"])
def test_an_ended_session_stays_for_a_day(letterbox: Letterbox, ended: str) -> None:
    now = letterbox.clock()
    values: dict[str, object] = {
        "service_id": SERVICE, "token_hash": "t", "realm": "family", "account_id": FATHER, "subject": "p",
        "issuer": "i", "profile_id": "p", "assurance": 3, "auth_time": now, "csrf_secret": b"c", "created_at": now,
        "last_seen_at": now, "idle_until": now + timedelta(days=9), "absolute_until": now + timedelta(days=9),
    }  # fmt: skip
    with letterbox.store.write() as connection:
        connection.execute(session.insert().values({**values, ended: now}))
    purge(letterbox.store, now + timedelta(hours=24, seconds=-1))
    assert _count(letterbox.store, "session") == 1
    purge(letterbox.store, now + timedelta(hours=24))
    assert _count(letterbox.store, "session") == 0


def test_purging_takes_its_time_between_passes(letterbox: Letterbox) -> None:
    reconciler = letterbox.reconciler()
    reconciler.run_once()
    with letterbox.store.write() as connection:
        values = {"service_id": SERVICE, "jti_hash": "j", "expires_at": datetime(2000, 1, 1, tzinfo=UTC)}
        connection.execute(logged_jti.insert().values(**values))
    reconciler.run_once()
    assert _count(letterbox.store, "logged_jti") == 1
    letterbox.clock.advance(minutes=5)
    reconciler.run_once()
    assert _count(letterbox.store, "logged_jti") == 0
