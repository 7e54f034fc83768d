"""What the core's receipt changes in a submission's row. A level never goes back, but for a stopped answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from portal.core.errors import CoreFault
from portal.domain.delivery import CORE_LEVELS, DeliveryState, Receipt

_COLUMNS = {level: f"{level.value}_at" for level in CORE_LEVELS}
_AFTERWARDS = frozenset({DeliveryState.SEEN, DeliveryState.ANSWERED})


def refused(row: Mapping[str, object], receipt: Receipt) -> bool:
    """Does the core say of this submission that it will not take it? What is registered stays registered."""
    same = receipt.operation_id == row["id"]
    return same and receipt.state is DeliveryState.REJECTED and row["registered_at"] is None


def advance(row: Mapping[str, object], receipt: Receipt) -> dict[str, object]:
    """The columns to set. Raises `CoreFault` for a receipt about something else, or with a state no core has."""
    if receipt.operation_id != row["id"] or receipt.state not in CORE_LEVELS:
        raise CoreFault
    reached = CORE_LEVELS[: CORE_LEVELS.index(receipt.state) + 1]
    values: dict[str, object] = {
        _COLUMNS[level]: row[_COLUMNS[level]] or receipt.at_utc for level in CORE_LEVELS if level in reached
    }
    if receipt.state is DeliveryState.SEEN:
        values["answered_at"] = None  # the answer went to the wrong person, and was stopped
    highest = [level for level in CORE_LEVELS if level in reached or _stands(level, row, receipt)][-1]
    return {
        **values,
        "state": highest.value,
        "seen_by": receipt.seen_by or row["seen_by"],
        "error_code": None,
        "attention_since": None,
    }


def only_arrived(receipt: Receipt) -> Receipt:
    """The same receipt without who opened it and that there was an answer: for whoever may not know that any more."""
    if receipt.state not in _AFTERWARDS:
        return receipt
    return replace(receipt, state=DeliveryState.REGISTERED, seen_by=None)


def tells_more(row: Mapping[str, object], receipt: Receipt) -> bool:
    """Does it say what became of the words, beyond that they arrived, and more than their writer has been told?"""
    return receipt.state in _AFTERWARDS and row["state"] != receipt.state.value


def _stands(level: DeliveryState, row: Mapping[str, object], receipt: Receipt) -> bool:
    stopped = level is DeliveryState.ANSWERED and receipt.state is DeliveryState.SEEN
    return row[_COLUMNS[level]] is not None and not stopped


def is_registered(row: Mapping[str, object], values: Mapping[str, object]) -> bool:
    """Is it in the case record, now that the core has said so?"""
    registered = values.get("registered_at", row["registered_at"])
    return isinstance(registered, datetime)
