"""The delivery worker: one effect, in order, with a right that holds now; and nothing is ever dropped."""

from __future__ import annotations

import base64
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from portal.access.standing import UNAVAILABLE, Known, Missing, Standing
from portal.core import errors
from portal.core.wire_submission import body_digest
from portal.domain.delivery import DeliveryState, Receipt
from portal.domain.people import PersonNumber
from portal.domain.submission import SubmissionKind
from portal.jurisdictions import jurisdiction
from portal.outbox import marks
from portal.outbox.box import Kept
from portal.outbox.jobs import open_job
from portal.outbox.outcomes import pause
from portal.outbox.queue import LEASE, claim
from portal.outbox.send import Worker
from portal.store.tables import submission
from portal.store.unit import Store
from tests.fakes.gateway import standing_of
from tests.fakes.letterbox import CASE, CHILD, FATHER, SERVICE, WORKER, Letterbox

DEFINITE = [errors.Invalid, errors.TooLarge, errors.Forbidden, errors.NotFound, errors.Gone, errors.Conflict]
PASSING = [errors.Unavailable, errors.RateLimited, errors.InProgress, errors.Unauthenticated, errors.CoreFault]


@pytest.fixture
def letterbox(store: Store) -> Letterbox:
    return Letterbox(store)


def digest_of(letterbox: Letterbox, kept: Kept) -> str:
    """What the core would say that it holds of it."""
    return body_digest(open_job(letterbox.opener, letterbox.row(kept)).submission)


def _pass_time(letterbox: Letterbox, rounds: int) -> None:
    """Let a worker run until every pause has passed several times."""
    for _ in range(rounds):
        letterbox.worker().run_once()
        letterbox.clock.advance(minutes=5)


@pytest.mark.parametrize("kind", SubmissionKind)
def test_every_kind_is_delivered_as_it_was_written(letterbox: Letterbox, kind: SubmissionKind) -> None:
    kept = letterbox.send(kind)
    assert letterbox.worker().run_once() == 1
    (taken,) = letterbox.gateway.taken
    assert (taken.id, taken.kind, taken.composed_at_utc) == (kept.id, kind, kept.at_utc)
    assert letterbox.state(kept) == "registered"
    assert letterbox.events() == [("kept", "ok"), ("delivered", "ok")]
    assert letterbox.worker().run_once() == 0


def test_the_body_stays_until_it_was_reconciled(letterbox: Letterbox) -> None:
    kept = letterbox.send()
    letterbox.worker().run_once()
    assert letterbox.row(kept)["sealed"] is not None


def test_what_became_of_somebody_elses_words_is_told_to_nobody_who_knows_their_id(letterbox: Letterbox) -> None:
    """R13: the id of a child's message stands in an address on the child's phone; it opens nothing."""
    kept = letterbox.send()
    theirs = Receipt(kept.id, DeliveryState.ANSWERED, letterbox.clock(), sha256="0" * 64, seen_by="Kari")
    letterbox.gateway.receipts[kept.id] = theirs
    letterbox.gateway.script = [errors.Conflict()]
    letterbox.worker().run_once()
    letterbox.clock.advance(minutes=10)
    letterbox.reconciler().run_once()
    row = letterbox.row(kept)
    assert (row["state"], row["seen_by"], row["answered_at"]) == ("needs_attention", None, None)
    assert row["sealed"] is not None, "and one's own words are not lost"


@pytest.mark.parametrize("fault", [errors.Conflict, errors.NotFound, errors.Invalid])
@pytest.mark.parametrize("attempts", [0, 1])
def test_nor_when_the_core_cannot_say_whose_words_it_holds(
    letterbox: Letterbox,
    fault: type[errors.CoreError],
    attempts: int,
) -> None:
    """R13: what was there before the portal, or on paper, has no digest; one's own words are not called arrived."""
    kept = letterbox.send()
    letterbox.gateway.receipts[kept.id] = Receipt(kept.id, DeliveryState.SEEN, letterbox.clock(), None, "Kari")
    with letterbox.store.write() as connection:
        connection.execute(update(submission).values(attempts=attempts))
    letterbox.gateway.script = [fault()]
    letterbox.worker().run_once()
    row = letterbox.row(kept)
    told = "rejected" if attempts == 0 and fault is not errors.Conflict else "needs_attention"
    assert (row["state"], row["seen_by"], row["seen_at"]) == (told, None, None)
    assert row["sealed"] is not None


