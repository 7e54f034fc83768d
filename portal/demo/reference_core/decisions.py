"""The core decides: who may see what of which case, by grant, date, block, age and address grade.

It decides for itself, whatever the portal has decided before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.demo.reference_core.auth import Caller
from portal.demo.reference_core.law import ages
from portal.demo.reference_core.problems import NotFound

# In a query about items `i`, with `CaseAccess.reader`: everybody's, or named for this person (for whom only that is
# there, named it must be); telling no place, or places may be seen; and not withheld from this person, or from whom it
# speaks for and not given to it in that person's place (an investigation that has ended withholds nothing any more).
FOR_READER = (
    "((NOT :named_only AND NOT EXISTS (SELECT 1 FROM audience a WHERE a.item_id = i.id))"
    " OR EXISTS (SELECT 1 FROM audience a WHERE a.item_id = i.id AND a.person_id = :person))"
    " AND (:places OR NOT i.bears_place)"
    " AND NOT EXISTS (SELECT 1 FROM withheld w WHERE w.item_id = i.id AND (w.person_id = :person"
    " OR (w.representative IS NOT :person AND w.person_id IN (SELECT r.represents FROM access r"
    " WHERE r.person_id = :person))) AND (w.reason <> 'investigation' OR w.investigation))"
)
PARENTS = frozenset({"mother", "father"})
GUARDIANSHIP = PARENTS | {"guardian", "foster_carer"}
REPRESENTATIVES = frozenset({"lawyer", "spokesperson"})
FOSTER_CARER = "foster_carer"
ASSESSED = "party"
"""The basis of a grant to a parent whom the service has assessed as a party (rules.md R10)."""


@dataclass(frozen=True)
class GivenGrant:
    """A grant as it stands; `valid_to` never lies after the last day before the child is an adult for a guardian.

    Nor after the last day a closed case is readable, nor after the access of the person a lawyer speaks for
    (`represents`). `ends`: it was given for a time that is set.
    """

    case_id: str
    child_id: str
    relation: str
    scopes: frozenset[str]
    valid_from: date
    valid_to: date | None
    basis: str
    represents: str | None
    ends: bool

    def active(self, today: date) -> bool:
        """Does it hold on this day?"""
        return self.valid_from <= today and (self.valid_to is None or today <= self.valid_to)


@dataclass(frozen=True)
class CaseAccess:
    """One person's way into one case, for one moment. `places`: may see where things happen."""

    person_id: str
    grant: GivenGrant
    places: bool

    @property
    def case_id(self) -> str:
        """The case."""
        return self.grant.case_id

    @property
    def child_id(self) -> str:
        """The child it is about."""
        return self.grant.child_id

    @property
    def relation(self) -> str:
        """What the person is to the child."""
        return self.grant.relation

    @property
    def is_child(self) -> bool:
        """The child reads about itself."""
        return self.relation == "self"

    @property
    def named_only(self) -> bool:
        """A foster carer sees what names them and nothing else (rules.md R16)."""
        return self.relation == FOSTER_CARER

    @property
    def reader(self) -> dict[str, object]:
        """What `FOR_READER` asks for."""
        return {"person": self.person_id, "places": self.places, "named_only": self.named_only}

    def words(self, row: sqlite3.Row, name: str) -> str | None:
        """The text of a row in the words for this reader."""
        text: str | None = row[f"{name}_child" if self.is_child else f"{name}_adult"]
        return text


def grants_of(
    connection: sqlite3.Connection, person_id: str, case_id: str | None = None, *, closed: bool = True
) -> tuple[GivenGrant, ...]:
    """Every grant of a person, for one case or for all; over and not yet begun ones among them.

    Without `closed` the closing of a case ends none of them.
    """
    rows = connection.execute(
        "SELECT a.*, c.child_id, p.birth, k.readable_until FROM access a JOIN child_case c ON c.id = a.case_id"
        " JOIN person p ON p.id = c.child_id LEFT JOIN closing k ON k.case_id = a.case_id AND :closed"
        " WHERE a.person_id = :person AND (:case IS NULL OR a.case_id = :case) ORDER BY p.birth, a.case_id",
        {"person": person_id, "case": case_id, "closed": closed},
    ).fetchall()
    return tuple(_grant(connection, row) for row in rows)


def case_access(
    connection: sqlite3.Connection, caller: Caller, case_id: str, scope: str, today: date, *, closed: bool = True
) -> CaseAccess:
    """The way in for this scope. Raises `NotFound` for every reason there is against it."""
    for grant in grants_of(connection, caller.subject, case_id, closed=closed):
        if opens(connection, caller, grant, scope, today):
            return CaseAccess(caller.subject, grant, sees_places(connection, grant.child_id, caller.subject))
    raise NotFound


def opens(connection: sqlite3.Connection, caller: Caller, grant: GivenGrant, scope: str, today: date) -> bool:
    """Does this grant of the caller open this scope today?"""
    if caller.realm != "family" or caller.assurance == "low":
        return False
    if scope == "documents" and caller.in_person:
        return False  # read together with a worker, or handed over (rules.md R4, R8)
    return stands(connection, caller.subject, grant, scope, today)


