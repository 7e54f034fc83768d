"""The wire is strict: what is in the contract becomes a whole page, everything else one error."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema.exceptions import ValidationError

from portal.access.grants import View
from portal.access.standing import Standing, Target
from portal.core import wire_children, wire_documents, wire_family, wire_inbox, wire_requests, wire_staff, wire_system
from portal.core.errors import CoreFault
from portal.core.projection import Sieve
from portal.core.wire_shapes import parse
from portal.core.wire_standing import standing
from portal.domain.capability import Capabilities, ChangePage
from portal.domain.case import AppointmentKind, Home, Overview, Phase
from portal.domain.children import WorkersChild, WorkersChildren
from portal.domain.conversation import (
    AuthorKind,
    Conversation,
    HelpConversation,
    Inbox,
    RemarkKind,
    StaffConversation,
    ThreadKind,
    UnansweredRemarks,
)
from portal.domain.decision import Decisions
from portal.domain.delivery import DeliveryState, Receipt
from portal.domain.document import Document, Documents
from portal.domain.people import Relation
from portal.domain.plan import GoalState, MeasureState, PlanView
from portal.domain.request import AppealResult, Requests
from tests.contract.adapter_samples import CASE, OPERATION, OTHER_CASE, REFERRAL, sample
from tests.contract.validation import check_answer

WHOLE_VIEW = View(places=True, unnamed=True)


def sieve(view: View = WHOLE_VIEW) -> Sieve:
    """What reads the page of a child."""
    return Sieve(view, Relation.SELF)


def whole(decode: Callable[[object, Sieve], object]) -> Callable[[object], object]:
    """The decoder of a page from which nothing is taken."""
    return lambda value: decode(value, sieve())


DECODERS: dict[str, tuple[str, str, Callable[[object], object], type]] = {
    "Capabilities": ("GET", "/capabilities", wire_system.capabilities, Capabilities),
    "PersonResolution": ("POST", "/person-resolutions", wire_system.person_id, str),
    "Standing": ("GET", "/me/standing", partial(standing, target=Target()), Standing),
    "Home": ("GET", "/me/pages/home", wire_family.home, Home),
    "Overview": ("GET", f"/cases/{CASE}/pages/overview", whole(wire_family.overview), Overview),
    "PlanView": ("GET", f"/cases/{CASE}/pages/plan", whole(wire_family.plan_view), PlanView),
    "Conversation": ("GET", f"/cases/{CASE}/pages/conversation", whole(wire_family.conversation), Conversation),
    "Documents": ("GET", f"/cases/{CASE}/pages/documents", whole(wire_documents.documents), Documents),
    "Document": ("GET", f"/cases/{CASE}/documents/d", whole(wire_documents.document), Document),
    "Requests": ("GET", f"/cases/{CASE}/pages/requests", wire_requests.requests, Requests),
    "Decisions": ("GET", f"/cases/{CASE}/pages/decisions", whole(wire_requests.decisions), Decisions),
    "HelpConversation": (
        "GET", f"/referrals/{REFERRAL}/pages/conversation", whole(wire_family.help_conversation), HelpConversation,
    ),
    "Inbox": ("GET", "/staff/pages/inbox", wire_inbox.inbox, Inbox),
    "StaffConversation": (
        "GET", "/staff/threads/t/pages/conversation", wire_staff.staff_conversation, StaffConversation,
    ),
    "StaffConversation of a referral": (
        "GET", "/staff/threads/t/pages/conversation", wire_staff.staff_conversation, StaffConversation,
    ),
    "WorkersChildren": ("GET", "/staff/pages/children", wire_children.children, WorkersChildren),
    "Receipt": ("GET", "/receipts/x", partial(wire_system.receipt, operation_id=OPERATION), Receipt),
    "ChangePage": ("GET", "/changes", wire_system.change_page, ChangePage),
}  # fmt: skip
OPEN_PLACES = {("Overview", "phase")}

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 200) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=6), below, max_size=2),
    max_leaves=4,
)


def in_contract(name: str, value: object) -> bool:
    """Does the contract itself know such an answer?"""
    method, path, _, _ = DECODERS[name]
    try:
        check_answer(method, path, 200, {"Content-Type": "application/json"}, json.dumps(value).encode())
    except (AssertionError, ValidationError):
        return False
    return True


def places_in(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    found = [at]
    if isinstance(value, dict):
        for name, below in value.items():
            found += places_in(below, (*at, name))
    if isinstance(value, list):
        for index, below in enumerate(value):
            found += places_in(below, (*at, index))
    return found


def spoiled(value: Any, at: tuple[str | int, ...], change: str, by: object) -> Any:
    """The value with one place replaced, removed, or given a field too many."""
    if not at:
        return by
    whole = deepcopy(value)
    holder = whole
    for step in at[:-1]:
        holder = holder[step]
    if change == "remove":
        del holder[at[-1]]
    elif change == "add" and isinstance(holder[at[-1]], dict):
        holder[at[-1]]["unforeseen"] = by
    else:
        holder[at[-1]] = by
    return whole


@pytest.mark.parametrize("name", DECODERS)
def test_every_sample_is_in_the_contract_and_becomes_a_whole_page(name: str) -> None:
    _, _, decode, kind = DECODERS[name]
    assert in_contract(name, sample(name))
    assert isinstance(decode(sample(name)), kind)


@settings(deadline=None)  # the first answer waits for the contract to be read
@given(name=st.sampled_from(sorted(DECODERS)), data=st.data())
def test_an_answer_that_is_not_in_the_contract_is_a_fault_and_never_part_of_a_page(
    name: str, data: st.DataObject
) -> None:
    _, _, decode, kind = DECODERS[name]
    at = data.draw(st.sampled_from(places_in(sample(name))))
    value = spoiled(sample(name), at, data.draw(st.sampled_from(("replace", "remove", "add"))), data.draw(JSON_VALUES))
    try:
        page = decode(value)
    except CoreFault:
        return
    assert isinstance(page, kind)
    # Facts are the one thing that may be bad (then they are unknown), a phase the one that may be new.
    assert in_contract(name, value) or name == "Standing" or (name, *at) in OPEN_PLACES


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_bytes_are_json_or_a_fault(body: bytes) -> None:
    try:
        value = parse(body)
    except CoreFault:
        return
    assert json.loads(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 2}',
        b"NaN",
        b"[Infinity]",
        b"\xff\xfe",
        b"<!doctype html><title>Sign in</title>",
        b"",
        b"[" * 100_000,
        b"9" * 5000,
    ],
)
def test_json_that_two_readers_could_read_differently_is_a_fault(body: bytes) -> None:
    with pytest.raises(CoreFault):
        parse(body)


def test_a_document_twice_in_a_list_is_a_fault() -> None:
    twice = sample("Documents")["documents"][:1] * 2
    with pytest.raises(CoreFault):
        wire_documents.documents(sample("Documents", documents=twice), sieve())


def test_an_overview_in_words_of_the_house() -> None:
    page = wire_family.overview(sample("Overview"), sieve())
    assert page.case_id == CASE
    assert page.phase is Phase.PLANNING
    assert page.reader.is_child
    assert page.answer_due == date(2031, 3, 10)
    assert page.appointments[0].kind is AppointmentKind.VISIT
    assert page.appointments[0].starts_at_utc == datetime(2031, 3, 6, 15, tzinfo=UTC)
    assert page.appointments[0].place == "Storgata 1"
    assert page.worker.away_until == date(2031, 3, 20)


def test_no_place_leaves_the_wire_without_the_right_to_places() -> None:
    page = wire_family.overview(sample("Overview"), sieve(View(unnamed=True)))
    assert [appointment.place for appointment in page.appointments] == [None]
    assert "Storgata" not in repr(page)


@pytest.mark.parametrize(
    ("word", "phase"), [("closed", Phase.CLOSED), ("mottak 2.0", Phase.UNKNOWN), ("", Phase.UNKNOWN)]
)
def test_a_phase_nobody_knows_is_unknown_and_keeps_its_words(word: str, phase: Phase) -> None:
    page = wire_family.overview(sample("Overview", phase=word, phase_text="Mottak"), sieve())
    assert (page.phase, page.phase_text) == (phase, "Mottak")


def test_a_plan_in_words_of_the_house() -> None:
    page = wire_family.plan_view(sample("PlanView"), sieve())
    assert page.plan is not None
    goal = page.plan.goals[0]
    assert goal.state is GoalState.ACTIVE
    assert goal.measures[0].state is MeasureState.ONGOING
    assert goal.measures[0].comments[0].state is DeliveryState.ANSWERED
    assert goal.comments[0].answer is None


def test_no_plan_yet_is_no_fault() -> None:
    assert wire_family.plan_view(sample("PlanView", plan=None), sieve()).plan is None


def test_the_plan_of_another_case_on_the_page_is_a_fault() -> None:
    plan = {**sample("PlanView")["plan"], "case_id": OTHER_CASE}
    with pytest.raises(CoreFault):
        wire_family.plan_view(sample("PlanView", plan=plan), sieve())


def test_a_conversation_in_words_of_the_house() -> None:
    mine, reply = wire_family.conversation(sample("Conversation"), sieve()).messages
    assert (mine.author_kind, mine.mine, mine.opened_by) == (AuthorKind.FAMILY, True, "Kari")
    assert mine.sent_at_utc == datetime(2031, 3, 3, 10, 0, 0, 250_000, tzinfo=UTC)
    assert (reply.author_kind, reply.state) == (AuthorKind.WORKER, DeliveryState.SEEN)


@pytest.mark.parametrize("word", ["kept", "needs_attention", "read"])
def test_a_core_cannot_use_the_words_of_our_own_letterbox(word: str) -> None:
    with pytest.raises(CoreFault):
        wire_family.help_conversation(sample("HelpConversation", state=word), sieve())


def test_a_case_listed_twice_is_a_fault() -> None:
    card = sample("Home")["cases"][0]
    with pytest.raises(CoreFault):
        wire_family.home(sample("Home", cases=[card, card]))


def test_a_person_without_a_case_has_a_home() -> None:
    assert wire_family.home(sample("Home", cases=[], first_name=None)) == Home(None, ())


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("StaffConversation", {"kind": "referral"}),
        ("StaffConversation of a referral", {"kind": "case"}),
        ("StaffConversation of a referral", {"thread_id": "thread-9"}),
        ("StaffConversation of a referral", {"referral": None}),
        ("StaffConversation of a referral", {"remarks": sample("StaffConversation")["remarks"]}),
    ],
)
def test_a_thread_and_its_referral_belong_together(name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(CoreFault):
        wire_staff.staff_conversation(sample(name, **changes))


def test_a_referral_as_staff_read_it() -> None:
    page = wire_staff.staff_conversation(sample("StaffConversation of a referral"))
    assert page.kind is ThreadKind.REFERRAL
    assert page.referral is not None
    assert page.referral.answers[0].question == "what_helps"


def test_an_inbox_in_words_of_the_house() -> None:
    thread = wire_inbox.inbox(sample("Inbox")).threads[0]
    assert (thread.with_relation, thread.covering_for, thread.unopened) == (Relation.SELF, "Jonas", 1)
    waiting = UnansweredRemarks(comments=2, access_requests=1, appeals=0, views=1, visit_wishes=3, withdrawals=0)
    assert thread.unanswered_remarks == waiting


def test_remarks_as_staff_read_them() -> None:
    comment, wish, appeal = wire_staff.staff_conversation(sample("StaffConversation")).remarks
    assert (comment.kind, comment.about, comment.answered_by) == (RemarkKind.COMMENT, "Flere venner", "Kari")
    assert (wish.kind, wish.about, wish.plan_version, wish.body) == (RemarkKind.ACCESS_REQUEST, None, None, "")
    assert (appeal.kind, appeal.outcome, comment.outcome) == (RemarkKind.APPEAL, AppealResult.UPHELD, None)
    assert comment.body not in repr(comment)


@pytest.mark.parametrize("value", ["2031-02-30T10:00:00Z", "2031-03-03T10:00:00", "2031-03-03T10:00:00+01:00", "٢٠٣١"])
def test_a_time_that_is_not_utc_or_does_not_exist_is_a_fault(value: str) -> None:
    with pytest.raises(CoreFault):
        wire_family.help_conversation(sample("HelpConversation", received_at=value), sieve())


@pytest.mark.parametrize("value", ["2031-02-30", "20310301", 20310301])
def test_a_day_that_does_not_exist_is_a_fault(value: object) -> None:
    with pytest.raises(CoreFault):
        wire_family.conversation(sample("Conversation", answer_due=value), sieve())


def test_text_that_could_not_be_written_out_again_is_a_fault() -> None:
    with pytest.raises(CoreFault):
        wire_family.home(sample("Home", first_name="\ud800"))


@pytest.mark.parametrize("tag", ["", "n", "n" * 36])
def test_a_language_tag_has_a_length(tag: str) -> None:
    with pytest.raises(CoreFault):
        wire_family.home(sample("Home", content_language=tag))


@pytest.mark.parametrize("question", ["", "Hva skjer?", "what_helps\n", "a" * 65])
def test_a_question_is_named_by_its_code(question: str) -> None:
    page = sample("StaffConversation of a referral")
    page["referral"]["answers"][0]["question"] = question
    with pytest.raises(CoreFault):
        wire_staff.staff_conversation(page)


@pytest.mark.parametrize("number", [True, -1, 1.0, "1", None])
def test_a_number_of_messages_is_a_whole_number(number: object) -> None:
    card = {**sample("Home")["cases"][0], "unread_messages": number}
    with pytest.raises(CoreFault):
        wire_family.home(sample("Home", cases=[card]))


@pytest.mark.parametrize(
    "children",
    [
        [{"child_id": "c", "first_name": "Emil", "age": 131, "case_id": "k"}],
        [{"child_id": "c", "first_name": "Emil", "age": -1, "case_id": "k"}],
        [{"child_id": "c", "first_name": "Emil", "age": True, "case_id": "k"}],
        [{"child_id": "../c", "first_name": "Emil", "age": 9, "case_id": "k"}],
        [{"child_id": "c", "first_name": "Emil", "age": 9, "case_id": "k"}] * 2,
        [{"child_id": "c", "first_name": "Emil", "age": 9, "case_id": "k", "address": "Storgata 1"}],
        None,
    ],
)
def test_children_that_cannot_be_are_no_page(children: object) -> None:
    with pytest.raises(CoreFault):
        wire_children.children({"children": children})


def test_a_workers_children_are_name_age_and_case() -> None:
    page = wire_children.children(sample("WorkersChildren"))
    assert [(child.first_name, child.age, child.case_id) for child in page.children] == [("Sofie", 9, CASE)]
    assert isinstance(page.children[0], WorkersChild)
