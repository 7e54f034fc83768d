"""Bad days of a core: down, slow, strange, overloaded, forgetful. What the adapter says, and what it keeps quiet."""

from __future__ import annotations

import json
import traceback

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey

from portal.access import actions
from portal.access.standing import Target
from portal.core.breaker import FAILURES, REST_SECONDS
from portal.core.errors import (
    CoreError,
    CoreFault,
    InProgress,
    OutcomeUnknown,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from portal.core.http import HttpGateway
from portal.core.transport import Answer
from portal.domain.people import PersonNumber
from portal.domain.submission import Destination, Submission, SubmissionKind
from portal.settings import CoreSettings, SettingsError
from tests.contract.adapter_samples import CASE, OPERATION, sample
from tests.contract.scripted_core import SERVICE, SETTINGS, ScriptedCore, gateway, grant, ok, problem
from tests.fakes.clock import ManualClock

WRITE = grant(actions.WRITE_MESSAGE, Target(case_id=CASE))
SECRET = "a sentence that nobody else may read"
LOGIN_PAGE = Answer(200, {"content-type": "text/html"}, b"<!doctype html><h1>Sign in</h1>")


def message() -> Submission:
    content: dict[str, object] = {"body": SECRET, "language": "nb"}
    destination = Destination(case_id=CASE)
    return Submission(OPERATION, SubmissionKind.MESSAGE, WRITE.actor, destination, ManualClock()(), content)


def home(core: HttpGateway) -> object:
    return core.home(grant(actions.SEE_HOME), "nb")


def failing(core: HttpGateway, error: type[CoreError]) -> CoreError:
    """The error a read ends in."""
    with pytest.raises(CoreError) as caught:
        home(core)
    assert type(caught.value) is error
    return caught.value


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Unavailable(), Unavailable),
        (LOGIN_PAGE, CoreFault),
        (Answer(302, {"location": "https://login.example/"}, b""), CoreFault),
        (Answer(200, {"content-type": "application/json"}, b"{"), CoreFault),
        (Answer(200, {"content-type": "application/json"}, b""), CoreFault),
        (ok({"error": "no"}), CoreFault),
        (ok(sample("Home"), 201), CoreFault),
        (problem(503, "unavailable", retry_after="30"), Unavailable),
        (problem(500, "internal"), CoreFault),
        (CoreFault(), CoreFault),
    ],
)
def test_a_bad_answer_is_a_typed_error_and_never_an_empty_page(
    answer: Answer | Exception, error: type[CoreError]
) -> None:
    failing(gateway(ScriptedCore(answer)), error)


def test_how_long_an_overloaded_core_wants_to_be_left_alone() -> None:
    core = gateway(ScriptedCore(problem(429, "rate_limited", retry_after="7")))
    error = failing(core, RateLimited)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 7


def test_a_write_whose_answer_was_lost_is_not_called_failed() -> None:
    core = ScriptedCore(OutcomeUnknown(), ok(sample("Receipt")))
    asked = gateway(core)
    with pytest.raises(OutcomeUnknown):
        asked.deliver(WRITE, message())
    assert asked.deliver(WRITE, message()).operation_id == OPERATION
    first, second = core.calls
    assert (first.path, first.body, first.headers["Idempotency-Key"]) == (
        second.path,
        second.body,
        second.headers["Idempotency-Key"],
    )
    assert first.headers["Portal-Actor"] != second.headers["Portal-Actor"]


def test_a_key_that_is_still_being_worked_on() -> None:
    with pytest.raises(InProgress):
        gateway(ScriptedCore(problem(409, "in_progress", retry_after="1"))).deliver(WRITE, message())


def test_a_write_that_had_no_token_never_left() -> None:
    core = ScriptedCore()
    core.tokens = [Unavailable()]
    with pytest.raises(Unavailable):
        gateway(core).deliver(WRITE, message())
    assert core.calls == []


def test_a_forgotten_token_is_fetched_once_more_and_the_call_signed_anew() -> None:
    core = ScriptedCore(problem(401, "unauthenticated"), ok(sample("Home")))
    home(gateway(core))
    first, second = core.calls
    assert [call.headers["Authorization"] for call in core.calls] == ["Bearer b1", "Bearer b2"]
    assert first.headers["Portal-Actor"] != second.headers["Portal-Actor"]


def test_a_second_refusal_is_the_operators_business() -> None:
    core = ScriptedCore(problem(401, "unauthenticated"), problem(401, "unauthenticated"))
    failing(gateway(core), Unauthenticated)
    assert len(core.calls) == 2


@pytest.mark.parametrize("status", [400, 401])
def test_a_client_that_is_not_known_is_the_operators_business(status: int) -> None:
    core = ScriptedCore()
    core.tokens = [ok({"error": "invalid_client"}, status)]
    failing(gateway(core), Unauthenticated)


def test_a_token_page_of_somebody_else_is_a_fault() -> None:
    core = ScriptedCore()
    core.tokens = [LOGIN_PAGE]
    failing(gateway(core), CoreFault)


def test_a_token_is_used_until_half_a_minute_before_its_end() -> None:
    clock = ManualClock()
    core = ScriptedCore(*[ok(sample("Home"))] * 3)
    asked = gateway(core, clock)
    home(asked)
    clock.advance(seconds=269)
    home(asked)
    assert len(core.token_calls) == 1
    clock.advance(seconds=1)
    home(asked)
    assert len(core.token_calls) == 2


