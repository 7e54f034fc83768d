"""Both ends of the contract together: a child, guardians, workers and a stranger over the reference core."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from portal.access import actions
from portal.access.grants import Denial, Denied, Grant
from portal.access.standing import Target
from portal.core.errors import Conflict, CursorExpired, NotFound, OutcomeUnknown, TooLarge
from portal.core.wire_submission import body_digest
from portal.domain.conversation import AuthorKind, ThreadKind
from portal.domain.delivery import DeliveryState
from portal.domain.people import Actor, PersonNumber, Relation
from portal.domain.submission import SubmissionKind
from tests.contract.reference_party import Party, party

TEXT: dict[str, object] = {"body": "Kan vi ta det på torsdag? 😀 Áššu", "language": "nb"}


@pytest.fixture
def house(tmp_path: Path) -> Party:
    return party(tmp_path)


def thread_of(house: Party, worker: Actor, about: str, with_name: str) -> Target:
    """One thread of a worker's inbox."""
    inbox = house.gateway.inbox(house.may(worker, actions.SEE_INBOX), "nb")
    (found,) = [thread for thread in inbox.threads if (thread.about, thread.with_name) == (about, with_name)]
    return Target(thread_id=found.thread_id)


def test_what_the_core_can_do(house: Party) -> None:
    found = house.gateway.capabilities()
    assert found.plans
    assert found.limits.message_characters > 0


@pytest.mark.parametrize("scheme", ["no-pid", "staff"])
def test_a_number_nobody_has_is_not_found(house: Party, scheme: str) -> None:
    with pytest.raises(NotFound):
        house.gateway.resolve_person(PersonNumber(scheme, "1487115226"))


@pytest.mark.parametrize(
    ("key", "relation", "child"), [("sofie", Relation.SELF, "Sofie"), ("thomas", Relation.FATHER, "Sofie")]
)
def test_every_page_of_a_family(house: Party, key: str, relation: Relation, child: str) -> None:
    actor, case = house.actor(key), house.case_of("sofie")
    overview = house.gateway.overview(house.may(actor, actions.SEE_OVERVIEW, case), "nb")
    plan = house.gateway.plan(house.may(actor, actions.SEE_PLAN, case), "nb")
    thread = house.gateway.conversation(house.may(actor, actions.SEE_CONVERSATION, case), "nb")
    assert {overview.case_id, plan.case_id, thread.case_id} == {case.case_id}
    assert {page.reader.relation for page in (overview, plan, thread)} == {relation}
    assert overview.child.first_name == child
    assert overview.worker.first_name == "Kari"
    assert plan.plan is not None
    assert "Kari" in thread.readers


def test_a_guardian_sees_each_childs_case_apart(house: Party) -> None:
    home = house.gateway.home(house.may(house.actor("ingrid"), actions.SEE_HOME), "nb")
    assert sorted(card.child.first_name for card in home.cases) == ["Emil", "Sofie"]
    assert len({card.case_id for card in home.cases}) == 2


def test_a_guardian_does_not_read_the_childs_thread(house: Party) -> None:
    case = house.case_of("sofie")
    child = house.gateway.conversation(house.may(house.actor("sofie"), actions.SEE_CONVERSATION, case), "nb")
    mother = house.gateway.conversation(house.may(house.actor("ingrid"), actions.SEE_CONVERSATION, case), "nb")
    assert child.messages
    assert child.thread_id != mother.thread_id
    assert not {message.id for message in child.messages} & {message.id for message in mother.messages}


@pytest.mark.parametrize(("key", "places"), [("jakob", True), ("anne", True), ("rune", False)])
def test_a_place_is_hidden_from_whom_it_must_be(house: Party, key: str, places: bool) -> None:  # noqa: FBT001 a row
    case = house.case_of("jakob")
    grant = house.may(house.actor(key), actions.SEE_OVERVIEW, case)
    page = house.gateway.overview(grant, "nb")
    assert grant.view.places is places
    assert page.appointments
    assert any(appointment.place for appointment in page.appointments) is places


