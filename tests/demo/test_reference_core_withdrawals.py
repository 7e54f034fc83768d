"""Who no longer agrees is first in the inbox after whoever is not safe, and is answered once."""

from pathlib import Path
from typing import Any

import pytest

from tests.demo.core_client import Answer, CoreAtWork, core_at_work


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def withdraw(core: CoreAtWork, who: str, body: str = "", case: str = "sofie") -> Answer:
    path = f"/cases/{core.id('case', case)}/no-longer-agreeing/{{id}}"
    return core.put(path, who, {"body": body, "language": "nb"})


def answer(core: CoreAtWork, who: str, remark: str, **more: str) -> Answer:
    path = f"/staff/threads/{core.id('thread', 'sofie', who)}/remarks/{remark}/answers/{{id}}"
    return core.put(path, "kari", {"body": "Vi snakkes på fredag.", "language": "nb", **more})


def reasons(core: CoreAtWork) -> list[tuple[str, str]]:
    threads: list[Any] = core.get("/staff/pages/inbox", "kari").json["threads"]
    return [(one["reason"], one["thread_id"]) for one in threads]


def test_it_stands_before_all_but_what_has_to_be_read_today(core: CoreAtWork) -> None:
    """Feature C8."""
    made = withdraw(core, "thomas").json["operation_id"]
    thread = core.id("thread", "sofie", "thomas")
    found = reasons(core)
    assert ("withdrawn", thread) in found
    assert {reason for reason, _ in found[: found.index(("withdrawn", thread))]} <= {"urgent"}
    assert answer(core, "thomas", made).status == 201
    assert "withdrawn" not in {reason for reason, _ in reasons(core)}
    assert answer(core, "thomas", made).code == "conflict"


def test_its_writer_alone_reads_it(core: CoreAtWork) -> None:
    """Feature C8, R13."""
    withdraw(core, "thomas", "Jeg vil ikke mer.")
    own = core.page("thomas", "sofie", "my-words").json["withdrawals"]
    assert [(one["body"], one["state"]) for one in own] == [("Jeg vil ikke mer.", "registered")]
    for other in ("ingrid", "sofie"):
        assert core.page(other, "sofie", "my-words").json["withdrawals"] == []


def test_what_does_not_fit_is_refused(core: CoreAtWork) -> None:
    """Hostile: another's case, too many words, a result that belongs to a wish."""
    assert withdraw(core, "mats").status == 404
    assert withdraw(core, "thomas", "x" * 8001).status == 413
    made = withdraw(core, "thomas").json["operation_id"]
    assert answer(core, "thomas", made, outcome="yes").status == 422