@pytest.mark.parametrize("level", [DeliveryState.ACCEPTED, DeliveryState.SEEN, DeliveryState.ANSWERED])
def test_the_state_is_the_cores_word(letterbox: Letterbox, level: DeliveryState) -> None:
    letterbox.gateway.level = level
    kept = letterbox.send()
    letterbox.worker().run_once()
    assert letterbox.state(kept) == level.value
    assert (letterbox.row(kept)["registered_at"] is None) is (level is DeliveryState.ACCEPTED)


def test_nothing_overtakes_in_a_lane(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.CoreFault(), errors.CoreFault()]
    kept = [letterbox.send() for _ in range(3)]
    assert letterbox.worker().run_once() == 1
    letterbox.clock.advance(minutes=1)
    assert letterbox.worker().run_once() == 1
    letterbox.clock.advance(minutes=1)
    assert letterbox.worker().run_once() == 3
    assert [taken.id for taken in letterbox.gateway.taken] == [receipt.id for receipt in kept]


def test_somebody_elses_trouble_does_not_hold_up(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.CoreFault()]
    stuck, fine = letterbox.send(), letterbox.send(account_id=FATHER)
    letterbox.worker().run_once()
    assert (letterbox.state(stuck), letterbox.state(fine)) == ("kept", "registered")


def test_what_was_refused_does_not_hold_up(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.Invalid()]
    refused, fine = letterbox.send(), letterbox.send()
    letterbox.worker().run_once()
    assert (letterbox.state(refused), letterbox.state(fine)) == ("rejected", "registered")


@pytest.mark.parametrize("stored", [True, False])
def test_a_lost_answer_has_one_effect(letterbox: Letterbox, stored: bool) -> None:  # noqa: FBT001 two cases
    if stored:
        letterbox.gateway.loses = 1
    else:
        letterbox.gateway.script = [errors.OutcomeUnknown()]
    kept = letterbox.send()
    letterbox.worker().run_once()
    assert letterbox.state(kept) == ("registered" if stored else "kept")
    letterbox.clock.advance(minutes=1)
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "registered"
    assert {attempt.id for attempt in letterbox.gateway.attempts} == {kept.id}
    assert len(letterbox.gateway.taken) == 1


def test_a_lost_answer_is_looked_up_later_when_the_core_went_away(letterbox: Letterbox) -> None:
    letterbox.gateway.loses = 1
    kept = letterbox.send()
    gateway = letterbox.gateway
    original = gateway.receipt

    def away(operation_id: str) -> Receipt:
        gateway.receipt = original  # type: ignore[method-assign]
        raise errors.Unavailable

    gateway.receipt = away  # type: ignore[method-assign]
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "kept"
    letterbox.clock.advance(minutes=1)
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "registered"
    assert len(gateway.taken) == 1


def test_a_worker_that_died_is_followed_by_another(letterbox: Letterbox) -> None:
    kept = letterbox.send()
    assert claim(letterbox.store, SERVICE, [SERVICE], letterbox.clock()) is not None  # and then it is killed
    assert letterbox.worker().run_once() == 0
    letterbox.clock.advance(seconds=LEASE.total_seconds())
    assert letterbox.worker().run_once() == 1
    assert letterbox.state(kept) == "registered"
    assert letterbox.row(kept)["attempts"] == 2


@pytest.mark.parametrize("late", ["delivered", "refused", "postponed"])
def test_a_worker_whose_lease_has_passed_on_writes_nothing(letterbox: Letterbox, late: str) -> None:
    kept = letterbox.send()
    first = letterbox.worker()
    faults = {"delivered": None, "refused": errors.Invalid(), "postponed": KeyError()}

    def fall_asleep() -> None:
        letterbox.gateway.during = lambda: None
        letterbox.clock.advance(seconds=LEASE.total_seconds() + 1)
        assert letterbox.worker().run_once() == 1

    letterbox.gateway.during = fall_asleep
    letterbox.gateway.script = []
    fault = faults[late]
    if fault is not None:
        letterbox.gateway.script = [None, fault]
    first.run_once()
    assert letterbox.state(kept) == "registered"
    assert letterbox.events() == [("kept", "ok"), ("delivered", "ok")]
    assert len(letterbox.gateway.taken) == 1