@pytest.mark.parametrize(
    ("key", "target_of", "denial"),
    [
        ("kent", "silje", Denial.BLOCKED),
        ("grethe", "leila", Denial.EXPIRED),
        ("rune", "sofie", Denial.NO_GRANT),
        ("mats", "sofie", None),
    ],
)
def test_whoever_may_not_is_denied_here_and_refused_there(
    house: Party, key: str, target_of: str, denial: Denial | None
) -> None:
    case = house.case_of(target_of)
    actor = house.stranger() if key == "mats" else house.actor(key)
    decision = house.decide(actor, actions.SEE_OVERVIEW, case)
    assert isinstance(decision, Denied)
    assert denial in {None, decision.denial}
    # And should the portal have been wrong, the core says no as well:
    stolen = replace(house.may(house.actor(target_of), actions.SEE_OVERVIEW, case), actor=actor)
    with pytest.raises(NotFound):
        house.gateway.overview(stolen, "nb")


def test_a_stranger_has_a_home_without_cases(house: Party) -> None:
    stranger = house.stranger()
    assert house.gateway.home(house.may(stranger, actions.SEE_HOME), "nb").cases == ()


def test_a_case_that_is_not_there_and_one_that_is_anothers_look_the_same(house: Party) -> None:
    actor = house.actor("rune")
    theirs, nowhere = house.case_of("sofie"), Target(case_id=str(uuid4()))
    assert house.gateway.standing(actor, theirs) == house.gateway.standing(actor, nowhere)


def test_the_whole_round_of_a_message(house: Party) -> None:
    child, worker, case = house.actor("sofie"), house.actor("kari"), house.case_of("sofie")
    submission = house.written(child, SubmissionKind.MESSAGE, case, TEXT)
    receipt = house.gateway.deliver(house.may(child, actions.WRITE_MESSAGE, case), submission)
    assert (receipt.operation_id, receipt.state) == (submission.id, DeliveryState.REGISTERED)
    assert receipt.sha256 == body_digest(submission)

    thread = thread_of(house, worker, "Sofie", "Sofie")
    page = house.gateway.staff_conversation(house.may(worker, actions.READ_THREAD, thread), "nb")
    assert page.messages[-1].body == TEXT["body"]
    assert page.last_unopened_id == submission.id
    opened = house.written(worker, SubmissionKind.OPENED, thread, {"message_id": submission.id})
    house.gateway.deliver(house.may(worker, actions.MARK_OPENED, thread), opened)
    seen = house.gateway.receipt(submission.id)
    assert (seen.state, seen.seen_by) == (DeliveryState.SEEN, "Kari")

    house.say(worker, actions.REPLY, SubmissionKind.REPLY, thread, "Ja, torsdag passer.")
    read = house.gateway.conversation(house.may(child, actions.SEE_CONVERSATION, case), "nb")
    mine, reply = read.messages[-2:]
    assert (mine.state, mine.opened_by, mine.mine) == (DeliveryState.ANSWERED, "Kari", True)
    assert (reply.author_kind, reply.author_name, reply.body) == (AuthorKind.WORKER, "Kari", "Ja, torsdag passer.")


def test_the_same_key_twice_has_one_effect(house: Party) -> None:
    child, case = house.actor("sofie"), house.case_of("sofie")
    may = house.may(child, actions.WRITE_MESSAGE, case)
    submission = house.written(child, SubmissionKind.MESSAGE, case, TEXT)
    assert house.gateway.deliver(may, submission) == house.gateway.deliver(may, submission)
    page = house.gateway.conversation(house.may(child, actions.SEE_CONVERSATION, case), "nb")
    assert [message.id for message in page.messages].count(submission.id) == 1


def test_an_answer_lost_after_storing_is_found_again_and_doubles_nothing(house: Party) -> None:
    child, case = house.actor("sofie"), house.case_of("sofie")
    may = house.may(child, actions.WRITE_MESSAGE, case)
    submission = house.written(child, SubmissionKind.MESSAGE, case, TEXT)
    house.transport.lose = [OutcomeUnknown()]
    with pytest.raises(OutcomeUnknown):
        house.gateway.deliver(may, submission)
    assert house.gateway.receipt(submission.id).sha256 == body_digest(submission)
    house.gateway.deliver(may, submission)
    page = house.gateway.conversation(house.may(child, actions.SEE_CONVERSATION, case), "nb")
    assert [message.id for message in page.messages].count(submission.id) == 1


