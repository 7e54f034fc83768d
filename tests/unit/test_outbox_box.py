"""The letterbox keeps all of a submission or nothing, once, sealed, with its audit row."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from portal.access import actions
from portal.access.standing import Target
from portal.audit.events import Entry
from portal.audit.journal import Journal
from portal.domain.delivery import DeliveryState
from portal.domain.submission import SubmissionKind
from portal.outbox.box import Box, Kept
from portal.outbox.errors import ContentUnfit, DifferentContent, FormKeyTaken, FormKeyUnfit, GrantDoesNotFit
from portal.outbox.kinds import ACTION_OF
from portal.store.unit import Store
from tests.fakes.letterbox import AUDIT_KEY, CASE, CHILD, FATHER, SERVICE, TARGETS, Letterbox, grant_for, new, new_id


@pytest.fixture
def letterbox(store: Store) -> Letterbox:
    return Letterbox(store)


@pytest.mark.parametrize("kind", SubmissionKind)
def test_every_kind_is_kept_with_one_audit_row(letterbox: Letterbox, kind: SubmissionKind) -> None:
    kept = letterbox.send(kind)
    row = letterbox.row(kept)
    assert kept.at_utc == letterbox.clock()
    assert (row["state"], row["kind"], row["sequence"]) == ("kept", kind.value, 1)
    assert row["receiving_service_id"] == SERVICE
    assert letterbox.events() == [("kept", "ok")]


def test_no_words_are_stored_in_the_clear(letterbox: Letterbox) -> None:
    row = letterbox.row(letterbox.send())
    assert "skolen" not in str(row)
    assert "møtes" not in str(row)
    assert "møtes" not in repr(new())


def test_without_its_audit_row_nothing_is_kept(letterbox: Letterbox) -> None:
    class Failing(Journal):
        def record(self, connection: Connection, entry: Entry) -> int:
            super().record(connection, entry)
            raise RuntimeError

    journal = Failing(AUDIT_KEY, letterbox.clock)
    box = Box(letterbox.store, letterbox.sealer, journal, letterbox.drafts, letterbox.clock)
    with pytest.raises(RuntimeError):
        box.accept(grant_for(actions.WRITE_MESSAGE, CASE), new(), CHILD)
    assert letterbox.count() == 0
    assert letterbox.events() == []


def test_without_its_row_nothing_is_audited(letterbox: Letterbox) -> None:
    with pytest.raises(IntegrityError):
        letterbox.send(account_id=new_id())
    assert letterbox.count() == 0
    assert letterbox.events() == []


def test_the_same_form_twice_is_one_submission_and_one_receipt(letterbox: Letterbox) -> None:
    identifier = new_id()
    first = letterbox.send(id=identifier)
    letterbox.clock.advance(minutes=1)
    assert letterbox.send(id=identifier) == first
    assert letterbox.count() == 1
    assert letterbox.events() == [("kept", "ok")]


def test_the_same_form_at_the_same_moment_is_one_submission(letterbox: Letterbox) -> None:
    identifier = new_id()
    ready = threading.Barrier(4)
    receipts: list[Kept] = []

    def press() -> None:
        ready.wait()
        receipts.append(letterbox.send(id=identifier))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert receipts == [receipts[0]] * 4
    assert letterbox.count() == 1
    assert letterbox.events() == [("kept", "ok")]


def test_another_account_cannot_use_the_same_id(letterbox: Letterbox) -> None:
    identifier = new_id()
    letterbox.send(id=identifier)
    with pytest.raises(FormKeyTaken):
        letterbox.send(id=identifier, account_id=FATHER)


def test_other_words_under_the_same_id_are_not_taken_for_sent(letterbox: Letterbox) -> None:
    identifier = new_id()
    letterbox.send(id=identifier)
    with pytest.raises(DifferentContent):
        letterbox.send(id=identifier, content={"body": "noe annet", "language": "nb"})
    with pytest.raises(DifferentContent):
        letterbox.send(SubmissionKind.ACCESS_REQUEST, id=identifier)
    elsewhere = grant_for(actions.WRITE_MESSAGE, Target(case_id="case-2"))
    with pytest.raises(DifferentContent):
        letterbox.box.accept(elsewhere, new(id=identifier), CHILD)


def test_a_number_sealed_anew_does_not_make_other_words(letterbox: Letterbox) -> None:
    identifier = new_id()
    content = {"answers": [], "language": "nb"}
    letterbox.send(SubmissionKind.REFERRAL, id=identifier, content={**content, "sealed_number": "first"})
    letterbox.send(SubmissionKind.REFERRAL, id=identifier, content={**content, "sealed_number": "second"})
    assert letterbox.count() == 1


@pytest.mark.parametrize("kind", SubmissionKind)
def test_a_grant_for_another_action_is_refused(letterbox: Letterbox, kind: SubmissionKind) -> None:
    for action in set(ACTION_OF.values()) - {ACTION_OF[kind]}:
        target = next(TARGETS[other] for other, needed in ACTION_OF.items() if needed is action)
        with pytest.raises(GrantDoesNotFit):
            letterbox.box.accept(grant_for(action, target), new(kind), CHILD)
    assert letterbox.count() == 0


FORM_ID = "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8f0a01"


@pytest.mark.parametrize("identifier", ["", "message-1", FORM_ID.upper(), "{" + FORM_ID + "}"])
def test_an_id_that_is_no_uuid_is_refused(letterbox: Letterbox, identifier: str) -> None:
    with pytest.raises(FormKeyUnfit):
        letterbox.send(id=identifier)


def test_content_that_is_no_json_is_refused(letterbox: Letterbox) -> None:
    with pytest.raises(ContentUnfit):
        letterbox.send(content={"body": "\ud800", "language": "nb"})
    assert letterbox.count() == 0


def test_its_draft_ends_with_it_and_no_other(letterbox: Letterbox) -> None:
    with letterbox.store.write() as connection:
        for key in ("message:case-1", "message:case-2"):
            letterbox.drafts.save(connection, SERVICE, CHILD, key, {"body": "utkast"})
    letterbox.send(draft_key="message:case-1")
    assert letterbox.drafts.load(SERVICE, CHILD, "message:case-1") is None
    assert letterbox.drafts.load(SERVICE, CHILD, "message:case-2") is not None


def test_a_refused_form_leaves_the_draft(letterbox: Letterbox) -> None:
    with letterbox.store.write() as connection:
        letterbox.drafts.save(connection, SERVICE, CHILD, "k", {"body": "utkast"})
    with pytest.raises(FormKeyUnfit):
        letterbox.send(id="x", draft_key="k")
    assert letterbox.drafts.load(SERVICE, CHILD, "k") is not None


def test_help_asked_of_another_service_goes_there_under_a_pseudonym(letterbox: Letterbox) -> None:
    row = letterbox.row(letterbox.send(SubmissionKind.REFERRAL, receiving_service_id="lillevik"))
    assert (row["service_id"], row["receiving_service_id"]) == (SERVICE, "lillevik")
    assert row["subject"] == f"unresolved:pseudonym-{CHILD}"


def test_nothing_else_goes_to_another_service(letterbox: Letterbox) -> None:
    with pytest.raises(GrantDoesNotFit):
        letterbox.send(receiving_service_id="lillevik")


def test_sent_shows_own_things_newest_first_without_words(letterbox: Letterbox) -> None:
    first = letterbox.send()
    second = letterbox.send(SubmissionKind.COMMENT, target_id="goal-1")
    letterbox.send(SubmissionKind.OPENED)
    letterbox.send(account_id=FATHER)
    items = letterbox.box.sent(SERVICE, CHILD)
    assert [item.id for item in items] == [second.id, first.id]
    assert (items[0].kind, items[0].target_id, items[0].item) == (SubmissionKind.COMMENT, "goal-1", "case-1")
    assert items[1].state is DeliveryState.KEPT
    assert items[1].composed_at_utc == first.at_utc
    assert letterbox.box.sent("lillevik", CHILD) == ()


def test_waiting_shows_what_the_core_cannot_show_yet(letterbox: Letterbox) -> None:
    kept = letterbox.send()
    other = letterbox.send(SubmissionKind.REFERRAL)
    letterbox.send(account_id=FATHER)
    assert [item.id for item in letterbox.box.waiting(SERVICE, CHILD, "case-1")] == [kept.id]
    assert [item.id for item in letterbox.box.waiting(SERVICE, CHILD, other.id)] == [other.id]
    letterbox.worker().run_once()
    assert letterbox.box.waiting(SERVICE, CHILD, "case-1") == ()