def stands(connection: sqlite3.Connection, person_id: str, grant: GivenGrant, scope: str, today: date) -> bool:
    """Does this grant of a person open this scope today, however that person comes in?"""
    if scope == "documents" and grant.relation == FOSTER_CARER:
        return False
    if grant.relation in REPRESENTATIVES and not grant.ends:
        return False
    return (
        scope in grant.scopes
        and grant.active(today)
        and not is_blocked(connection, grant.child_id, person_id)
        and is_entitled(connection, grant, person_id)
    )


def is_entitled(connection: sqlite3.Connection, grant: GivenGrant, person_id: str) -> bool:
    """A parent without parental responsibility sees nothing, unless assessed as a party (rules.md R10).

    Nor does who speaks for such a parent.
    """
    if grant.represents is not None:
        clients = grants_of(connection, grant.represents, grant.case_id)
        return any(is_entitled(connection, client, grant.represents) for client in clients)
    if grant.relation not in PARENTS or grant.basis == ASSESSED:
        return True
    held = connection.execute(
        "SELECT held FROM responsibility WHERE child_id = ? AND person_id = ?", (grant.child_id, person_id)
    ).fetchone()
    return held is not None and bool(held["held"])


def is_blocked(connection: sqlite3.Connection, child_id: str, person_id: str) -> bool:
    """Is this person kept away from this child, or the one it speaks for?"""
    return _is_in(connection, "blocked", child_id, _and_client(connection, child_id, person_id))


def is_inside(connection: sqlite3.Connection, child_id: str, person_id: str) -> bool:
    """Does the protection of the child's address cover this person, too?"""
    return _is_in(connection, "inside", child_id, (person_id,))


def is_danger(connection: sqlite3.Connection, child_id: str, person_id: str) -> bool:
    """May telling this person of decisions, or the one it speaks for, put somebody in danger (rules.md R9)?"""
    return _is_in(connection, "danger", child_id, _and_client(connection, child_id, person_id))


def may_be_told_of_decisions(connection: sqlite3.Connection, access: CaseAccess) -> bool:
    """Everybody is of what is released to them, unless that is dangerous; the child always (rules.md R8, R9)."""
    return access.is_child or not is_danger(connection, access.child_id, access.person_id)


def address_for(connection: sqlite3.Connection, child_id: str, person_id: str) -> str:
    """What is protected before this person: open, hidden_from_person, protected or unknown."""
    if _is_in(connection, "hidden_from", child_id, _and_client(connection, child_id, person_id)):
        return "hidden_from_person"
    row = connection.execute("SELECT address FROM child_case WHERE child_id = ?", (child_id,)).fetchone()
    return str(row["address"])


def sees_places(connection: sqlite3.Connection, child_id: str, person_id: str) -> bool:
    """May this person be told where the child is, and with whom (rules.md R1, R2)?"""
    grade = address_for(connection, child_id, person_id)
    return grade == "open" or (grade == "protected" and is_inside(connection, child_id, person_id))


def _and_client(connection: sqlite3.Connection, child_id: str, person_id: str) -> tuple[str, ...]:
    # What a lawyer is given, the client can be told.
    rows = connection.execute(
        "SELECT DISTINCT a.represents FROM access a JOIN child_case c ON c.id = a.case_id"
        " WHERE c.child_id = ? AND a.person_id = ? AND a.represents IS NOT NULL",
        (child_id, person_id),
    )
    return (person_id, *(row["represents"] for row in rows))


def _is_in(connection: sqlite3.Connection, table: str, child_id: str, people: Iterable[str]) -> bool:
    return any(
        connection.execute(
            f"SELECT 1 FROM {table} WHERE child_id = ? AND person_id = ?",  # noqa: S608 our own table names
            (child_id, person_id),
        ).fetchone()
        for person_id in people
    )


def _grant(connection: sqlite3.Connection, row: sqlite3.Row) -> GivenGrant:
    given = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    ends = [given] if given else []
    if row["readable_until"]:
        ends.append(date.fromisoformat(row["readable_until"]))
    if row["relation"] in GUARDIANSHIP:
        ends.append(ages(connection).adult.reached_on(date.fromisoformat(row["birth"])) - timedelta(days=1))
    if row["represents"]:
        clients = grants_of(connection, row["represents"], row["case_id"])
        # Nobody speaks for somebody who has no access: that ended before it began.
        ends += [end for end in (client.valid_to for client in clients) if end] if clients else [date.min]
    return GivenGrant(
        case_id=row["case_id"],
        child_id=row["child_id"],
        relation=row["relation"],
        scopes=frozenset(row["scopes"].split()),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=min(ends, default=None),
        basis=row["basis"],
        represents=row["represents"],
        ends=given is not None,
    )


@dataclass(frozen=True)
class ThreadForWorker:
    """A thread a worker may open. `case_id` is None for somebody who asked for help."""

    thread_id: str
    case_id: str | None
    covering_for: str | None