def test_the_same_key_with_other_words_is_a_conflict(house: Party) -> None:
    child, case = house.actor("sofie"), house.case_of("sofie")
    may = house.may(child, actions.WRITE_MESSAGE, case)
    submission = house.written(child, SubmissionKind.MESSAGE, case, TEXT)
    house.gateway.deliver(may, submission)
    with pytest.raises(Conflict):
        house.gateway.deliver(may, replace(submission, content={**TEXT, "body": "Noe annet"}))


def test_text_over_the_limit_is_refused_and_never_came(house: Party) -> None:
    child, case = house.actor("sofie"), house.case_of("sofie")
    body = "å" * (house.gateway.capabilities().limits.message_characters + 1)
    submission = house.written(child, SubmissionKind.MESSAGE, case, {**TEXT, "body": body})
    with pytest.raises(TooLarge):
        house.gateway.deliver(house.may(child, actions.WRITE_MESSAGE, case), submission)
    with pytest.raises(NotFound):
        house.gateway.receipt(submission.id)


def test_a_comment_keeps_the_version_of_the_plan_it_was_written_about(house: Party) -> None:
    guardian, case = house.actor("ingrid"), house.case_of("sofie")
    view = house.gateway.plan(house.may(guardian, actions.SEE_PLAN, case), "nb")
    assert view.plan is not None
    content: dict[str, object] = {
        **TEXT,
        "plan_id": view.plan.plan_id,
        "plan_version": "an-older-one",
        "target_type": "goal",
        "target_id": view.plan.goals[0].id,
    }
    submission = house.written(guardian, SubmissionKind.COMMENT, case, content)
    house.gateway.deliver(house.may(guardian, actions.COMMENT_ON_PLAN, case), submission)
    again = house.gateway.plan(house.may(guardian, actions.SEE_PLAN, case), "nb").plan
    other = house.gateway.plan(house.may(house.actor("thomas"), actions.SEE_PLAN, case), "nb").plan
    assert again is not None
    assert other is not None
    (mine,) = [comment for comment in again.goals[0].comments if comment.id == submission.id]
    assert (mine.plan_version, mine.body) == ("an-older-one", TEXT["body"])
    assert submission.id not in {comment.id for comment in other.goals[0].comments}


def test_a_comment_is_answered_by_the_team_and_its_writer_reads_it_beside_the_plan(house: Party) -> None:
    guardian, worker, case = house.actor("ingrid"), house.actor("kari"), house.case_of("sofie")
    thread = thread_of(house, worker, "Sofie", "Ingrid")
    page = house.gateway.staff_conversation(house.may(worker, actions.READ_THREAD, thread), "nb")
    (remark,) = page.remarks
    content: dict[str, object] = {"remark_id": remark.id, "body": "Ja, etter fire går fint.", "language": "nb"}
    said = house.written(worker, SubmissionKind.REMARK_ANSWER, thread, content)
    receipt = house.gateway.deliver(house.may(worker, actions.REPLY, thread), said)
    assert receipt.sha256 == body_digest(said)
    assert house.gateway.receipt(remark.id).state is DeliveryState.ANSWERED
    plan = house.gateway.plan(house.may(guardian, actions.SEE_PLAN, case), "nb").plan
    assert plan is not None
    comments = [each for goal in plan.goals for measure in goal.measures for each in measure.comments]
    assert [(each.id, each.opened_by, each.answer) for each in comments] == [(remark.id, "Kari", content["body"])]
    second = house.written(worker, SubmissionKind.REMARK_ANSWER, thread, {**content, "body": "Nei"})
    with pytest.raises(Conflict):
        house.gateway.deliver(house.may(worker, actions.REPLY, thread), second)


def test_a_poll_reads_and_leaves_unread(house: Party) -> None:
    guardian, case = house.actor("ingrid"), house.case_of("sofie")
    polled = house.gateway.conversation(house.may(guardian, actions.SEE_NEWS, case), "nb")
    overview = house.may(guardian, actions.SEE_OVERVIEW, case)
    assert house.gateway.overview(overview, "nb").unread_messages == 1
    assert house.gateway.conversation(house.may(guardian, actions.SEE_CONVERSATION, case), "nb") == polled
    assert house.gateway.overview(overview, "nb").unread_messages == 0


def test_asking_to_see_more(house: Party) -> None:
    guardian, case = house.actor("ingrid"), house.case_of("sofie")
    submission = house.written(guardian, SubmissionKind.ACCESS_REQUEST, case, {"body": "", "language": "nb"})
    receipt = house.gateway.deliver(house.may(guardian, actions.ASK_TO_SEE_MORE, case), submission)
    assert receipt.state is DeliveryState.REGISTERED


