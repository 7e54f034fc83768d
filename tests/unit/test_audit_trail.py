"""Staff's rows can be found by what they were about, and nobody else's; rows from before that still verify."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event, select, update

from portal.audit.chain import FIELDS, START, Chain, Head
from portal.audit.events import Entry, Event, NotOfStaffError, Sight
from portal.audit.journal import Journal, Looked
from portal.domain.people import Realm, Relation
from portal.store.tables import audit_event, audit_head
from portal.store.unit import Store
from tests.fakes.clock import ManualClock

KEY = bytes(range(32))
ACCOUNT = "6b0b2f9e-7d26-4f0c-9a4e-3a8b0a4f1c11"
OSLO = ZoneInfo("Europe/Oslo")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
BY_KARI = Sight("a", "f" * 64, Realm.STAFF, ACCOUNT, "read_thread", "thread:t-1", role=Relation.CASEWORKER, about="t-1")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def journal(clock: ManualClock) -> Journal:
    return Journal(KEY, clock)


def looked(store: Store, journal: Journal, *about: str, service: str = "a") -> set[Looked]:
    return set(journal.looked_at(store, service, about, LONG_AGO, OSLO))


def verified(store: Store, journal: Journal) -> int | None:
    with store.read() as connection:
        return journal.verify(connection, "a")


@pytest.mark.parametrize("realm", [Realm.FAMILY, None])
@pytest.mark.parametrize("told", [{"role": Relation.CASEWORKER}, {"about": "t-1"}])
def test_a_row_of_a_family_member_can_never_be_found_by_what_it_was_about(realm: Realm, told: dict[str, str]) -> None:
    with pytest.raises(NotOfStaffError):
        Entry("a", Event.SEEN, realm, ACCOUNT, "see_overview", item="overview:case-1", **told)  # type: ignore[arg-type]


def test_staff_is_found_by_thread_role_and_local_day(store: Store, journal: Journal, clock: ManualClock) -> None:
    journal.seen(store, BY_KARI)
    clock.advance(hours=14)  # 23:30 UTC is the next day in Oslo
    journal.seen(store, BY_KARI)
    clock.advance(hours=1)
    journal.seen(store, BY_KARI)
    journal.seen(store, replace(BY_KARI, session_hash="e" * 64, role=Relation.LEADER, action="see_sharing"))
    journal.seen(store, replace(BY_KARI, item="thread:t-2", about="t-2"))
    journal.seen(store, replace(BY_KARI, service_id="b", role=Relation.LEADER))
    with store.write() as connection:
        journal.record(
            connection,
            Entry("a", Event.KEPT, Realm.STAFF, ACCOUNT, "reply", item="m-1", role=Relation.LEADER, about="t-1"),
        )
    assert looked(store, journal, "t-1", "nothing") == {
        Looked(date(2031, 3, 4), Relation.CASEWORKER, "read_thread"),
        Looked(date(2031, 3, 5), Relation.CASEWORKER, "read_thread"),
        Looked(date(2031, 3, 5), Relation.LEADER, "see_sharing"),
    }
    assert looked(store, journal) == set()
    assert verified(store, journal) is None


def test_what_was_before_the_first_day_is_not_told(store: Store, journal: Journal, clock: ManualClock) -> None:
    journal.seen(store, BY_KARI)
    assert journal.looked_at(store, "a", ["t-1"], clock(), OSLO) != frozenset()
    clock.advance(hours=1)
    assert journal.looked_at(store, "a", ["t-1"], clock(), OSLO) == frozenset()


def test_it_is_one_statement_by_an_index(store: Store, engine: Engine, journal: Journal) -> None:
    journal.seen(store, BY_KARI)
    statements: list[tuple[str, object]] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append((call[2], call[3])))
    looked(store, journal, "t-1", "case-1:person-1")
    ((statement, values),) = statements
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", values)  # type: ignore[arg-type]
        else:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        assert "audit_event_about" in str(plan.all())


@pytest.mark.parametrize(("column", "value"), [("role", "leader"), ("role", None), ("about", "t-9"), ("about", None)])
def test_a_changed_role_or_thread_is_found(store: Store, journal: Journal, column: str, value: str | None) -> None:
    journal.seen(store, BY_KARI)
    with store.write() as connection:
        connection.execute(update(audit_event).values({column: value}))
    assert verified(store, journal) == 1


def test_rows_from_before_they_had_a_role_still_verify_and_take_none(store: Store, journal: Journal) -> None:
    chain, before = Chain(KEY), Head(0, START)
    for sequence in (1, 2):
        row = dict.fromkeys(FIELDS) | {
            "service_id": "a",
            "sequence": sequence,
            "at": LONG_AGO,
            "event": "seen",
            "realm": "staff",
            "outcome": "ok",
            "previous_hash": before.hash,
        }
        before = Head(sequence, old_hash(chain, row))
        with store.write() as connection:
            connection.execute(audit_event.insert().values(**row, hash=before.hash))
    with store.write() as connection:
        proof = chain.head("a", before)
        connection.execute(audit_head.insert().values(service_id="a", sequence=2, hash=before.hash, proof=proof))
    journal.seen(store, BY_KARI)
    assert verified(store, journal) is None
    with store.write() as connection:
        connection.execute(update(audit_event).where(audit_event.c.sequence == 2).values(role="leader"))
    assert verified(store, journal) == 2


def old_hash(chain: Chain, row: dict[str, object]) -> str:
    """As it was computed when the first ten fields were all there are (HMAC-SHA-256 of a JSON list)."""
    import hmac  # noqa: PLC0415 the old arithmetic, in one place
    import json  # noqa: PLC0415

    at = datetime.isoformat(LONG_AGO, timespec="microseconds")
    parts = [at if name == "at" else row[name] for name in FIELDS]
    key = hmac.digest(KEY, b"row", "sha256")
    digest = hmac.digest(key, json.dumps(parts, separators=(",", ":")).encode(), "sha256").hex()
    assert digest == chain.row(row)
    return digest


def test_what_is_hashed_is_what_is_stored(store: Store, journal: Journal) -> None:
    journal.seen(store, BY_KARI)
    with store.read() as connection:
        row = connection.execute(select(audit_event)).mappings().one()
    assert (row["role"], row["about"], row["item"]) == ("caseworker", "t-1", "thread:t-1")
    assert Chain(KEY).row(dict(row)) == row["hash"]