def worker_row(connection: sqlite3.Connection, caller: Caller) -> sqlite3.Row:
    """The acting worker with name and team. Raises `NotFound` for everybody else."""
    row: sqlite3.Row | None = None
    if caller.realm == "staff" and caller.assurance == "high":
        row = connection.execute(
            "SELECT w.*, p.first_name, t.name AS team_name, t.receives_referrals FROM worker w"
            " JOIN person p ON p.id = w.person_id JOIN team t ON t.id = w.team_id WHERE w.person_id = ?",
            (caller.subject,),
        ).fetchone()
    if row is None:
        raise NotFound
    return row


def threads_for_worker(
    connection: sqlite3.Connection, worker: sqlite3.Row, today: date, thread_id: str | None = None
) -> tuple[ThreadForWorker, ...]:
    """The threads a worker may open: all of them, or the one asked about.

    Those of the worker's families, of families covered for, of the whole team for its leader, and of everybody who
    asked this team for help or wrote to a closed case.
    """
    rows = connection.execute(
        "SELECT t.id, t.case_id,"
        " (SELECT p.first_name FROM member m JOIN worker a ON a.person_id = m.worker_id"
        "   JOIN person p ON p.id = a.person_id WHERE m.case_id = t.case_id AND a.cover_id = :me"
        "   AND a.away_until >= :today LIMIT 1) AS covering_for,"
        " EXISTS (SELECT 1 FROM member m WHERE m.case_id = t.case_id AND m.worker_id = :me) AS own,"
        " (c.team_id = :team AND :role = 'leader') AS led"
        " FROM thread t JOIN child_case c ON c.id = t.case_id"
        " WHERE (:thread IS NULL OR t.id = :thread)"
        " AND (own OR led OR covering_for IS NOT NULL OR t.intake_team_id = :team)"
        " UNION ALL SELECT r.id, NULL, NULL, 0, 0 FROM referral r"
        " WHERE r.team_id = :team AND (:thread IS NULL OR r.id = :thread)",
        {
            "me": worker["person_id"],
            "team": worker["team_id"],
            "role": worker["role"],
            "today": today.isoformat(),
            "thread": thread_id,
        },
    )
    return tuple(
        ThreadForWorker(row["id"], row["case_id"], None if row["own"] else row["covering_for"]) for row in rows
    )


def thread_for_worker(
    connection: sqlite3.Connection, worker: sqlite3.Row, thread_id: str, today: date
) -> ThreadForWorker:
    """One thread the worker may open. Raises `NotFound`."""
    for thread in threads_for_worker(connection, worker, today, thread_id):
        return thread
    raise NotFound


def children_of_worker(
    connection: sqlite3.Connection, worker: sqlite3.Row, child_id: str | None = None
) -> tuple[sqlite3.Row, ...]:
    """The children of the worker's own cases, for its leader of the whole team, by name.

    Each row has id, first_name, birth and case_id, the worker's case the child is in.
    """
    rows = connection.execute(
        "SELECT p.id, p.first_name, p.birth, min(c.id) AS case_id FROM child_case c JOIN person p ON p.id = c.child_id"
        " WHERE (:child IS NULL OR p.id = :child)"
        " AND (EXISTS (SELECT 1 FROM member m WHERE m.case_id = c.id AND m.worker_id = :me)"
        " OR (c.team_id = :team AND :role = 'leader')) GROUP BY p.id ORDER BY p.first_name, p.id",
        {"me": worker["person_id"], "team": worker["team_id"], "role": worker["role"], "child": child_id},
    )
    return tuple(rows)


def case_of_worker(connection: sqlite3.Connection, worker: sqlite3.Row, case_id: str) -> bool:
    """Is it one of the worker's own cases, for a leader one of the team's?"""
    found = connection.execute(
        "SELECT 1 FROM child_case c WHERE c.id = :case AND (EXISTS (SELECT 1 FROM member m WHERE m.case_id = c.id"
        " AND m.worker_id = :me) OR (c.team_id = :team AND :role = 'leader'))",
        {"case": case_id, "me": worker["person_id"], "team": worker["team_id"], "role": worker["role"]},
    ).fetchone()
    return found is not None


def child_of_worker(connection: sqlite3.Connection, worker: sqlite3.Row, child_id: str) -> sqlite3.Row:
    """One child of the worker's own cases; covering for somebody is not enough. Raises `NotFound`."""
    for row in children_of_worker(connection, worker, child_id):
        return row
    raise NotFound


def referral_of(connection: sqlite3.Connection, caller: Caller, referral_id: str) -> sqlite3.Row:
    """The caller's own asking for help. Raises `NotFound` for everybody else's."""
    row: sqlite3.Row | None = None
    if caller.realm == "family":
        row = connection.execute(
            "SELECT * FROM referral WHERE id = ? AND (actor = ? OR person_id = ?)",
            (referral_id, caller.subject, caller.subject),
        ).fetchone()
    if row is None:
        raise NotFound
    return row
