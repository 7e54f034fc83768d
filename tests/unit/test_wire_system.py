"""What the portal reads as a system: tokens, limits, ids, receipts, the change feed, and the ways to say no."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core import wire_system
from portal.core.errors import (
    Conflict,
    CoreError,
    CoreFault,
    CursorExpired,
    Forbidden,
    Gone,
    InProgress,
    Invalid,
    NotFound,
    NotSupported,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from portal.core.transport import Answer
from portal.core.wire_problem import LONGEST_WAIT_SECONDS, problem, success
from portal.domain.delivery import DeliveryState
from tests.contract.adapter_samples import OPERATION, sample
from tests.contract.scripted_core import ok
from tests.contract.scripted_core import problem as document


def test_a_token_is_not_shown() -> None:
    token = wire_system.token(sample("Token", scope="participation"))
    assert (token.value, token.lives_seconds) == ("synthetic.bearer-1", 300)
    assert "synthetic" not in repr(token)


@pytest.mark.parametrize(
    "value",
    [
        [],
        sample("Token", access_token="a\r\nPortal-Actor: x"),
        sample("Token", access_token=""),
        sample("Token", token_type="mac"),
        sample("Token", expires_in=0),
        sample("Token", expires_in="300"),
        {"access_token": "a"},
    ],
)
def test_what_is_no_bearer_token_is_a_fault(value: object) -> None:
    with pytest.raises(CoreFault):
        wire_system.token(value)


def test_limits_and_flags() -> None:
    found = wire_system.capabilities(sample("Capabilities"))
    assert (found.plans, found.referrals, found.limits.comment_characters) == (True, False, 5000)


def test_a_limit_under_what_may_be_written_while_the_core_is_down_is_a_fault() -> None:
    limits = {**sample("Capabilities")["limits"], "message_characters": 3999}
    with pytest.raises(CoreFault):
        wire_system.capabilities(sample("Capabilities", limits=limits))


@pytest.mark.parametrize("person", ["unresolved:abc", "referral:7", "a b", "", 7])
def test_a_known_person_never_bears_a_name_kept_for_the_unknown(person: object) -> None:
    with pytest.raises(CoreFault):
        wire_system.person_id({"person_id": person})


def test_a_receipt_hands_on_state_and_digest() -> None:
    found = wire_system.receipt(sample("Receipt", seen_by="Kari", level="seen"), OPERATION)
    assert (found.state, found.sha256, found.seen_by) == (DeliveryState.SEEN, "0a" * 32, "Kari")
    assert wire_system.receipt(sample("Receipt", sha256=None), OPERATION).sha256 is None


@pytest.mark.parametrize("changes", [{"operation_id": "another"}, {"sha256": "0A" * 32}, {"sha256": "ab"}])
def test_a_receipt_for_something_else_is_a_fault(changes: dict[str, Any]) -> None:
    with pytest.raises(CoreFault):
        wire_system.receipt(sample("Receipt", **changes), OPERATION)


def test_changes_of_an_unknown_type_are_passed_over() -> None:
    items = sample("ChangePage")["items"]
    items[0]["type"] = "planet.aligned"
    page = wire_system.change_page(sample("ChangePage", items=items, more=True))
    assert [change.cursor for change in page.items] == ["42"]
    assert (page.next_cursor, page.more) == ("42", True)


@pytest.mark.parametrize("cursor", ["", "c" * 65, None])
def test_a_cursor_has_a_length(cursor: object) -> None:
    with pytest.raises(CoreFault):
        wire_system.change_page(sample("ChangePage", next_cursor=cursor))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "invalid", Invalid),
        (401, "unauthenticated", Unauthenticated),
        (403, "forbidden", Forbidden),
        (404, "not_found", NotFound),
        (409, "conflict", Conflict),
        (409, "idempotency_key_reused", Conflict),
        (409, "in_progress", InProgress),
        (410, "gone", Gone),
        (410, "cursor_expired", CursorExpired),
        (413, "too_large", TooLarge),
        (415, "unsupported_media_type", Invalid),
        (422, "invalid", Invalid),
        (429, "rate_limited", RateLimited),
        (500, "internal", CoreFault),
        (501, "not_supported", NotSupported),
        (503, "unavailable", Unavailable),
        (404, "gone", CoreFault),
        (418, "teapot", CoreFault),
    ],
)
def test_every_problem_of_the_contract_is_its_own_error(status: int, code: str, error: type[CoreError]) -> None:
    with pytest.raises(CoreError) as caught:
        success(document(status, code), 200)
    assert type(caught.value) is error
    assert str(caught.value) == error.code


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Unauthenticated), (429, RateLimited), (502, Unavailable), (503, Unavailable), (504, Unavailable)],
)
def test_a_proxys_own_word_is_believed_where_it_is_as_good(status: int, error: type[CoreError]) -> None:
    assert type(problem(Answer(status, {"content-type": "text/html"}, b"<h1>Oh</h1>"))) is error


@pytest.mark.parametrize("status", [204, 301, 302, 403, 404, 409, 410, 413, 422, 500])
def test_a_page_of_somebody_else_is_a_fault_and_no_answer(status: int) -> None:
    with pytest.raises(CoreFault):
        success(Answer(status, {"content-type": "text/html", "location": "/login"}, b"<h1>Not here</h1>"), 200)


@pytest.mark.parametrize(
    "spoilt",
    [
        Answer(404, {"content-type": "application/json"}, document(404, "not_found").body),
        Answer(404, document(404, "not_found").headers, document(403, "not_found").body),
        Answer(404, document(404, "not_found").headers, b"[]"),
        Answer(404, {}, document(404, "not_found").body),
    ],
)
def test_a_half_problem_is_a_fault(spoilt: Answer) -> None:
    assert type(problem(spoilt)) is CoreFault


def test_json_under_another_name_is_a_fault() -> None:
    body = ok({}).body
    assert success(Answer(200, {"content-type": "Application/JSON; charset=utf-8"}, body), 200) == {}
    with pytest.raises(CoreFault):
        success(Answer(200, {"content-type": "text/html"}, body), 200)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("7", 7.0), ("0", 0.0), ("99999999", LONGEST_WAIT_SECONDS), ("soon", None), ("-1", None), ("²", None), ("", None)],
)
def test_how_long_to_wait(told: str, seconds: float | None) -> None:
    for status, code in ((429, "rate_limited"), (503, "unavailable"), (409, "in_progress")):
        error = problem(document(status, code, retry_after=told))
        assert isinstance(error, Unavailable)
        assert error.retry_after == seconds
