"""One key, one effect: the same thing sent again gets the stored answer, another thing under the key is refused."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.problems import Conflict, KeyReused
from portal.demo.reference_core.receipts import body_digest, canonical, register
from portal.demo.reference_core.schema import Database, utc_text
from portal.demo.reference_core.writes import Write

Json = dict[str, object]
Perform = Callable[[sqlite3.Connection, Write], None]


@dataclass(frozen=True)
class Stored:
    """The receipt that answers, and whether it is that of an earlier attempt."""

    receipt: Json
    replayed: bool


def request_digest(method: str, path: str, caller: Caller, body: Mapping[str, object]) -> str:
    """SHA-256 over what makes two attempts the same: method, path, acting person and body."""
    parts = (method, path, caller.realm, caller.subject)
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + canonical(body)).hexdigest()


def perform_once(database: Database, write: Write, digest: str, perform: Perform) -> Stored:
    """Do it, or find that it was done. The effect, its receipt and the key are one transaction.

    Raises `KeyReused`, `Conflict`, and whatever `perform` refuses; a refusal stores nothing.
    """
    with database.write() as connection:
        earlier = connection.execute("SELECT digest, answer FROM operation WHERE id = ?", (write.id,)).fetchone()
        if earlier is not None:
            if earlier["digest"] != digest:
                raise KeyReused
            return Stored(json.loads(earlier["answer"]), replayed=True)
        try:
            perform(connection, write)
            answer = register(connection, write.id, body_digest(write.body), write.now)
        except sqlite3.IntegrityError:  # the id is that of something the core had before
            raise Conflict from None
        connection.execute(
            "INSERT INTO operation VALUES (?, ?, ?, ?)",
            (write.id, digest, json.dumps(answer), utc_text(write.now)),
        )
    return Stored(answer, replayed=False)
