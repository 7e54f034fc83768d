"""The pages of a family, projected for one person: only what that person may see goes into any line of them."""

from __future__ import annotations

import sqlite3
from datetime import date

from portal.demo.reference_core import plan_history, shared_words, stays
from portal.demo.reference_core.auth import LOOK, PREVIEW, Caller
from portal.demo.reference_core.course import changes, closing, course, visible, worker_id
from portal.demo.reference_core.decisions import (
    CaseAccess,
    case_access,
    grants_of,
    may_be_told_of_decisions,
    opens,
    referral_of,
)
from portal.demo.reference_core.marks import marks
from portal.demo.reference_core.plan_page import visible_plan
from portal.demo.reference_core.problems import NotFound
from portal.demo.reference_core.schema import service_fact
from portal.demo.reference_core.threads import (
    answer_due,
    begun_thread,
    case_readers,
    messages,
    own_thread,
    seen_thread,
    team_readers,
    unread,
)

Json = dict[str, object]


def home(connection: sqlite3.Connection, caller: Caller, today: date) -> Json:
    """The cases of a person, each child apart; none for somebody whom the core does not know."""
    person = connection.execute("SELECT first_name FROM person WHERE id = ?", (caller.subject,)).fetchone()
    cards = []
    for grant in grants_of(connection, caller.subject):
        if opens(connection, caller, grant, "overview", today):
            conversation = "conversation" in grant.scopes
            card: Json = {
                "case_id": grant.case_id,
                "child": child(connection, grant.child_id),
                "relation": grant.relation,
                "unread_messages": unread(connection, grant.case_id, caller.subject) if conversation else 0,
            }
            cards.append(card)
    return {
        "content_language": service_fact(connection, "language"),
        "first_name": person["first_name"] if person and caller.realm == "family" else None,
        "cases": cards,
    }


