"""The smallest words of the wire: JSON values made into Python ones, exactly or not at all.

Anything else than the contract's shape raises `CoreFault`; nothing is guessed, completed or passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NoReturn, TypeVar

from portal.core.errors import CoreFault
from portal.domain.delivery import CORE_LEVELS, DeliveryState

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)

IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}")
"""An opaque id, as the contract writes one."""

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHORTEST_LANGUAGE, _LONGEST_LANGUAGE = 2, 35
_LEVELS = frozenset({*CORE_LEVELS, DeliveryState.REJECTED})


def parse(body: bytes) -> object:
    """The JSON text in `body` (RFC 8259). Refuses doubled names, NaN, text that is no Unicode, and endless nesting."""
    try:
        value: object = json.loads(body.decode("utf-8"), object_pairs_hook=_each_name_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise CoreFault from None
    return value


def _each_name_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Two readers of one doubled name may each believe another value (RFC 8259 section 4).
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CoreFault
    return found


def _refuse(_constant: str) -> NoReturn:
    raise CoreFault


def closed(value: object, *names: str, facts: Collection[str] = ()) -> dict[str, object]:
    """An object with all of `names`, perhaps some of `facts`, and nothing else."""
    if not isinstance(value, dict) or not value.keys() >= set(names) or value.keys() - {*names, *facts}:
        raise CoreFault
    return value


def text(value: object) -> str:
    """A string that can be written out again as UTF-8 (a lone surrogate cannot)."""
    if not isinstance(value, str):
        raise CoreFault
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise CoreFault from None
    return value


def identifier(value: object) -> str:
    """An opaque id of the core."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise CoreFault
    return value


def language(value: object) -> str:
    """A language tag (BCP 47), by its length only."""
    tag = text(value)
    if not _SHORTEST_LANGUAGE <= len(tag) <= _LONGEST_LANGUAGE:
        raise CoreFault
    return tag


def truth(value: object) -> bool:
    """True or false, and no number in their place."""
    if not isinstance(value, bool):
        raise CoreFault
    return value


def count(value: object, least: int = 0) -> int:
    """A whole number from `least` up."""
    # type(): true is an int to Python, not a number of messages
    if type(value) is not int or value < least:
        raise CoreFault
    return value


def day(value: object) -> date:
    """A calendar date (ISO 8601)."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise CoreFault
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise CoreFault from None


def instant(value: object) -> datetime:
    """An instant in UTC (RFC 3339, ending in Z)."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise CoreFault
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        raise CoreFault from None


def level(value: object) -> DeliveryState:
    """How far something has come, in the words a core may use: it can neither keep for us nor ask for attention."""
    state = one_of(DeliveryState, value)
    if state not in _LEVELS:
        raise CoreFault
    return state


def one_of(words: type[Word], value: object) -> Word:
    """One word of a closed list."""
    try:
        return words(text(value))
    except ValueError:
        raise CoreFault from None


def or_none(decode: Callable[[object], T], value: object) -> T | None:
    """What `decode` makes of it, or None where the contract says null."""
    return None if value is None else decode(value)


def each(decode: Callable[[object], T], value: object) -> tuple[T, ...]:
    """Every item of a list; one bad item spoils all."""
    if not isinstance(value, list):
        raise CoreFault
    return tuple(decode(item) for item in value)


def each_once(decode: Callable[[object], T], value: object) -> frozenset[T]:
    """A list in which nothing stands twice."""
    items = each(decode, value)
    found = frozenset(items)
    if len(found) != len(items):
        raise CoreFault
    return found
