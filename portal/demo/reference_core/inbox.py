"""A worker's inbox: every thread in the order of what a person waits for, a page at a time. Ranks no workers."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.demo.offsets import PLACE_OF_CLOCKS, add_working_days, local_day
from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.decisions import ThreadForWorker, case_of_worker, threads_for_worker, worker_row
from portal.demo.reference_core.schema import moment, service_fact
from portal.demo.reference_core.staff_pages import NAME_NOT_KNOWN, in_use, thread_line
from portal.demo.reference_core.stops import breach_reports
from portal.demo.reference_core.threads import answer_due

Json = dict[str, object]

PAGE = 25
ORDER = ("urgent", "withdrawn", "due", "unanswered", "undelivered", "quiet")
_SAYS_TODAY = (("read_today", "yes"), ("safe_now", "no"))
_STATES = """
SELECT thread, count(*) AS items, min(waits) AS since, min(unopened) AS unopened, max(owed) AS owed, max(at) AS last_at,
  max(answers) AS answers, group_concat(level) AS levels, max(withdrawn) AS withdrawn FROM (
  SELECT m.thread_id AS thread, m.sent_at AS at, NULL AS answers, r.level,
    CASE WHEN r.level NOT IN ('answered', 'rejected') THEN m.sent_at END AS waits,
    CASE WHEN r.level IN ('accepted', 'registered') THEN m.received_at END AS unopened,
    r.level IN ('accepted', 'registered', 'seen') AS owed, 0 AS withdrawn
  FROM message m LEFT JOIN shown_receipt r ON r.operation_id = m.id AND m.author_kind = 'family'
  UNION ALL SELECT f.id, f.composed_at, CASE WHEN r.level NOT IN ('answered', 'rejected') THEN f.answers END, r.level,
    CASE WHEN r.level NOT IN ('answered', 'rejected') THEN f.composed_at END,
    CASE WHEN r.level IN ('accepted', 'registered') THEN f.received_at END,
    r.level IN ('accepted', 'registered', 'seen'), 0
  FROM referral f JOIN shown_receipt r ON r.operation_id = f.id
  UNION ALL SELECT thread_id, at, NULL, level, CASE WHEN level NOT IN ('answered', 'rejected') THEN at END,
    CASE WHEN level IN ('accepted', 'registered') THEN at END, 0,
    kind = 'consent_withdrawn' AND level NOT IN ('answered', 'rejected') FROM remark
) WHERE thread IN (SELECT value FROM json_each(?)) GROUP BY thread
"""


@dataclass(frozen=True)
class Asked:
    """What the portal asks for: which page, and for which threads it holds something undelivered."""

    page: int
    undelivered: Collection[str]


@dataclass(frozen=True)
class _Placed:
    thread: ThreadForWorker
    reason: str
    since: str
    due: str
    last_at: str
    unopened: str | None
    state: str


def inbox(connection: sqlite3.Connection, caller: Caller, asked: Asked, now: datetime) -> Json:
    """One page of the acting worker's threads, and for a leader what nobody has opened for one working day."""
    today, worker = local_day(now), worker_row(connection, caller)
    placed = _placed(connection, threads_for_worker(connection, worker, today), asked.undelivered, today)
    pages = max(1, -(-len(placed) // PAGE))
    page = min(asked.page, pages)
    shown = placed[(page - 1) * PAGE : page * PAGE]
    return {
        "content_language": service_fact(connection, "language"),
        "first_name": worker["first_name"],
        "team": worker["team_name"],
        **_away(connection, worker, today),
        "page": page,
        "pages": pages,
        "mark": _mark(placed),
        "threads": [{**thread_line(connection, one.thread), "reason": one.reason} for one in shown],
        "unopened": _unopened(connection, placed, now) if worker["role"] == "leader" else [],
        "breach_reports": breach_reports(connection, worker, NAME_NOT_KNOWN),
        "address_unknown": _address_unknown(connection, worker),
    }


def _placed(
    connection: sqlite3.Connection, threads: Sequence[ThreadForWorker], undelivered: Collection[str], today: date
) -> list[_Placed]:
    """All of them in their order; threads with no words and nobody who could read some are not in use."""
    ids = json.dumps([thread.thread_id for thread in threads])
    states = {row["thread"]: row for row in connection.execute(_STATES, (ids,))}
    placed = [
        _place(connection, thread, states.get(thread.thread_id), today, undelivered=thread.thread_id in undelivered)
        for thread in threads
        if thread.thread_id in states or in_use(connection, thread, today)
    ]
    placed.sort(key=lambda one: one.last_at, reverse=True)  # what is equal below stays newest first
    placed.sort(key=lambda one: (ORDER.index(one.reason), one.due, one.since))
    return placed


def _place(
    connection: sqlite3.Connection,
    thread: ThreadForWorker,
    state: sqlite3.Row | None,
    today: date,
    *,
    undelivered: bool,
) -> _Placed:
    since = (state["since"] if state else None) or ""
    due = (answer_due(connection, thread.thread_id) if state and state["owed"] else None) or ""
    if state and state["answers"] and _says_today(state["answers"]):
        reason = "urgent"
    elif state and state["withdrawn"]:
        reason = "withdrawn"
    elif due and due <= today.isoformat():
        reason = "due"
    elif since:
        reason = "unanswered"
    else:
        reason = "undelivered" if undelivered else "quiet"
    return _Placed(
        thread=thread,
        reason=reason,
        since=since,
        due=due if reason == "due" else "",
        last_at=(state["last_at"] if state else None) or "",
        unopened=state["unopened"] if state else None,
        state=f"{state['items']} {state['levels']}" if state else "",
    )


def _says_today(answers: str) -> bool:
    said = {(answer["question"], answer["answer"]) for answer in json.loads(answers)}
    return any(pair in said for pair in _SAYS_TODAY)


def _mark(placed: Sequence[_Placed]) -> str:
    seen = "\n".join(f"{one.thread.thread_id} {one.reason} {one.state}" for one in placed)
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def _away(connection: sqlite3.Connection, worker: sqlite3.Row, today: date) -> Json:
    until = worker["away_until"]
    if until is None or until < today.isoformat():
        return {"away_until": None, "cover_first_name": None}
    cover = connection.execute("SELECT first_name FROM person WHERE id = ?", (worker["cover_id"],)).fetchone()
    return {"away_until": until, "cover_first_name": cover["first_name"] if cover else None}


def _address_unknown(connection: sqlite3.Connection, worker: sqlite3.Row) -> list[str]:
    """Somebody has to find out whether a place may be told (rules.md R1)."""
    rows = connection.execute(
        "SELECT c.id, p.first_name FROM child_case c JOIN person p ON p.id = c.child_id WHERE c.address = 'unknown'"
        " ORDER BY p.first_name, c.id"
    )
    return [row["first_name"] for row in rows if case_of_worker(connection, worker, row["id"])]


def _unopened(connection: sqlite3.Connection, placed: Sequence[_Placed], now: datetime) -> list[Json]:
    lying = [one for one in placed if one.unopened is not None and _after_a_working_day(one.unopened) <= now]
    lying.sort(key=lambda one: str(one.unopened))
    return [_lies(connection, one) for one in lying[:PAGE]]


def _lies(connection: sqlite3.Connection, one: _Placed) -> Json:
    line = thread_line(connection, one.thread)
    told = {name: line[name] for name in ("thread_id", "about", "with_name", "with_relation")}
    return {**told, "since": one.unopened}


def _after_a_working_day(at: str) -> datetime:
    """The same time of day one working day later."""
    came = moment(at).astimezone(PLACE_OF_CLOCKS)
    return came + timedelta(days=(add_working_days(came.date(), 1) - came.date()).days)