def test_two_workers_share_one_queue(letterbox: Letterbox) -> None:
    kept = [letterbox.send(account_id=account) for _ in range(8) for account in (CHILD, FATHER, WORKER)]
    threads = [threading.Thread(target=letterbox.worker().run_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    letterbox.worker().run_once()
    assert {letterbox.state(receipt) for receipt in kept} == {"registered"}
    assert len(letterbox.gateway.attempts) == len(kept)
    order = [taken.id for taken in letterbox.gateway.taken]
    for account in range(3):
        own = [receipt.id for receipt in kept[account::3]]
        assert [identifier for identifier in order if identifier in own] == own
    assert letterbox.events().count(("delivered", "ok")) == len(kept)


def test_a_right_that_has_ended_stops_delivery(letterbox: Letterbox) -> None:
    kept = letterbox.send()
    letterbox.gateway.standings = lambda _actor, target: replace(standing_of(target), grants=Known(()))
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "rejected"
    assert letterbox.gateway.attempts == []
    assert letterbox.events()[-1] == ("rejected", "no_grant")
    assert letterbox.row(kept)["sealed"] is not None


@pytest.mark.parametrize(
    "standing", [UNAVAILABLE, replace(standing_of(CASE), grants=Missing.UNKNOWN)], ids=["unavailable", "unknown"]
)
def test_facts_that_are_missing_neither_deliver_nor_refuse(letterbox: Letterbox, standing: Standing) -> None:
    kept = letterbox.send()
    letterbox.gateway.standings = lambda _actor, _target: standing
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "kept"
    assert letterbox.gateway.calls == ["standing"]


def test_a_right_that_ended_after_arrival_does_not_undo_it(letterbox: Letterbox) -> None:
    letterbox.gateway.loses = 1
    letterbox.gateway.level = DeliveryState.SEEN
    kept = letterbox.send()
    with letterbox.store.write() as connection:  # the first worker died between sending and writing down
        connection.execute(update(submission).values(attempts=1))
    letterbox.gateway.receipts[kept.id] = Receipt(
        kept.id, DeliveryState.SEEN, letterbox.clock(), digest_of(letterbox, kept), "Kari"
    )
    letterbox.gateway.standings = lambda _actor, target: replace(standing_of(target), grants=Known(()))
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "registered", "it is there, and what came of it is not told any more"
    assert letterbox.row(kept)["seen_by"] is None


def test_a_conflict_over_what_the_core_already_has_is_no_refusal(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.Conflict()]
    kept = letterbox.send()
    digest = digest_of(letterbox, kept)
    letterbox.gateway.receipts[kept.id] = Receipt(kept.id, DeliveryState.REGISTERED, letterbox.clock(), digest)
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "registered"


def test_today_is_the_services_own_day(letterbox: Letterbox) -> None:
    letterbox.clock.now = datetime(2031, 1, 1, 23, 30, tzinfo=UTC)  # already the second in Oslo
    only_first = replace(standing_of(CASE).grants.value[0], valid_to=datetime(2031, 1, 1, tzinfo=UTC).date())
    letterbox.gateway.standings = lambda _actor, target: replace(standing_of(target), grants=Known((only_first,)))
    kept = letterbox.send()
    zones = {SERVICE: ZoneInfo("Europe/Oslo")}
    worker = Worker(
        letterbox.store,
        letterbox.opener,
        letterbox.gateways,
        letterbox.journal,
        letterbox.clock,
        timezones=zones,
        ages={SERVICE: jurisdiction("no").ages},
    )
    worker.run_once()
    assert letterbox.row(kept)["error_code"] == "expired"


@pytest.mark.parametrize("error", DEFINITE)
def test_what_the_core_understands_and_refuses_is_rejected(letterbox: Letterbox, error: type[errors.CoreError]) -> None:
    letterbox.gateway.script = [error()]
    kept = letterbox.send()
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "rejected"
    assert letterbox.events()[-1] == ("rejected", error.code)
    assert letterbox.row(kept)["sealed"] is not None
    _pass_time(letterbox, 2)
    assert len(letterbox.gateway.attempts) == 1


@pytest.mark.parametrize("error", PASSING)
def test_what_may_pass_is_tried_again_until_it_works(letterbox: Letterbox, error: type[errors.CoreError]) -> None:
    letterbox.gateway.script = [error()] * 20
    kept = letterbox.send()
    _pass_time(letterbox, 21)
    assert letterbox.state(kept) == "registered"
    assert {attempt.id for attempt in letterbox.gateway.attempts} == {kept.id}


def test_after_eight_tries_people_are_called_once_and_it_goes_on(letterbox: Letterbox) -> None:
    letterbox.gateway.down = errors.Unavailable()
    kept = letterbox.send()
    _pass_time(letterbox, 7)
    assert letterbox.state(kept) == "kept"
    _pass_time(letterbox, 3)
    assert letterbox.state(kept) == "needs_attention"
    assert letterbox.events() == [("kept", "ok"), ("needs_attention", "unavailable")]
    letterbox.gateway.down = None
    _pass_time(letterbox, 1)
    row = letterbox.row(kept)
    assert (row["state"], row["attention_since"], row["error_code"]) == ("registered", None, None)


def test_the_call_for_people_is_one_log_line_without_ids(
    letterbox: Letterbox, caplog: pytest.LogCaptureFixture
) -> None:
    letterbox.gateway.down = errors.Unavailable()
    kept = letterbox.send()
    _pass_time(letterbox, 10)
    (record,) = [record for record in caplog.records if record.msg == "outbox.needs_attention"]
    assert (record.__dict__["service"], record.__dict__["kind"]) == (SERVICE, "message")
    assert kept.id not in str(record.__dict__)


def test_pauses_grow_with_full_jitter_to_five_minutes() -> None:
    assert [pause(attempt, lambda: 1.0).total_seconds() for attempt in range(1, 10)] == [
        2, 4, 8, 16, 32, 64, 128, 256, 300,
    ]  # fmt: skip
    assert pause(5, lambda: 0.25) == timedelta(seconds=8)
    assert pause(1, lambda: 0.0) == timedelta()


def test_a_pause_the_core_asks_for_is_kept_within_reason(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.RateLimited(40), errors.RateLimited(86400)]
    kept = letterbox.send()
    letterbox.worker().run_once()
    assert letterbox.row(kept)["next_attempt_at"] == letterbox.clock() + timedelta(seconds=40)
    letterbox.clock.advance(seconds=40)
    letterbox.worker().run_once()
    assert letterbox.row(kept)["next_attempt_at"] == letterbox.clock() + timedelta(minutes=5)


def test_a_core_that_is_down_is_asked_once_a_pass(letterbox: Letterbox) -> None:
    letterbox.gateway.down = errors.Unavailable()
    for account in (CHILD, FATHER, WORKER):
        letterbox.send(account_id=account)
    assert letterbox.worker().run_once() == 3
    assert letterbox.gateway.calls == ["standing"]


def test_a_submission_in_progress_says_nothing_about_the_others(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.InProgress(2)]
    letterbox.send()
    fine = letterbox.send(account_id=FATHER)
    letterbox.worker().run_once()
    assert letterbox.state(fine) == "registered"


@pytest.mark.parametrize(
    "receipt",
    [Receipt("another", DeliveryState.REGISTERED, datetime(2031, 1, 1, tzinfo=UTC)), DeliveryState.KEPT],
    ids=["about another", "no state of a core"],
)
def test_a_receipt_that_cannot_be_right_is_no_receipt(letterbox: Letterbox, receipt: Receipt | DeliveryState) -> None:
    kept = letterbox.send()
    if isinstance(receipt, DeliveryState):
        receipt = Receipt(kept.id, receipt, letterbox.clock())
    letterbox.gateway.receipts[kept.id] = receipt
    letterbox.worker().run_once()
    row = letterbox.row(kept)
    assert (row["state"], row["error_code"], row["accepted_at"]) == ("kept", "core_fault", None)


def test_a_core_that_answers_rejected_is_believed(letterbox: Letterbox) -> None:
    kept = letterbox.send()
    letterbox.gateway.receipts[kept.id] = Receipt(kept.id, DeliveryState.REJECTED, letterbox.clock())
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "rejected"
    assert letterbox.events()[-1] == ("rejected", "rejected_by_core")


@pytest.mark.parametrize("error", DEFINITE)
def test_asking_for_help_is_never_given_up(letterbox: Letterbox, error: type[errors.CoreError]) -> None:
    letterbox.gateway.script = [error()]
    kept = letterbox.send(SubmissionKind.REFERRAL)
    letterbox.worker().run_once()
    assert letterbox.state(kept) == "needs_attention"
    _pass_time(letterbox, 2)
    assert letterbox.state(kept) == "registered"


def test_asking_for_help_needs_no_facts(letterbox: Letterbox) -> None:
    letterbox.gateway.standings = lambda _actor, _target: UNAVAILABLE
    letterbox.send(SubmissionKind.REFERRAL)
    letterbox.worker().run_once()
    assert letterbox.gateway.calls == ["deliver"]


def test_the_number_reaches_the_core_with_the_call_for_help(letterbox: Letterbox) -> None:
    sealed = letterbox.sealer.seal_number(SERVICE, CHILD, PersonNumber("no-pid", "15911399956"))
    content = {"answers": [], "language": "nb", "sealed_number": base64.b64encode(sealed).decode()}
    letterbox.send(SubmissionKind.REFERRAL, content=content)
    letterbox.worker().run_once()
    (taken,) = letterbox.gateway.taken
    assert taken.content == {
        "answers": [],
        "language": "nb",
        "number": {"scheme": "no-pid", "value": "15911399956"},
    }


@pytest.mark.parametrize("mine", [False, True])
def test_a_number_that_cannot_be_opened_does_not_hold_back_help(letterbox: Letterbox, mine: bool) -> None:  # noqa: FBT001 two cases
    stolen = letterbox.sealer.seal_number(SERVICE, FATHER, PersonNumber("no-pid", "15911399956"))
    sealed = "not base64!" if mine else base64.b64encode(stolen).decode()
    letterbox.send(SubmissionKind.REFERRAL, content={"answers": [], "language": "nb", "sealed_number": sealed})
    letterbox.worker().run_once()
    (taken,) = letterbox.gateway.taken
    assert taken.content == {"answers": [], "language": "nb"}


def test_a_row_swapped_with_another_is_not_sent(letterbox: Letterbox) -> None:
    own, other = letterbox.send(), letterbox.send(account_id=FATHER)
    with letterbox.store.write() as connection:
        stolen = letterbox.row(other)["sealed"]
        connection.execute(update(submission).where(submission.c.id == own.id).values(sealed=stolen))
    letterbox.worker().run_once()
    row = letterbox.row(own)
    assert (row["state"], row["error_code"]) == ("needs_attention", "sealed")
    assert [taken.id for taken in letterbox.gateway.taken] == [other.id]


def test_a_fault_of_our_own_stops_one_row_only(letterbox: Letterbox, caplog: pytest.LogCaptureFixture) -> None:
    letterbox.gateway.script = [KeyError("secret words")]
    broken, fine = letterbox.send(), letterbox.send(account_id=FATHER)
    letterbox.worker().run_once()
    assert (letterbox.state(broken), letterbox.state(fine)) == ("needs_attention", "registered")
    assert [record.msg for record in caplog.records] == ["outbox.fault", "outbox.needs_attention"]


def test_a_service_this_worker_does_not_serve_is_left_to_another(letterbox: Letterbox) -> None:
    kept = letterbox.send(SubmissionKind.REFERRAL, receiving_service_id="lillevik")
    assert letterbox.worker().run_once() == 0
    assert letterbox.row(kept)["attempts"] == 0


def test_help_for_another_service_reaches_that_services_core(letterbox: Letterbox) -> None:
    kept = letterbox.send(SubmissionKind.REFERRAL, receiving_service_id="lillevik")
    letterbox.gateway.service_id = "lillevik"
    letterbox.worker().run_once()
    (taken,) = letterbox.gateway.taken
    assert taken.actor.service_id == "lillevik"
    assert taken.actor.subject == f"unresolved:pseudonym-{CHILD}"
    assert letterbox.state(kept) == "registered"


def test_a_full_service_leaves_the_rest_for_the_next_pass(letterbox: Letterbox) -> None:
    for _ in range(51):
        letterbox.send()
    assert letterbox.worker().run_once() == 50
    assert letterbox.worker().run_once() == 1


def test_a_page_can_see_cheaply_that_a_state_has_changed(letterbox: Letterbox) -> None:
    before = marks.version(letterbox.store, SERVICE, [CHILD])
    letterbox.send()
    letterbox.worker().run_once()
    assert marks.version(letterbox.store, SERVICE, [CHILD]) > before
    assert marks.version(letterbox.store, SERVICE, [FATHER, "case-1"]) == 0


def test_the_journal_is_whole_after_all_that(letterbox: Letterbox) -> None:
    letterbox.gateway.script = [errors.Invalid(), errors.CoreFault()]
    for _ in range(3):
        letterbox.send()
    _pass_time(letterbox, 3)
    with letterbox.store.read() as connection:
        assert letterbox.journal.verify(connection, SERVICE) is None
