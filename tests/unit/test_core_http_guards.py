"""The third ring: nothing is asked of a core unless a real and fitting grant says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest

from portal.access import actions
from portal.access.actions import Action
from portal.access.decide import decide
from portal.access.grants import Grant
from portal.access.standing import UNAVAILABLE, Target
from portal.core.errors import CoreFault, Invalid, NotFound
from portal.core.guard import GrantMisuseError
from portal.core.http import HttpGateway
from portal.core.wire_submission import OPERATIONS, body, body_digest
from portal.domain.submission import Destination, Submission, SubmissionKind
from portal.jurisdictions import jurisdiction
from tests.contract.adapter_samples import CASE, OPERATION, OTHER_CASE, REFERRAL, THREAD
from tests.contract.scripted_core import FAMILY, ScriptedCore, gateway, grant

Read = Callable[[HttpGateway, Grant], object]
IN_CASE = Target(case_id=CASE)
READS: dict[str, tuple[Read, Action, Target]] = {
    "home": (lambda core, may: core.home(may, "nb"), actions.SEE_HOME, Target()),
    "overview": (lambda core, may: core.overview(may, "nb"), actions.SEE_OVERVIEW, IN_CASE),
    "plan": (lambda core, may: core.plan(may, "nb"), actions.SEE_PLAN, IN_CASE),
    "conversation": (lambda core, may: core.conversation(may, "nb"), actions.SEE_CONVERSATION, IN_CASE),
    "help": (
        lambda core, may: core.help_conversation(may, "nb"),
        actions.SEE_HELP_ANSWER,
        Target(referral_id=REFERRAL),
    ),
    "inbox": (lambda core, may: core.inbox(may, "nb"), actions.SEE_INBOX, Target()),
    "thread": (lambda core, may: core.staff_conversation(may, "nb"), actions.READ_THREAD, Target(thread_id=THREAD)),
}


def submission(kind: SubmissionKind = SubmissionKind.MESSAGE, **changes: Any) -> Submission:
    base = Submission(
        OPERATION,
        kind,
        FAMILY,
        Destination(case_id=CASE),
        datetime(2031, 3, 4, 9, 29, tzinfo=UTC),
        {"body": "Hei", "language": "nb"},
    )
    return replace(base, **changes)


@pytest.mark.parametrize("name", READS)
def test_a_read_takes_nothing_but_a_grant(name: str) -> None:
    read, _, _ = READS[name]
    core = ScriptedCore()
    for made_up in (None, CASE, vars(grant(actions.SEE_HOME))):
        with pytest.raises(GrantMisuseError):
            read(gateway(core), cast("Grant", made_up))
    assert core.calls == []


@pytest.mark.parametrize("name", READS)
def test_a_grant_for_something_else_reads_nothing(name: str) -> None:
    read, own, target = READS[name]
    core = ScriptedCore()
    others = {action for _, action, _ in READS.values()} - {own}
    for other in others:
        with pytest.raises(GrantMisuseError):
            read(gateway(core), grant(other, IN_CASE if own.needs is not actions.Needs.CASE else target))
    assert core.calls == []


@pytest.mark.parametrize("name", READS)
def test_a_person_of_one_service_is_not_named_to_the_core_of_another(name: str) -> None:
    read, action, target = READS[name]
    core = ScriptedCore()
    with pytest.raises(GrantMisuseError):
        read(gateway(core), grant(action, target, service_id="lillevik"))
    assert core.calls == []


def test_standing_is_not_asked_about_a_person_of_another_service() -> None:
    core = ScriptedCore()
    with pytest.raises(GrantMisuseError):
        gateway(core).standing(replace(FAMILY, service_id="lillevik"), Target())
    assert core.calls == []


def test_a_grant_to_keep_words_reads_and_delivers_nothing() -> None:
    today = datetime(2031, 3, 4, tzinfo=UTC).date()
    keep = decide(actions.WRITE_MESSAGE, FAMILY, UNAVAILABLE, IN_CASE, today, ages=jurisdiction("no").ages)
    assert isinstance(keep, Grant)
    assert keep.keep_only
    core = ScriptedCore()
    with pytest.raises(GrantMisuseError):
        gateway(core).conversation(keep, "nb")
    with pytest.raises(GrantMisuseError):
        gateway(core).deliver(keep, submission())
    assert core.calls == []


@pytest.mark.parametrize("name", ["help", "thread"])
def test_a_grant_without_the_id_a_page_needs_is_misuse(name: str) -> None:
    read, action, _ = READS[name]
    with pytest.raises(GrantMisuseError):
        read(gateway(ScriptedCore()), grant(action))


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a?b=c", "a%2e", "", "x" * 129, "å"])
def test_an_id_that_no_core_could_have_is_not_found_and_never_reaches_an_address(name: str) -> None:
    core = ScriptedCore()
    with pytest.raises(NotFound):
        gateway(core).staff_conversation(grant(actions.READ_THREAD, Target(thread_id=name)), "nb")
    with pytest.raises(NotFound):
        gateway(core).standing(FAMILY, Target(thread_id=name))
    with pytest.raises(NotFound):
        gateway(core).receipt(name)
    with pytest.raises(NotFound):
        gateway(core).help_conversation(grant(actions.SEE_HELP_ANSWER, Target(referral_id="thread-4")), "nb")
    assert core.calls == []


@pytest.mark.parametrize("remark_id", ["..", "a/b", "a?b=c", ""])
def test_an_answer_to_a_remark_that_cannot_be_one_never_reaches_an_address(remark_id: str) -> None:
    may = grant(actions.REPLY, Target(thread_id=THREAD))
    content: dict[str, object] = {"remark_id": remark_id, "body": "Hei", "language": "nb"}
    place = Destination(thread_id=THREAD)
    moment = datetime(2031, 3, 4, tzinfo=UTC)
    said = Submission(OPERATION, SubmissionKind.REMARK_ANSWER, may.actor, place, moment, content)
    core = ScriptedCore()
    with pytest.raises(NotFound):
        gateway(core).deliver(may, said)
    assert core.calls == []


def test_every_kind_of_submission_has_one_operation() -> None:
    assert set(OPERATIONS) == set(SubmissionKind)
    assert len({operation.path for operation in OPERATIONS.values()}) == len(OPERATIONS)
    shared = [kind for kind, operation in OPERATIONS.items() if operation.action is actions.REPLY]
    answers_to_views = [SubmissionKind.INFLUENCE_ANSWER, SubmissionKind.INFLUENCE_LATER]
    assert shared == [SubmissionKind.REPLY, SubmissionKind.REMARK_ANSWER, *answers_to_views]
    several = Counter(operation.action.name for operation in OPERATIONS.values())
    assert {name: count for name, count in several.items() if count > 1} == {
        "reply": 4,
        "answer_about_words": 2,
        "decide_sharing": 2,
    }
    assert all(operation.action.carries_in for operation in OPERATIONS.values())


@pytest.mark.parametrize(
    ("action", "target", "changes"),
    [
        (actions.SEE_CONVERSATION, IN_CASE, {}),
        (actions.COMMENT_ON_PLAN, IN_CASE, {}),
        (actions.WRITE_MESSAGE, IN_CASE, {"destination": Destination(case_id=OTHER_CASE)}),
        (actions.WRITE_MESSAGE, IN_CASE, {"destination": Destination(case_id=CASE, thread_id=THREAD)}),
        (actions.WRITE_MESSAGE, IN_CASE, {"actor": replace(FAMILY, subject="person-2")}),
        (actions.ASK_FOR_HELP, Target(referral_id=REFERRAL), {
            "kind": SubmissionKind.REFERRAL,
            "destination": Destination(referral_id=REFERRAL),
            "content": {"answers": [], "language": "nb"},
        }),
        (actions.REPLY, Target(), {"kind": SubmissionKind.REPLY, "destination": Destination()}),
    ],
)  # fmt: skip
def test_a_grant_covers_its_own_submission_and_no_other(
    action: Action, target: Target, changes: dict[str, Any]
) -> None:
    core = ScriptedCore()
    may = grant(action, target)
    written = submission(**{"actor": may.actor, **changes})
    with pytest.raises(GrantMisuseError):
        gateway(core).deliver(may, written)
    assert core.calls == []


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "not-a-uuid"},
        {"id": str(uuid4()).upper()},
        {"content": {"body": "Hei"}},
        {"content": {"body": "Hei", "language": "nb", "mood": 3}},
        {"content": {"body": "\ud800", "language": "nb"}},
        {"content": {"body": object(), "language": "nb"}},
        {"content": {"body": float("nan"), "language": "nb"}},
        {"composed_at_utc": datetime(2031, 3, 4, 9, 29)},  # noqa: DTZ001 a time without a zone is what is refused
    ],
)
def test_content_that_is_not_of_its_kind_is_refused_before_it_leaves(changes: dict[str, Any]) -> None:
    core = ScriptedCore()
    with pytest.raises(Invalid):
        gateway(core).deliver(grant(actions.WRITE_MESSAGE, IN_CASE), submission(**changes))
    assert core.calls == []


def test_the_same_submission_is_the_same_bytes_in_canonical_form() -> None:
    one = submission(content={"language": "nb", "body": 'Å "si"\n😀'})
    other = submission(content={"body": 'Å "si"\n😀', "language": "nb"})
    assert body(one) == body(other)
    assert body(one).decode() == ('{"body":"Å \\"si\\"\\n😀","composed_at":"2031-03-04T09:29:00Z","language":"nb"}')


def test_the_digest_leaves_out_the_number_and_the_time() -> None:
    content: dict[str, object] = {"answers": [], "language": "nb"}
    number = {"scheme": "no-pid", "value": "00000000000"}
    plain = submission(SubmissionKind.REFERRAL, content=content)
    full = submission(
        SubmissionKind.REFERRAL, content={**content, "number": number}, composed_at_utc=datetime(2031, 1, 1, tzinfo=UTC)
    )
    assert body_digest(plain) == body_digest(full)
    # echo -n '{"answers":[],"language":"nb"}' | sha256sum
    assert body_digest(plain) == "84ed78311b68e81ec785199adc01c7c3858bf3430d4750e285f1442c080b6148"


def test_misuse_is_a_fault_to_everybody_above() -> None:
    assert issubclass(GrantMisuseError, CoreFault)
    assert str(GrantMisuseError()) == "grant_misuse"