def overview(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """What happens next, who is responsible, what is new for this person."""
    access = case_access(connection, caller, case_id, "overview", today)
    writes = may(connection, caller, case_id, "conversation", today)
    steps = visible(connection, access, "next_step", "i.position")
    appointments = visible(connection, access, "appointment", "i.starts_at")
    return {
        **front(connection, access),
        **course(connection, access, today),
        "next_steps": [_step(access, row) for row in steps],
        "worker": worker(connection, access, today),
        "team": case_readers(connection, access, today),
        "appointments": [_appointment(access, row) for row in appointments if row["starts_at"] >= today.isoformat()],
        "changes": changes(connection, access, with_messages=writes),
        "unread_messages": unread(connection, case_id, caller.subject) if writes else 0,
        "answer_due": _own_answer_due(connection, access) if writes else None,
        "documents": may(connection, caller, case_id, "documents", today),
        "asks_about_words": shared_words.asks(connection, access),
        "who_stays": stays.concerns(connection, access, today),
        "decisions": may_be_told_of_decisions(connection, access),
    }


def conversation(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """One's own thread with the team. Who looks at it needs a writing connection: nothing is unread afterwards."""
    access = case_access(connection, caller, case_id, "conversation", today)
    if caller.purpose == LOOK:
        thread_id = begun_thread(connection, case_id, caller.subject)
        connection.execute(
            "UPDATE thread SET read_sequence = max(read_sequence,"
            " coalesce((SELECT max(sequence) FROM message WHERE thread_id = :id), 0)) WHERE id = :id",
            {"id": thread_id},
        )
    elif caller.purpose == PREVIEW:
        thread_id = seen_thread(connection, case_id, caller.subject)
    else:
        thread_id = own_thread(connection, case_id, caller.subject)
    return {
        **front(connection, access),
        "thread_id": thread_id,
        "worker": worker(connection, access, today),
        "closing": closing(connection, access, today),
        "readers": case_readers(connection, access, today),
        "answer_due": answer_due(connection, thread_id),
        "messages": messages(connection, thread_id),
    }


def plan(connection: sqlite3.Connection, caller: Caller, case_id: str, today: date) -> Json:
    """The plan in the version of this reader, with this reader's own comments. Looking at it is kept."""
    access = case_access(connection, caller, case_id, "plan", today)
    found, news = visible_plan(connection, access), plan_history.news(connection, access, today)
    if found is not None and caller.purpose == LOOK:
        plan_history.note_look(connection, access, str(found["updated_at"]), today)
    return {
        **front(connection, access),
        "readers": case_readers(connection, access, today),
        "plan": found,
        "news": news if found is not None else None,
        "shared_words": shared_words.shared(connection, access),
    }


def help_conversation(connection: sqlite3.Connection, caller: Caller, referral_id: str) -> Json:
    """The answers to one's own asking for help; never the asking itself, which others may look at over a shoulder."""
    referral = referral_of(connection, caller, referral_id)
    receipt = connection.execute("SELECT level FROM shown_receipt WHERE operation_id = ?", (referral_id,)).fetchone()
    taken_by = connection.execute("SELECT first_name FROM person WHERE id = ?", (referral["worker_id"],)).fetchone()
    return {
        "referral_id": referral_id,
        "content_language": service_fact(connection, "language"),
        "received_at": referral["composed_at"],
        "state": receipt["level"],
        "worker_first_name": taken_by["first_name"] if taken_by else None,
        "readers": team_readers(connection, referral["team_id"]),
        "messages": messages(connection, referral_id),
    }


def child(connection: sqlite3.Connection, child_id: str) -> Json:
    """A child by its first name."""
    row = connection.execute("SELECT first_name FROM person WHERE id = ?", (child_id,)).fetchone()
    return {"id": child_id, "first_name": row["first_name"]}


def worker(connection: sqlite3.Connection, access: CaseAccess, today: date) -> Json:
    """The responsible worker. For whom places are hidden from, team and number are those of the whole service."""
    row = connection.execute(
        "SELECT w.*, p.first_name, t.name, t.phone, t.hours, c.first_name AS cover_name FROM worker w"
        " JOIN person p ON p.id = w.person_id JOIN team t ON t.id = w.team_id"
        " LEFT JOIN person c ON c.id = w.cover_id WHERE w.person_id = ?",
        (worker_id(connection, access),),
    ).fetchone()
    away = row["away_until"] is not None and row["away_until"] >= today.isoformat()
    where = {
        name: row[name] if access.places else service_fact(connection, name) for name in ("name", "phone", "hours")
    }
    return {
        "id": row["person_id"],
        "first_name": row["first_name"],
        "team": where["name"],
        "phone": where["phone"],
        "hours": where["hours"],
        "away_until": row["away_until"] if away else None,
        "cover_first_name": row["cover_name"] if away else None,
        "bears_place": access.places,  # the whole service's would tell nothing
    }


def front(connection: sqlite3.Connection, access: CaseAccess) -> Json:
    """What every page of a case begins with: the child, the reader, the language."""
    reader = connection.execute("SELECT first_name FROM person WHERE id = ?", (access.person_id,)).fetchone()
    return {
        "case_id": access.case_id,
        "child": child(connection, access.child_id),
        "reader": {"first_name": reader["first_name"], "relation": access.relation},
        "content_language": service_fact(connection, "language"),
    }


def _step(access: CaseAccess, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "text": access.words(row, "text"),
        "who": access.words(row, "who"),
        "by": row["by_on"],
        "late_reason": access.words(row, "late"),
        **marks(row),
    }


def _appointment(access: CaseAccess, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "title": access.words(row, "title"),
        "starts_at": row["starts_at"],
        "place": row["place"] if access.places else None,
        "cancelled_reason": access.words(row, "cancelled"),
        **marks(row),
    }


def _own_answer_due(connection: sqlite3.Connection, access: CaseAccess) -> str | None:
    try:
        return answer_due(connection, own_thread(connection, access.case_id, access.person_id))
    except NotFound:  # nobody has written yet
        return None


def may(connection: sqlite3.Connection, caller: Caller, case_id: str, scope: str, today: date) -> bool:
    """Is this scope open to the person in this case today?"""
    try:
        case_access(connection, caller, case_id, scope, today)
    except NotFound:
        return False
    return True
