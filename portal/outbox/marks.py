"""Counters that let a page ask cheaply whether anything is new. They never say what.

There is none for a case: it would tell one parent that the other has written (rules.md R17).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from portal.store.tables import change_mark
from portal.store.unit import Store, insert

_VERSION = select(func.coalesce(func.sum(change_mark.c.version), 0)).where(
    change_mark.c.service_id == bindparam("service_id"), change_mark.c.item.in_(bindparam("items", expanding=True))
)


def bump(connection: Connection, service_id: str, item: str, at: datetime) -> None:
    """Something about this item is new: a thread, a referral, or the states of what an account has sent."""
    connection.execute(
        insert(connection, change_mark)
        .values(service_id=service_id, item=item, version=1, at=at)
        .on_conflict_do_update(
            index_elements=["service_id", "item"], set_={"version": change_mark.c.version + 1, "at": at}
        )
    )


def version(store: Store, service_id: str, items: Sequence[str]) -> int:
    """A number that grows when anything about one of the items is new: a thread's id, a referral's, an account's."""
    with store.read() as connection:
        return int(connection.execute(_VERSION, {"service_id": service_id, "items": list(items)}).scalar_one())
