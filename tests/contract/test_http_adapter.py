"""The HTTP adapter and the contract: every request it makes is one the contract knows, every answer it can take."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import Key

from portal.access import actions
from portal.access.actions import Action
from portal.access.standing import AddressGrade, Fact, Known, Missing, Target
from portal.core.errors import CoreFault
from portal.core.http import HttpGateway
from portal.core.transport import Answer, Call
from portal.domain.people import Actor, Assurance, PersonNumber, Realm
from portal.domain.submission import Destination, Submission, SubmissionKind
from tests.contract.adapter_samples import CASE, DOCUMENT, OPERATION, OTHER_CASE, PERSON, REFERRAL, THREAD, sample
from tests.contract.deliveries import DELIVERIES, IN_CASE, IN_PATH, MARKED, TEXT
from tests.contract.scripted_core import (
    ACTOR_KEY,
    CLIENT_KEY,
    FAMILY,
    SERVICE,
    SETTINGS,
    ScriptedCore,
    destination,
    gateway,
    grant,
    ok,
    standing,
    validated,
)
from tests.contract.validation import document
from tests.fakes.clock import ManualClock

NOW = ManualClock()()
SURELY: dict[str, Any] = {"assurance": Assurance.HIGH, "proved_ago": timedelta()}


@dataclass(frozen=True)
class Page:
    """One page: how it is read, under what, from where, and a field that says what it is about."""

    read: Callable[[HttpGateway], object]
    path: str
    answer: str
    about: str | None = None


def case_page(name: str, action: Action) -> Callable[[HttpGateway], object]:
    return lambda core: getattr(core, name)(grant(action, IN_CASE), "nb")


PAGES = {
    "home": Page(lambda core: core.home(grant(actions.SEE_HOME), "nb"), "/me/pages/home", "Home"),
    "overview": Page(
        case_page("overview", actions.SEE_OVERVIEW), f"/cases/{CASE}/pages/overview", "Overview", "case_id"
    ),
    "asking to see more": Page(
        case_page("overview", actions.ASK_TO_SEE_MORE), f"/cases/{CASE}/pages/overview", "Overview", "case_id"
    ),
    "overview for the rights": Page(
        case_page("overview", actions.SEE_RIGHTS), f"/cases/{CASE}/pages/overview", "Overview", "case_id"
    ),
    "plan": Page(case_page("plan", actions.SEE_PLAN), f"/cases/{CASE}/pages/plan", "PlanView", "case_id"),
    "plan to comment on": Page(
        case_page("plan", actions.COMMENT_ON_PLAN), f"/cases/{CASE}/pages/plan", "PlanView", "case_id"
    ),
    "my words": Page(
        case_page("my_words", actions.SEE_MY_WORDS), f"/cases/{CASE}/pages/my-words", "MyWords", "case_id"
    ),
    "words to answer about": Page(
        case_page("my_words", actions.ANSWER_ABOUT_WORDS), f"/cases/{CASE}/pages/my-words", "MyWords", "case_id"
    ),
    "who stays": Page(
        case_page("who_stays", actions.SEE_WHO_STAYS), f"/cases/{CASE}/pages/who-stays", "WhoStays", "case_id"
    ),
    "who stays, to choose": Page(
        case_page("who_stays", actions.CHOOSE_WHO_STAYS), f"/cases/{CASE}/pages/who-stays", "WhoStays", "case_id"
    ),
    "complaints": Page(
        case_page("complaints", actions.SEE_OWN_COMPLAINTS), f"/cases/{CASE}/pages/complaints", "Complaints", "case_id"
    ),
    "complaints, to write one": Page(
        case_page("complaints", actions.WRITE_COMPLAINT), f"/cases/{CASE}/pages/complaints", "Complaints", "case_id"
    ),
    "complaints of staff": Page(
        lambda core: core.staff_complaints(grant(actions.SEE_COMPLAINTS), "nb"),
        "/staff/pages/complaints",
        "StaffComplaints",
    ),
    "visits": Page(case_page("visits", actions.SEE_VISITS), f"/cases/{CASE}/pages/visits", "Visits", "case_id"),
    "visits to speak about": Page(
        case_page("visits", actions.SAY_ABOUT_VISITS), f"/cases/{CASE}/pages/visits", "Visits", "case_id"
    ),
    "sharing": Page(
        lambda core: core.staff_sharing(grant(actions.SEE_SHARING, Target(thread_id=THREAD)), "nb"),
        f"/staff/threads/{THREAD}/pages/sharing",
        "StaffSharing",
        "thread_id",
    ),
    "conversation": Page(
        case_page("conversation", actions.SEE_CONVERSATION),
        f"/cases/{CASE}/pages/conversation",
        "Conversation",
        "case_id",
    ),
    "news": Page(
        case_page("conversation", actions.SEE_NEWS), f"/cases/{CASE}/pages/conversation", "Conversation", "case_id"
    ),
    "documents": Page(
        case_page("documents", actions.SEE_DOCUMENTS), f"/cases/{CASE}/pages/documents", "Documents", "case_id"
    ),
    "document": Page(
        lambda core: core.document(grant(actions.SEE_DOCUMENT, IN_CASE, **SURELY), DOCUMENT, "nb"),
        f"/cases/{CASE}/documents/{DOCUMENT}",
        "Document",
        "case_id",
    ),
    "trail": Page(case_page("trail", actions.SEE_TRAIL), f"/cases/{CASE}/pages/trail", "Trail", "case_id"),
    "requests": Page(
        case_page("requests", actions.SEE_REQUESTS), f"/cases/{CASE}/pages/requests", "Requests", "case_id"
    ),
    "decisions": Page(
        case_page("decisions", actions.SEE_DECISIONS), f"/cases/{CASE}/pages/decisions", "Decisions", "case_id"
    ),
    "help": Page(
        lambda core: core.help_conversation(grant(actions.SEE_HELP_ANSWER, Target(referral_id=REFERRAL)), "nb"),
        f"/referrals/{REFERRAL}/pages/conversation",
        "HelpConversation",
        "referral_id",
    ),
    "inbox": Page(lambda core: core.inbox(grant(actions.SEE_INBOX), "nb"), "/staff/pages/inbox", "Inbox"),
    "children": Page(
        lambda core: core.children(grant(actions.SEE_CHILDREN), "nb"), "/staff/pages/children", "WorkersChildren"
    ),
    "people of a case": Page(
        case_page("case_people", actions.PREVIEW), f"/staff/cases/{CASE}/people", "CasePeople", "case_id"
    ),
    "thread": Page(
        lambda core: core.staff_conversation(grant(actions.READ_THREAD, Target(thread_id=THREAD)), "nb"),
        f"/staff/threads/{THREAD}/pages/conversation",
        "StaffConversation",
        "thread_id",
    ),
    "shielded": Page(
        lambda core: core.shielded(grant(actions.REPLY, Target(thread_id=THREAD)), "nb"),
        f"/staff/threads/{THREAD}/shielded",
        "ShieldedFrom",
        "thread_id",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_one_request_for_the_acting_person_in_a_language(name: str) -> None:
    page = PAGES[name]
    core = ScriptedCore(validated(ok(sample(page.answer))))
    page.read(gateway(core))
    (call,) = core.calls
    assert (call.method, call.path, call.body, call.effect) == ("GET", page.path, None, False)
    assert call.headers["Accept-Language"] == "nb"
    told = claims(call.headers["Portal-Actor"], ACTOR_KEY)
    assert told["sub"] in {PERSON, "worker-2"}
    assert told["purpose"] == ("poll" if name == "news" else "look")


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.about])
def test_a_page_about_something_else_is_a_fault(name: str) -> None:
    page = PAGES[name]
    other = sample(page.answer, **{page.about or "": OTHER_CASE})
    if isinstance(other.get("plan"), dict):
        other["plan"]["case_id"] = OTHER_CASE
    with pytest.raises(CoreFault):
        page.read(gateway(ScriptedCore(validated(ok(other)))))


CASE_PAGES = [
    "overview",
    "plan",
    "conversation",
    "documents",
    "document",
    "my words",
    "trail",
    "who stays",
    "complaints",
]
CASE_PAGES += ["requests", "decisions", "visits"]


@pytest.mark.parametrize("name", CASE_PAGES)
@pytest.mark.parametrize(
    "changes",
    [{"child": {"id": "child-18", "first_name": "Emil"}}, {"reader": {"first_name": "Ingrid", "relation": "mother"}}],
)
def test_a_page_about_another_child_or_written_to_another_age_is_a_fault(name: str, changes: dict[str, Any]) -> None:
    page = PAGES[name]
    with pytest.raises(CoreFault):
        page.read(gateway(ScriptedCore(validated(ok(sample(page.answer, **changes))))))


def test_another_document_than_the_one_asked_for_is_a_fault() -> None:
    may = grant(actions.SEE_DOCUMENT, IN_CASE, **SURELY)
    with pytest.raises(CoreFault):
        gateway(ScriptedCore(validated(ok(sample("Document"))))).document(may, OTHER_CASE, "nb")


def test_the_list_opens_no_document() -> None:
    core = ScriptedCore()
    with pytest.raises(CoreFault):
        gateway(core).document(grant(actions.SEE_DOCUMENTS, IN_CASE, **SURELY), DOCUMENT, "nb")
    assert core.calls == []


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (Known(AddressGrade.OPEN), "Storgata 1"),
        (Known(AddressGrade.HIDDEN_FROM_PERSON), None),
        (Known(AddressGrade.PROTECTED), None),
        (Missing.UNKNOWN, None),
    ],
)
def test_places_are_taken_out_here_too_whatever_the_core_sent(address: Fact[AddressGrade], place: str | None) -> None:
    facts = standing()
    facts = replace(facts, children=(replace(facts.children[0], address=address),))
    core = gateway(ScriptedCore(validated(ok(sample("Overview")))))
    page = core.overview(grant(actions.SEE_OVERVIEW, IN_CASE, facts), "nb")
    assert [appointment.place for appointment in page.appointments] == [place]


@pytest.mark.parametrize("kind", SubmissionKind)
@pytest.mark.parametrize("status", [200, 201])
def test_every_kind_is_delivered_under_its_own_id(kind: SubmissionKind, status: int) -> None:
    action, target, path, content = DELIVERIES[kind]
    may = grant(action, target)
    submission = Submission(OPERATION, kind, may.actor, destination(target), NOW, content)
    core = ScriptedCore(validated(ok(sample("Receipt"), status)))
    receipt = gateway(core).deliver(may, submission)
    (call,) = core.calls
    assert (call.method, call.path, call.effect) == ("PUT", path, True)
    assert call.headers["Idempotency-Key"] == OPERATION == receipt.operation_id
    said = {name: value for name, value in content.items() if name not in IN_PATH}
    mark = {"assess_before_access": True} if kind in MARKED else {}
    assert json.loads(call.body or b"") == {**said, **mark, "composed_at": "2031-03-04T09:30:00Z"}
    assert receipt.sha256 == "0a" * 32


def test_somebody_whom_the_core_does_not_know_may_ask_for_help() -> None:
    may = grant(actions.ASK_FOR_HELP, subject="unresolved:pseudonym", assurance=Assurance.LOW)
    destination = Destination()
    submission = Submission(
        OPERATION, SubmissionKind.REFERRAL, may.actor, destination, NOW, {"answers": [], "language": "nb"}
    )
    core = ScriptedCore(validated(ok(sample("Receipt"), 201)))
    gateway(core).deliver(may, submission)
    told = claims(core.calls[0].headers["Portal-Actor"], ACTOR_KEY)
    assert (told["sub"], told["loa"]) == ("unresolved:pseudonym", "low")


def test_a_referral_may_be_addressed_by_its_own_id() -> None:
    may = grant(actions.ASK_FOR_HELP, Target(referral_id=OPERATION))
    submission = Submission(
        OPERATION,
        SubmissionKind.REFERRAL,
        may.actor,
        Destination(referral_id=OPERATION),
        NOW,
        {"answers": [], "language": "nb"},
    )
    core = ScriptedCore(validated(ok(sample("Receipt"), 201)))
    gateway(core).deliver(may, submission)
    assert core.calls[0].path == f"/referrals/{OPERATION}"


def test_a_receipt_for_something_else_is_no_receipt() -> None:
    may = grant(actions.WRITE_MESSAGE, IN_CASE)
    submission = Submission(OPERATION, SubmissionKind.MESSAGE, may.actor, Destination(case_id=CASE), NOW, TEXT)
    with pytest.raises(CoreFault):
        gateway(ScriptedCore(ok(sample("Receipt", operation_id=REFERRAL)))).deliver(may, submission)
    with pytest.raises(CoreFault):
        gateway(ScriptedCore(ok(sample("Receipt")))).receipt(REFERRAL)


def test_a_journals_end_is_kept_and_asked_for_by_the_portal_itself() -> None:
    core = ScriptedCore(*[validated(ok(sample("JournalHead")))] * 2)
    gateway(core).keep_head(7, "0b" * 32)
    assert gateway(core).latest_head().sequence == 7
    put, get = core.calls
    assert (put.method, put.path, json.loads(put.body or b"")) == ("PUT", "/journal-heads/7", {"hash": "0b" * 32})
    assert (get.method, get.path) == ("GET", "/journal-heads/latest")
    assert not any("Portal-Actor" in call.headers for call in core.calls)


@pytest.mark.parametrize("other", [{"sequence": 8}, {"hash": "0c" * 32}, {"hash": "0b"}, {"sequence": 0}])
def test_a_core_that_keeps_another_end_than_it_was_given_is_a_fault(other: dict[str, Any]) -> None:
    with pytest.raises(CoreFault):
        gateway(ScriptedCore(ok(sample("JournalHead", **other)))).keep_head(7, "0b" * 32)


def test_a_receipt_is_asked_for_by_the_portal_itself() -> None:
    core = ScriptedCore(validated(ok(sample("Receipt"))))
    assert gateway(core).receipt(OPERATION).operation_id == OPERATION
    assert (core.calls[0].path, "Portal-Actor" in core.calls[0].headers) == (f"/receipts/{OPERATION}", False)


def test_a_number_travels_in_the_body_and_nowhere_else() -> None:
    core = ScriptedCore(validated(ok(sample("PersonResolution"))))
    assert gateway(core).resolve_person(PersonNumber("no-pid", "00000000000")) == PERSON
    (call,) = core.calls
    assert call.body == b'{"scheme": "no-pid", "value": "00000000000"}'
    assert "00000000000" not in call.path + repr(call) + str(call.headers)


@pytest.mark.parametrize(
    ("target", "query"),
    [
        (Target(), ""),
        (IN_CASE, f"?case_id={CASE}"),
        (Target(thread_id="a:b"), "?thread_id=a%3Ab"),
        (Target(referral_id=REFERRAL), f"?referral_id={REFERRAL}"),
    ],
)
def test_standing_is_asked_for_one_target_and_anew_each_time(target: Target, query: str) -> None:
    core = ScriptedCore(*[validated(ok(sample("Standing")))] * 2)
    asked = gateway(core)
    assert asked.standing(FAMILY, target) == asked.standing(FAMILY, target)
    assert [call.path for call in core.calls] == [f"/me/standing{query}"] * 2


def test_capabilities_are_kept_for_five_minutes() -> None:
    clock = ManualClock()
    core = ScriptedCore(*[validated(ok(sample("Capabilities")))] * 3)
    asked = gateway(core, clock)
    asked.capabilities()
    clock.advance(seconds=299)
    asked.capabilities()
    assert len(core.calls) == 1
    clock.advance(seconds=1)
    asked.capabilities()
    assert len(core.calls) == 2
    clock.advance(hours=-1)
    asked.capabilities()
    assert len(core.calls) == 3


def test_changes_go_on_after_a_cursor() -> None:
    core = ScriptedCore(*[validated(ok(sample("ChangePage")))] * 2)
    page = gateway(core).changes(None, 100)
    gateway(core).changes(page.next_cursor, 500)
    assert [call.path for call in core.calls] == ["/changes?limit=100", "/changes?after=42&limit=500"]
    assert page.items[0].entity_id == THREAD


def test_a_feed_that_promises_more_and_stands_still_is_a_fault() -> None:
    still = sample("ChangePage", items=[], next_cursor="42", more=True)
    with pytest.raises(CoreFault):
        gateway(ScriptedCore(ok(still))).changes("42", 100)


def claims(token: str, key: Key) -> dict[str, Any]:
    """The claims of a token the adapter signed, once its signature is seen to be good."""
    return dict(jwt.decode(token, key, algorithms=["Ed25519", "ES256"]).claims)


def test_the_acting_person_is_signed_for_one_call_and_a_minute() -> None:
    core = ScriptedCore(*[ok(sample("Standing"))] * 2)
    asked = gateway(core)
    asked.standing(FAMILY, Target())
    asked.standing(Actor(SERVICE, Realm.STAFF, "worker-2", Assurance.HIGH), Target())
    tokens = [call.headers["Portal-Actor"] for call in core.calls]
    family, staff = (claims(token, ACTOR_KEY) for token in tokens)
    wanted = document()["components"]["schemas"]["PortalActorClaims"]["required"]
    assert set(family) == {*wanted, "enrolment"}
    assert family["enrolment"] == "eid"
    assert (family["iss"], family["aud"]) == (SETTINGS.client_id, SETTINGS.audience)
    assert family["exp"] - family["iat"] <= 60
    assert family["iat"] == int(NOW.timestamp())
    assert (family["realm"], family["loa"], staff["realm"], staff["loa"]) == ("family", "substantial", "staff", "high")
    assert family["jti"] != staff["jti"]
    assert all(len(token) <= 4096 for token in tokens)
    header = jwt.decode(tokens[0], ACTOR_KEY, algorithms=["Ed25519"]).header
    assert header == {"alg": "Ed25519", "kid": "actor-1", "typ": "JWT"}


def test_the_portal_proves_itself_with_an_assertion_for_one_use() -> None:
    core = ScriptedCore(ok(sample("Capabilities")))
    gateway(core).capabilities()
    (call,) = core.token_calls
    form = dict(pair.split("=", 1) for pair in (call.body or b"").decode().split("&"))
    told = claims(form["client_assertion"], CLIENT_KEY)
    assert (told["iss"], told["sub"], told["aud"]) == (SETTINGS.client_id, SETTINGS.client_id, SETTINGS.audience)
    assert told["exp"] - told["iat"] <= 60
    assert (call.effect, "Authorization" in call.headers) == (False, False)
    assert core.calls[0].headers["Authorization"] == "Bearer b1"


def test_the_moment_of_sending_is_told_in_utc() -> None:
    may = grant(actions.WRITE_MESSAGE, IN_CASE)
    composed = datetime.fromisoformat("2031-03-04T01:00:00.5+02:00")
    submission = Submission(OPERATION, SubmissionKind.MESSAGE, may.actor, Destination(case_id=CASE), composed, TEXT)

    def answer(call: Call) -> Answer:
        assert json.loads(call.body or b"")["composed_at"] == "2031-03-03T23:00:00.500000Z"
        return ok(sample("Receipt", at=datetime(2031, 3, 4, tzinfo=UTC).isoformat().replace("+00:00", "Z")))

    assert gateway(ScriptedCore(answer)).deliver(may, submission).at_utc == datetime(2031, 3, 4, tzinfo=UTC)
