"""The contract is valid, closed, and says what the rules of the house ask of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from portal.access.actions import Scope
from portal.access.standing import AddressGrade, WithheldReason
from portal.domain.case import AppointmentKind, ChangeKind, Phase
from portal.domain.complaint import ComplaintAbout
from portal.domain.conversation import AuthorKind, RemarkKind, ThreadKind
from portal.domain.document import DocumentKind, ParagraphKind
from portal.domain.people import Relation
from portal.domain.plan import CommentTarget, GoalState, MeasureState
from portal.domain.request import AppealResult, Outcome
from portal.domain.shielding import ShieldedKind
from portal.domain.trail import TrailDoing, TrailRole, TrailThing
from portal.domain.visits import VisitWish
from portal.domain.words import ShareAnswer, ShareDecision, Stance, WordsKind
from tests.contract.validation import CONTRACT, ContractBroken, check_answer, check_request, document

ID = "6f2c1f0e-3b1c-4f0a-9a51-0a7c1d2e3f40"
RECEIPT = '{"operation_id":"' + ID + '","level":"registered","at":"2026-01-02T03:04:05Z","sha256":null,"seen_by":null}'
JSON = {"Content-Type": "application/json"}


def objects(value: object, at: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        if value.get("type") == "object":
            yield at, value
        for key, below in value.items():
            yield from objects(below, f"{at}/{key}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from objects(below, f"{at}/{index}")


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"][name]
    return found


def test_the_document_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document()).iter_errors()] == []


def test_every_page_and_write_is_a_closed_object() -> None:
    # Tokens and problems follow RFCs that allow more members; signed claims may grow.
    open_ones = {"TokenRequest", "Token", "TokenError", "Problem", "PortalActorClaims"}
    left_open = {
        at
        for at, found in objects(document()["components"]["schemas"])
        if found.get("additionalProperties") is not False and at.split("/")[1] not in open_ones
    }
    assert left_open == set()


def test_every_property_of_an_answer_is_always_there() -> None:
    mark = {"assess_before_access"}
    said = {"acknowledged"}
    optional = {
        "NewReferral": {"number", "attachments"},
        "NewMessage": {*mark, "attachments"},
        "NewComment": {*mark, "stance"},
        "NewView": mark,
        "NewVisitWish": mark,
        "NewConsentWithdrawal": mark,
        "NewReply": {*said, "answer_promised_for"},
        "NewRemarkAnswer": {*said, "outcome", "reason_code"},
        "NewSharingQuestion": said,
        "NewSharingDecision": said,
        "NewInfluenceAnswer": said,
    }
    for name, found in document()["components"]["schemas"].items():
        if found.get("additionalProperties") is False:
            assert set(found["properties"]) - set(found["required"]) == optional.get(name, set()), name


def test_no_number_and_no_withdrawal_in_any_path() -> None:
    for path in document()["paths"]:
        assert not re.search(r"withdraw|number|pid", path)


@pytest.mark.parametrize("word", ["title_only", "denied", "document_ids", "acting_for", "granted"])
def test_what_a_family_reads_never_says_that_something_is_held_back(word: str) -> None:
    assert word not in CONTRACT.read_text(encoding="utf-8")


def test_every_write_has_an_acting_person_and_an_idempotency_key() -> None:
    puts = [
        item["put"]
        for path, item in document()["paths"].items()
        if "put" in item and not path.startswith("/journal-heads/")  # the portal's own, with its number as the key
    ]
    assert len(puts) == 25
    for put in puts:
        names = {parameter["$ref"].rsplit("/", 1)[1] for parameter in put["parameters"]}
        assert {"Actor", "IdempotencyKey"} <= names


def test_the_words_are_those_of_the_domain() -> None:
    def values(kind: type) -> set[str]:
        return {str(member) for member in kind}  # type: ignore[attr-defined]  # an enum class

    grant = schema("Grant")["properties"]["scopes"]["items"]["enum"]
    facts = schema("ChildFacts")["properties"]
    assert set(schema("Relation")["enum"]) == values(Relation)
    assert set(grant) == values(Scope)
    assert set(facts["address"]["oneOf"][1]["properties"]["value"]["enum"]) == values(AddressGrade)
    assert set(schema("WithheldItem")["properties"]["reason"]["enum"]) == values(WithheldReason)
    assert set(schema("Overview")["properties"]["phase"]["enum"]) == values(Phase)
    assert set(schema("DocumentCard")["properties"]["kind"]["enum"]) == values(DocumentKind)
    assert set(schema("Paragraph")["properties"]["kind"]["enum"]) == values(ParagraphKind)
    assert set(schema("Appointment")["properties"]["kind"]["enum"]) == values(AppointmentKind)
    assert set(schema("ChangeForReader")["properties"]["kind"]["enum"]) == values(ChangeKind)
    assert set(schema("Message")["properties"]["author_kind"]["enum"]) == values(AuthorKind)
    assert set(schema("ThreadKind")["enum"]) == values(ThreadKind)
    assert set(schema("Remark")["properties"]["kind"]["enum"]) == values(RemarkKind)
    assert set(schema("ShieldedKind")["enum"]) == values(ShieldedKind)
    assert set(schema("RequestAnswer")["properties"]["outcome"]["enum"]) == values(Outcome) | {None}
    assert set(schema("Appeal")["properties"]["result"]["enum"]) == values(AppealResult) | {None}
    answers = values(Outcome) | values(AppealResult)
    assert set(schema("NewRemarkAnswer")["properties"]["outcome"]["enum"]) == answers
    assert set(schema("Remark")["properties"]["outcome"]["enum"]) == answers | {None}
    assert set(schema("NewComment")["properties"]["target_type"]["enum"]) == values(CommentTarget)
    assert set(schema("Stance")["enum"]) == values(Stance)
    assert set(schema("ComplaintAbout")["enum"]) == values(ComplaintAbout)
    assert set(schema("VisitWish")["enum"]) == values(VisitWish)
    assert set(schema("Remark")["properties"]["wish"]["enum"]) == values(VisitWish) | {None}
    assert set(schema("WordsKind")["enum"]) == values(WordsKind)
    assert set(schema("NewSharingAnswer")["properties"]["answer"]["enum"]) == values(ShareAnswer)
    assert set(schema("NewSharingDecision")["properties"]["decision"]["enum"]) == values(ShareDecision)
    assert set(schema("Goal")["properties"]["state"]["enum"]) == values(GoalState)
    assert set(schema("Measure")["properties"]["state"]["enum"]) == values(MeasureState)
    line = schema("TrailRow")["properties"]
    assert set(line["role"]["enum"]) == values(TrailRole)
    assert set(line["doing"]["enum"]) == values(TrailDoing)
    assert set(line["thing"]["enum"]) == values(TrailThing) - {TrailThing.PAGES}


def test_a_good_answer_passes_the_helper() -> None:
    check_answer("GET", f"/receipts/{ID}", 200, JSON, RECEIPT.encode())


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [
        (f"/receipts/{ID}", 200, RECEIPT.replace("registered", "sent")),
        (f"/receipts/{ID}", 200, RECEIPT.replace("05Z", "05+01:00")),
        (f"/receipts/{ID}", 200, RECEIPT.replace('"level"', '"place":"x","level"')),
        (f"/receipts/{ID}", 204, RECEIPT),
        (f"/receipts/{ID}", 404, RECEIPT),
        (f"/receipt/{ID}", 200, RECEIPT),
        (f"/receipts/{ID}", 200, "<html>"),
    ],
)
def test_a_bad_answer_does_not_pass_the_helper(target: str, status: int, body: str) -> None:
    with pytest.raises(ContractBroken):
        check_answer("GET", target, status, JSON, body.encode())


def test_requests_are_held_to_the_contract() -> None:
    target, headers = f"/cases/c1/messages/{ID}", {**JSON, "Portal-Actor": "a.b.c", "Idempotency-Key": ID}
    body = b'{"body":"Hei","language":"nb","composed_at":"2026-01-02T03:04:05Z"}'
    check_request("PUT", target, headers, body)
    with pytest.raises(ContractBroken, match="Portal-Actor is missing"):
        check_request("PUT", target, {**JSON, "Idempotency-Key": ID}, body)
    with pytest.raises(ContractBroken, match="uuid"):
        check_request("PUT", target, {**headers, "Idempotency-Key": "again"}, body)
    with pytest.raises(ContractBroken, match="composed_at"):
        check_request("PUT", target, headers, b'{"body":"Hei","language":"nb"}')
    with pytest.raises(ContractBroken, match="not in the contract"):
        check_request("GET", "/changes?since=1", {}, b"")