def test_a_stranger_asks_for_help_and_reads_the_answer(house: Party) -> None:
    stranger, worker = house.stranger(), house.actor("kari")
    content: dict[str, object] = {"answers": [{"question": "safe_now", "answer": "Ja"}], "language": "nb"}
    asked = house.written(stranger, SubmissionKind.REFERRAL, Target(), content)
    receipt = house.gateway.deliver(house.may(stranger, actions.ASK_FOR_HELP), asked)
    assert receipt.sha256 == body_digest(asked)

    referral, thread = Target(referral_id=asked.id), Target(thread_id=asked.id)
    page = house.gateway.staff_conversation(house.may(worker, actions.READ_THREAD, thread), "nb")
    assert page.kind is ThreadKind.REFERRAL
    assert page.referral is not None
    assert [answer.answer for answer in page.referral.answers] == ["Ja"]
    assert not page.referral.identity_known
    house.say(worker, actions.REPLY, SubmissionKind.REPLY, thread, "Fint at du skrev. Jeg ringer.")
    house.say(stranger, actions.WRITE_ON_HELP, SubmissionKind.REFERRAL_MESSAGE, referral, "Ring etter tre.")

    answer = house.gateway.help_conversation(house.may(stranger, actions.SEE_HELP_ANSWER, referral), "nb")
    assert [message.mine for message in answer.messages] == [False, True]
    assert answer.worker_first_name == "Kari"
    other = house.decide(house.stranger(), actions.SEE_HELP_ANSWER, referral)
    assert isinstance(other, Denied)


def test_asking_with_a_number_is_tied_to_the_person_and_the_number_stays_in_the_body(house: Party) -> None:
    _, number = house.people["mats"]
    content: dict[str, object] = {
        "answers": [],
        "language": "nb",
        "number": {"scheme": number.scheme, "value": number.value},
    }
    stranger = house.stranger()
    asked = house.written(stranger, SubmissionKind.REFERRAL, Target(), content)
    receipt = house.gateway.deliver(house.may(stranger, actions.ASK_FOR_HELP), asked)
    assert receipt.sha256 == body_digest(asked)
    outside = "".join(f"{call.path} {dict(call.headers)} {call!r}" for call in house.transport.calls)
    assert number.value not in outside


def test_a_worker_of_another_family_cannot_open_the_thread(house: Party) -> None:
    thread = thread_of(house, house.actor("marit"), "Sofie", "Sofie")
    decision = house.decide(house.actor("jonas"), actions.READ_THREAD, thread)
    assert isinstance(decision, Denied)
    stolen = house.may(house.actor("kari"), actions.READ_THREAD, thread)
    with pytest.raises(NotFound):
        house.gateway.staff_conversation(replace(stolen, actor=house.actor("jonas")), "nb")


def test_cover_opens_the_threads_of_the_one_who_is_away(house: Party) -> None:
    inbox = house.gateway.inbox(house.may(house.actor("kari"), actions.SEE_INBOX), "nb")
    assert {thread.covering_for for thread in inbox.threads if thread.about == "Jakob"} == {"Jonas"}


def test_the_feed_tells_that_something_came_and_not_what(house: Party) -> None:
    start = house.gateway.changes(None, 500)
    child, case = house.actor("sofie"), house.case_of("sofie")
    house.say(child, actions.WRITE_MESSAGE, SubmissionKind.MESSAGE, case, "Hei")
    page = house.gateway.changes(start.next_cursor, 500)
    assert ("message.added", case.case_id) in {(change.type, change.case_id) for change in page.items}
    assert house.gateway.changes(page.next_cursor, 1).items == ()


def test_a_cursor_that_is_gone_means_reading_everything_again(house: Party) -> None:
    with pytest.raises(CursorExpired):
        house.gateway.changes("no-such-cursor", 10)


def test_what_never_came_has_no_receipt(house: Party) -> None:
    with pytest.raises(NotFound):
        house.gateway.receipt(str(uuid4()))


def test_a_token_that_ran_out_at_the_core_is_renewed(house: Party) -> None:
    house.gateway.capabilities()
    house.clock.advance(minutes=30)
    assert isinstance(house.decide(house.actor("sofie"), actions.SEE_HOME), Grant)
