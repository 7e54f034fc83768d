"""Unfinished words, shown again only to their writer, gone after seven days. Never delivered from here."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from portal.outbox.seal import canonical
from portal.store.crypto import CryptoError, DraftKeys, Place
from portal.store.tables import draft
from portal.store.unit import Store, insert

LIVES = timedelta(days=7)
"""After the last change; the page says so (rules.md, safety 6)."""

APART = "@"
"""In a key: what follows tells apart a draft that is shown in one session only; no other key holds this sign."""

_WORDS = frozenset({"body", "words"})
"""What begins the names of fields that are written, not chosen."""

_NAMES = uuid.UUID("8f0d1c52-6d5b-4a0e-9b7b-0f6c0d6f2a11")
_LOAD = select(draft).where(
    draft.c.service_id == bindparam("service_id"),
    draft.c.id == bindparam("id"),
    draft.c.expires_at > bindparam("now"),
)


@dataclass(frozen=True)
class Draft:
    """What its writer had written. `key` says what it is for, such as "message:" and a case id."""

    key: str
    content: Mapping[str, object] = field(repr=False)
    updated_at_utc: datetime
    expires_at_utc: datetime


class Drafts:
    """One draft per writer and key. `clock` gives UTC."""

    def __init__(self, store: Store, keys: DraftKeys, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock

    def save(
        self, connection: Connection, service_id: str, account_id: str, key: str, content: Mapping[str, object]
    ) -> None:
        """Keep the content, in place of what was kept under this key. Raises `ContentUnfit`."""
        now = self._clock()
        identifier = _row(service_id, account_id, key)
        changed = {
            "sealed": self._keys.seal(canonical(dict(content)), _place(service_id, identifier, account_id)),
            "key_id": self._keys.newest,
            "updated_at": now,
            "expires_at": now + LIVES,
        }
        row = {"service_id": service_id, "id": identifier, "account_id": account_id, "key": key, **changed}
        connection.execute(
            insert(connection, draft)
            .values(row)
            .on_conflict_do_update(index_elements=["service_id", "id"], set_=changed)
        )

    def load(self, service_id: str, account_id: str, key: str) -> Draft | None:
        """The writer's own draft; None when there is none any more. Raises `CryptoError` when it cannot be read."""
        with self._store.read() as connection:
            return self._load(connection, service_id, account_id, key)

    def delete(self, connection: Connection, service_id: str, account_id: str, key: str) -> None:
        """Forget the draft, if there is one."""
        identifier = _row(service_id, account_id, key)
        connection.execute(delete(draft).where(draft.c.service_id == service_id, draft.c.id == identifier))

    def rejoin(self, connection: Connection, service_id: str, account_id: str) -> None:
        """What was begun apart joins the writer's other drafts, and both texts stay. One that cannot be read stays."""
        apart = select(draft.c.key).where(
            draft.c.service_id == service_id, draft.c.account_id == account_id, draft.c.key.contains(APART)
        )
        for key in connection.execute(apart.order_by(draft.c.updated_at)).scalars().all():
            together = key.partition(APART)[0]
            try:
                new = self._load(connection, service_id, account_id, key)
                old = self._load(connection, service_id, account_id, together)
            except CryptoError:
                continue
            if new is not None:
                content = new.content if old is None else _both(old.content, new.content)
                self.save(connection, service_id, account_id, together, content)
            self.delete(connection, service_id, account_id, key)

    def _load(self, connection: Connection, service_id: str, account_id: str, key: str) -> Draft | None:
        identifier = _row(service_id, account_id, key)
        found = connection.execute(_LOAD, {"service_id": service_id, "id": identifier, "now": self._clock()})
        row = found.first()
        if row is None:
            return None
        plaintext = self._keys.open(row.sealed, _place(service_id, identifier, account_id))
        return Draft(key, json.loads(plaintext), row.updated_at, row.expires_at)


def _both(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """The newer answer to each question, and of what was written the older words before the newer."""
    content = {**old, **{name: value for name, value in new.items() if value}}
    for name in old.keys() & new.keys():
        before, after = str(old[name]), str(new[name])
        if name.partition(":")[0] in _WORDS and before and after and before not in after:
            content[name] = f"{before}\n\n{after}"
    return content


def _row(service_id: str, account_id: str, key: str) -> str:
    # The same writer and key always make the same row, which the sealed bytes are bound to
    return str(uuid.uuid5(_NAMES, json.dumps([service_id, account_id, key])))


def _place(service_id: str, row_id: str, account_id: str) -> Place:
    return Place("draft", "sealed", service_id, row_id, account_id)
