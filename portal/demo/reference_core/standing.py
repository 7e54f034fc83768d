"""`/me/standing`: the facts about one person and at most one target, each known or unknown. It decides nothing."""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.decisions import (
    REPRESENTATIVES,
    GivenGrant,
    address_for,
    case_of_worker,
    child_of_worker,
    grants_of,
    is_blocked,
    is_danger,
    is_inside,
    referral_of,
    thread_for_worker,
    worker_row,
)
from portal.demo.reference_core.party import age, is_party
from portal.demo.reference_core.problems import NotFound

UNKNOWN: dict[str, object] = {"state": "unknown"}

Json = dict[str, object]


def known(value: object) -> Json:
    """A fact the core has."""
    return {"state": "known", "value": value}


def standing(
    connection: sqlite3.Connection,
    caller: Caller,
    today: date,
    *,
    case_id: str | None,
    thread_id: str | None,
    referral_id: str | None,
    child_id: str | None,
) -> Json:
    """The answer; of the same shape and after the same work whether the target exists or not."""
    family = caller.realm == "family"
    asked_for_case = thread_id is None and referral_id is None and child_id is None
    grants = grants_of(connection, caller.subject, case_id) if family and asked_for_case else ()
    roles = _roles(connection, caller)
    person = connection.execute("SELECT birth FROM person WHERE id = ?", (caller.subject,)).fetchone()
    admitted = bool(roles) if not family else person is not None and person["birth"] is not None
    by_child = {grant.child_id: grant for grant in grants}
    return {
        "admitted": known(admitted),
        "grants": known([_grant_facts(grant) for grant in grants]),
        "relations": [{"child_id": child, "relation": grant.relation} for child, grant in by_child.items()],
        "children": [_child_facts(connection, caller, grant, today) for grant in by_child.values()],
        "worker_roles": known(roles),
        "thread_open_to_worker": _thread_fact(connection, caller, thread_id, today),
        "referral_mine": _referral_fact(connection, caller, referral_id),
        "child_open_to_worker": _child_fact(connection, caller, child_id),
        "case_open_to_worker": _case_fact(connection, caller, case_id),
    }


def _roles(connection: sqlite3.Connection, caller: Caller) -> list[str]:
    try:
        return [str(worker_row(connection, caller)["role"])]
    except NotFound:
        return []


def _grant_facts(grant: GivenGrant) -> Json:
    open_ended = grant.relation in REPRESENTATIVES and not grant.ends  # whatever else cuts it short (rules.md R16)
    return {
        "case_id": grant.case_id,
        "child_id": grant.child_id,
        "relation": grant.relation,
        "scopes": sorted(grant.scopes),
        "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.valid_to.isoformat() if grant.valid_to and not open_ended else None,
        "basis": grant.basis,
    }


def _child_facts(connection: sqlite3.Connection, caller: Caller, grant: GivenGrant, today: date) -> Json:
    child_id = grant.child_id
    grade = address_for(connection, child_id, caller.subject)
    withheld = connection.execute(
        "SELECT item_id, reason, assessor, review_on, investigation FROM withheld WHERE child_id = :child"
        " AND (person_id = :person OR (person_id = :client AND representative IS NOT :person)) ORDER BY item_id",
        {"child": child_id, "person": caller.subject, "client": grant.represents},
    )
    return {
        "child_id": child_id,
        "blocked": known(is_blocked(connection, child_id, caller.subject)),
        "address": UNKNOWN if grade == "unknown" else known(grade),
        "inside_protection": known(is_inside(connection, child_id, caller.subject)),
        "age": known(age(connection, child_id, today)),
        "party": known(is_party(connection, grant, caller.subject, today)),
        "withheld": known([_withheld(row) for row in withheld]),
        "responsibility": _responsibility(connection, child_id, caller.subject),
        "danger": known(is_danger(connection, child_id, caller.subject)),
    }


def _withheld(row: sqlite3.Row) -> Json:
    running = row["investigation"]
    return {
        "item_id": row["item_id"],
        "reason": row["reason"],
        "assessor": row["assessor"],
        "review_on": row["review_on"],
        "investigation_open": None if running is None else bool(running),
    }


def _responsibility(connection: sqlite3.Connection, child_id: str, person_id: str) -> Json:
    row = connection.execute(
        "SELECT held, source FROM responsibility WHERE child_id = ? AND person_id = ?", (child_id, person_id)
    ).fetchone()
    return UNKNOWN if row is None else known({"held": bool(row["held"]), "source": row["source"]})


def _case_fact(connection: sqlite3.Connection, caller: Caller, case_id: str | None) -> Json:
    if case_id is None:
        return UNKNOWN
    try:
        worker = worker_row(connection, caller)
    except NotFound:
        return known(value=False)
    return known(case_of_worker(connection, worker, case_id))


def _thread_fact(connection: sqlite3.Connection, caller: Caller, thread_id: str | None, today: date) -> Json:
    if thread_id is None:
        return UNKNOWN
    try:
        thread_for_worker(connection, worker_row(connection, caller), thread_id, today)
    except NotFound:
        return known(value=False)
    return known(value=True)


def _child_fact(connection: sqlite3.Connection, caller: Caller, child_id: str | None) -> Json:
    if child_id is None:
        return UNKNOWN
    try:
        child_of_worker(connection, worker_row(connection, caller), child_id)
    except NotFound:
        return known(value=False)
    return known(value=True)


def _referral_fact(connection: sqlite3.Connection, caller: Caller, referral_id: str | None) -> Json:
    if referral_id is None:
        return UNKNOWN
    try:
        referral_of(connection, caller, referral_id)
    except NotFound:
        return known(value=False)
    return known(value=True)
