"""Remarks: what the person of a thread has said beside the messages, from the plan to no longer agreeing."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from portal.demo.reference_core.problems import Conflict, Invalid, NotFound
from portal.demo.reference_core.reasons import REASONS

Json = dict[str, object]

OUTCOMES: dict[str, frozenset[str | None]] = {
    "comment": frozenset({None}),
    "access_request": frozenset({None, "yes", "partly", "no"}),
    "appeal": frozenset({None, "changed", "upheld"}),
    "visit_wish": frozenset({None}),
    "consent_withdrawn": frozenset({None}),
}
WORDS_ALONE = frozenset({"comment", "visit_wish", "consent_withdrawn"})
"""Answered in words and nothing else."""
WITH_REASON = frozenset({"partly", "no"})


def remarks(connection: sqlite3.Connection, thread_id: str) -> list[Json]:
    """The remarks of one thread as staff read them, oldest first. Who has the thread sees the whole plan."""
    rows = connection.execute(
        "SELECT k.id, k.kind, k.plan_version, k.plan_had_changed, k.stance, k.wish, k.body, k.at, k.outcome, k.answer,"
        " coalesce(g.text_adult, m.text_adult, d.title_adult, l.title_adult, v.with_adult, a.title_adult) AS about,"
        " p.first_name AS answered_by FROM remark k LEFT JOIN goal g ON g.id = k.target_id"
        " LEFT JOIN measure m ON m.id = k.target_id LEFT JOIN decision d ON d.id = k.target_id"
        " LEFT JOIN plan l ON l.id = k.target_id LEFT JOIN arrangement v ON v.id = k.target_id"
        " LEFT JOIN appointment a ON a.id = k.target_id LEFT JOIN person p ON p.id = k.answered_by"
        " WHERE k.thread_id = ? AND k.kind <> 'view' ORDER BY k.sequence",
        (thread_id,),
    )
    return [{**dict(row), "plan_had_changed": bool(row["plan_had_changed"])} for row in rows]


def unanswered(connection: sqlite3.Connection, thread_id: str) -> Json:
    """How many of each kind wait for an answer."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE kind = 'comment') AS comments,"
        " count(*) FILTER (WHERE kind = 'access_request') AS access_requests,"
        " count(*) FILTER (WHERE kind = 'appeal') AS appeals, count(*) FILTER (WHERE kind = 'view') AS views,"
        " count(*) FILTER (WHERE kind = 'visit_wish') AS visit_wishes,"
        " count(*) FILTER (WHERE kind = 'consent_withdrawn') AS withdrawals"
        " FROM remark WHERE thread_id = ? AND level NOT IN ('answered', 'rejected')",
        (thread_id,),
    ).fetchone()
    return dict(row)


def remark_ids(connection: sqlite3.Connection, thread_id: str, upto: int) -> list[str]:
    """The remarks of a thread that had come by this number of arrival."""
    found = connection.execute("SELECT id FROM remark WHERE thread_id = ? AND sequence <= ?", (thread_id, upto))
    return [row["id"] for row in found]


def place_in_thread(connection: sqlite3.Connection, thread_id: str, item_id: str) -> int | None:
    """The number of arrival of a message or remark of this thread; None for anything else."""
    row = connection.execute(
        "SELECT sequence FROM message WHERE thread_id = :thread AND id = :item"
        " UNION ALL SELECT sequence FROM remark WHERE thread_id = :thread AND id = :item",
        {"thread": thread_id, "item": item_id},
    ).fetchone()
    return int(row["sequence"]) if row else None


@dataclass(frozen=True)
class Answer:
    """A worker's answer. `outcome` and `reason` as the contract has them, both None where it is only noted."""

    text: str = field(repr=False)
    worker_id: str
    at: str
    outcome: str | None
    reason: str | None


def take_answer(connection: sqlite3.Connection, thread_id: str, remark_id: str, answer: Answer) -> None:
    """Put an answer beside its remark. Raises `NotFound`, `Invalid`, and `Conflict` when there is one already."""
    remark = connection.execute(
        "SELECT kind, answer FROM remark WHERE thread_id = ? AND id = ?", (thread_id, remark_id)
    ).fetchone()
    if remark is None or remark["kind"] == "view":  # a view has an answer of its own
        raise NotFound
    if remark["answer"] is not None:
        raise Conflict
    _check_outcome(remark["kind"], answer)
    if remark["kind"] in WORDS_ALONE:
        connection.execute(
            f"UPDATE {remark['kind']} SET answer = ?, answered_by = ? WHERE id = ?",  # noqa: S608 a word of ours
            (answer.text, answer.worker_id, remark_id),
        )
        return
    connection.execute(
        f"UPDATE {remark['kind']} SET answer = ?, answered_by = ?, outcome = ?, reason = ?, answered_at = ?"  # noqa: S608 one of two words of ours
        " WHERE id = ?",
        (answer.text, answer.worker_id, answer.outcome, answer.reason, answer.at, remark_id),
    )


def _check_outcome(kind: str, answer: Answer) -> None:
    if answer.outcome not in OUTCOMES[kind]:
        raise Invalid([("/outcome", "unknown")])
    if (answer.reason is not None) is not (answer.outcome in WITH_REASON):
        raise Invalid([("/reason_code", "unknown")])
    if answer.reason is not None and answer.reason not in REASONS:
        raise Invalid([("/reason_code", "unknown")])