def test_a_token_that_another_thread_has_renewed_is_kept() -> None:
    core = ScriptedCore()
    asked = gateway(core)

    def refused_while_another_renews(_call: object) -> Answer:
        core.script[:0] = [problem(401, "unauthenticated"), ok(sample("Home"))]
        home(asked)
        return problem(401, "unauthenticated")

    core.script = [refused_while_another_renews, ok(sample("Home"))]
    home(asked)
    assert len(core.token_calls) == 2


def broken(clock: ManualClock) -> tuple[HttpGateway, ScriptedCore]:
    """A gateway whose breaker has just opened."""
    core = ScriptedCore(*[Unavailable()] * FAILURES)
    asked = gateway(core, clock)
    for _ in range(FAILURES):
        failing(asked, Unavailable)
    return asked, core


def test_a_core_that_is_down_is_left_alone_for_five_seconds() -> None:
    clock = ManualClock()
    asked, core = broken(clock)
    clock.advance(seconds=REST_SECONDS - 1)
    error = failing(asked, Unavailable)
    assert isinstance(error, Unavailable)
    assert error.retry_after == 1
    assert len(core.calls) == FAILURES


def test_one_probe_goes_first_and_its_success_lets_everybody_in() -> None:
    clock = ManualClock()
    asked, core = broken(clock)
    clock.advance(seconds=REST_SECONDS)

    def probe(_call: object) -> Answer:
        failing(asked, Unavailable)  # somebody else, while the probe is on its way
        return ok(sample("Home"))

    core.script = [probe, ok(sample("Home"))]
    home(asked)
    home(asked)
    assert len(core.calls) == FAILURES + 2


def test_a_probe_that_fails_shuts_the_door_again() -> None:
    clock = ManualClock()
    asked, core = broken(clock)
    clock.advance(seconds=REST_SECONDS)
    core.script = [problem(502, "unavailable")]
    failing(asked, Unavailable)
    failing(asked, Unavailable)
    assert len(core.calls) == FAILURES + 1


def test_a_clock_set_back_does_not_keep_the_door_shut() -> None:
    clock = ManualClock()
    asked, core = broken(clock)
    clock.advance(hours=-2)
    core.script = [ok(sample("Home"))]
    home(asked)
    assert len(core.calls) == FAILURES + 1


def test_only_failures_in_a_row_count_and_a_no_is_no_failure() -> None:
    core = ScriptedCore()
    asked = gateway(core)
    for _ in range(3):
        core.script = [*[Unavailable()] * (FAILURES - 1), problem(404, "not_found")]
        for _ in range(FAILURES):
            with pytest.raises(CoreError):
                home(asked)
    assert len(core.calls) == 3 * FAILURES


def test_no_error_and_no_log_line_holds_what_was_written(caplog: pytest.LogCaptureFixture) -> None:
    answers = (OutcomeUnknown(), problem(422, "invalid"), LOGIN_PAGE, ok(sample("Receipt", level=SECRET)))
    for answer in answers:
        with pytest.raises(CoreError) as caught:
            gateway(ScriptedCore(answer)).deliver(WRITE, message())
        told = "".join(traceback.format_exception_only(caught.value)) + repr(caught.value)
        assert SECRET not in told
        assert OPERATION not in told
    assert caplog.text == ""


def test_a_number_that_is_no_text_is_refused_without_repeating_it() -> None:
    with pytest.raises(CoreError) as caught:
        gateway(ScriptedCore()).resolve_person(PersonNumber("no-pid", "\ud800123"))
    assert str(caught.value) == "invalid"


def settings(**keys: object) -> CoreSettings:
    values = {"client_key": SETTINGS.client_key, "actor_key": SETTINGS.actor_key}
    encoded = {name: value if isinstance(value, bytes) else json.dumps(value).encode() for name, value in keys.items()}
    return CoreSettings(SETTINGS.url, SETTINGS.audience, SETTINGS.client_id, **{**values, **encoded})


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("actor_key", ECKey.generate_key("P-256").as_dict(private=True)),
        ("actor_key", OKPKey.generate_key("Ed25519").as_dict(private=False)),
        ("actor_key", OKPKey.generate_key("X25519").as_dict(private=True)),
        ("client_key", ECKey.generate_key("P-384").as_dict(private=True)),
        ("client_key", OctKey.generate_key(256).as_dict(private=True)),
        ("client_key", b"-----BEGIN PRIVATE KEY-----"),
        ("client_key", {"kty": "OKP"}),
        ("client_key", [1]),
    ],
)
def test_a_key_that_cannot_sign_stops_the_start_and_is_not_shown(name: str, key: object) -> None:
    with pytest.raises(SettingsError) as caught:
        HttpGateway(settings(**{name: key}), SERVICE, ManualClock(), ScriptedCore())
    assert caught.value.name == f"core.{name}"
    assert caught.value.__cause__ is None
    assert str(caught.value).startswith(f"core.{name}: must be a private JWK on the curve")


def test_an_edwards_key_proves_the_portal_as_well() -> None:
    key = OKPKey.generate_key("Ed25519").as_dict(private=True)
    core = ScriptedCore(ok(sample("Capabilities")))
    HttpGateway(settings(client_key=key), SERVICE, ManualClock(), core).capabilities()
    assert len(core.token_calls) == 1
