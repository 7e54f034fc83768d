"""Many families of one worker, put straight into a reference core: what a whole office would have in the end."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

FIRST_AT = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)


def add_families(database: Path, worker_id: str, team_id: str, number: int) -> None:
    """So many children with a thread of their own and one message in it that nobody has opened."""
    with sqlite3.connect(database) as connection:
        for index in range(number):
            _add_family(connection, worker_id, team_id, index)


def add_referral(database: Path, team_id: str, at: datetime, **answers: str) -> str:
    """Somebody who asked for help at this moment, with these answers by the code of their question."""
    identifier = str(uuid5(NAMESPACE_URL, f"referral {at} {answers}"))
    told = json.dumps([{"question": question, "answer": answer} for question, answer in answers.items()])
    with sqlite3.connect(database) as connection:
        connection.execute(
            "INSERT INTO referral (id, actor, answers, language, composed_at, received_at, team_id)"
            " VALUES (?, 'unresolved:x', ?, 'nb', ?, ?, ?)",
            (identifier, told, _text(at), _text(at), team_id),
        )
        connection.execute(
            "INSERT INTO receipt VALUES (?, 'registered', ?, ?, NULL)", (identifier, _text(at), "0" * 64)
        )
    return identifier


def _add_family(connection: sqlite3.Connection, worker_id: str, team_id: str, index: int) -> None:
    child, case, thread, message = (str(uuid5(NAMESPACE_URL, f"{kind} {index}")) for kind in ("p", "c", "t", "m"))
    at = _text(FIRST_AT + timedelta(minutes=index))
    connection.execute("INSERT INTO person VALUES (?, ?, '2014-03-01')", (child, f"Barn{index}"))
    connection.execute("INSERT INTO child_case (id, child_id, team_id) VALUES (?, ?, ?)", (case, child, team_id))
    connection.execute("INSERT INTO member VALUES (?, ?)", (case, worker_id))
    connection.execute(
        "INSERT INTO access (case_id, person_id, relation, scopes, valid_from)"
        " VALUES (?, ?, 'self', 'x', '2026-01-01')",
        (case, child),
    )
    connection.execute("INSERT INTO thread (id, case_id, person_id) VALUES (?, ?, ?)", (thread, case, child))
    (arrival,) = connection.execute("INSERT INTO arrival DEFAULT VALUES RETURNING number").fetchone()
    connection.execute(
        "INSERT INTO message VALUES (?, ?, ?, ?, 'family', 'Hei', 'nb', ?, ?)",
        (arrival, message, thread, child, at, at),
    )
    connection.execute("INSERT INTO receipt VALUES (?, 'registered', ?, ?, NULL)", (message, at, "0" * 64))


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
