"""Drafts come back to their writer alone, and go after seven days."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from portal.outbox.purge import purge
from portal.store.crypto import SealBroken
from portal.store.tables import draft
from portal.store.unit import Store
from tests.fakes.letterbox import CHILD, FATHER, SERVICE, Letterbox

KEY = "message:case-1"


@pytest.fixture
def letterbox(store: Store) -> Letterbox:
    return Letterbox(store)


def _save(letterbox: Letterbox, account: str, text: str, key: str = KEY) -> None:
    with letterbox.store.write() as connection:
        letterbox.drafts.save(connection, SERVICE, account, key, {"body": text})


def _count(letterbox: Letterbox) -> int:
    with letterbox.store.read() as connection:
        return connection.execute(select(func.count()).select_from(draft)).scalar_one()


def _body(letterbox: Letterbox, account: str, key: str = KEY) -> object:
    found = letterbox.drafts.load(SERVICE, account, key)
    return found.content["body"] if found else None


def test_a_draft_comes_back_to_its_writer_alone(letterbox: Letterbox) -> None:
    _save(letterbox, CHILD, "mitt")
    assert _body(letterbox, CHILD) == "mitt"
    assert letterbox.drafts.load(SERVICE, FATHER, KEY) is None
    assert letterbox.drafts.load("lillevik", CHILD, KEY) is None
    assert letterbox.drafts.load(SERVICE, CHILD, "message:case-2") is None


def test_saving_again_replaces(letterbox: Letterbox) -> None:
    _save(letterbox, CHILD, "først")
    letterbox.clock.advance(days=2)
    _save(letterbox, CHILD, "så")
    found = letterbox.drafts.load(SERVICE, CHILD, KEY)
    assert found is not None
    assert found.content == {"body": "så"}
    assert found.updated_at_utc == letterbox.clock()
    assert (found.expires_at_utc - found.updated_at_utc).days == 7
    assert _count(letterbox) == 1


def test_the_text_is_neither_stored_nor_shown_by_accident(letterbox: Letterbox) -> None:
    _save(letterbox, CHILD, "hemmelig ord")
    with letterbox.store.read() as connection:
        row = connection.execute(select(draft)).mappings().one()
    assert "hemmelig" not in str(dict(row))
    assert "hemmelig" not in repr(letterbox.drafts.load(SERVICE, CHILD, KEY))


def test_a_draft_moved_to_another_writer_does_not_open(letterbox: Letterbox) -> None:
    _save(letterbox, CHILD, "mitt")
    _save(letterbox, FATHER, "hans")
    with letterbox.store.write() as connection:
        own = connection.execute(select(draft.c.sealed).where(draft.c.account_id == CHILD)).scalar_one()
        connection.execute(update(draft).where(draft.c.account_id == FATHER).values(sealed=own))
    with pytest.raises(SealBroken):
        letterbox.drafts.load(SERVICE, FATHER, KEY)


def test_a_draft_goes_after_seven_days(letterbox: Letterbox) -> None:
    _save(letterbox, CHILD, "mitt")
    letterbox.clock.advance(days=7, seconds=-1)
    purge(letterbox.store, letterbox.clock())
    assert _body(letterbox, CHILD) == "mitt"
    letterbox.clock.advance(seconds=1)
    assert _body(letterbox, CHILD) is None
    purge(letterbox.store, letterbox.clock())
    assert _count(letterbox) == 0


def test_a_draft_can_be_forgotten(letterbox: Letterbox) -> None:
    _save(letterbox, CHILD, "mitt")
    _save(letterbox, CHILD, "annet", "message:case-2")
    with letterbox.store.write() as connection:
        letterbox.drafts.delete(connection, SERVICE, CHILD, KEY)
    assert _body(letterbox, CHILD) is None
    assert _body(letterbox, CHILD, "message:case-2") == "annet"
