"""How often something may be tried. Counts under keyed hashes only: no address, number or code is ever kept.

Never stands before asking for help, and never tells one person anything about another.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string

from portal.identity.slow import keyed_hash
from portal.logs import log
from portal.settings import SettingsError
from portal.store.limit_storage import DatabaseStorage
from portal.store.unit import Store

Clock = Callable[[], datetime]

NEXT_TRY = timedelta(seconds=20)
"""When to come back while nothing can be counted."""
LEFT_ALONE = timedelta(seconds=5)
"""How long a store that failed is not asked for what goes on without it: pages must not wait for a dead store."""
SAID_AGAIN = timedelta(minutes=1)
STORE_SECONDS = 0.5
"""Longest wait for a store on the network."""


@dataclass(frozen=True)
class Limit:
    """`most` times in each window of `window`.

    `without_store`: goes on when nothing can be counted; otherwise it stops until it can.
    `alarm`: somebody should look.
    """

    name: str
    most: int
    window: timedelta
    without_store: bool = False
    alarm: bool = False


# A whole school signs in from one address in one lesson; somebody who tries numbers needs far more than this
SIGN_IN_START = Limit("sign_in_start", 300, timedelta(minutes=5))
# One for each start, with room for going back and trying again
SIGN_IN_END = Limit("sign_in_end", 600, timedelta(minutes=5))
# A provider signs out thousands from one address when its own sessions run out, and tells us once only. A sign-out
# that is not heard leaves a session open, so this goes on without the store
BACK_CHANNEL = Limit("back_channel", 6000, timedelta(minutes=1), without_store=True)
# A child's fingers slip, and a class may be let in from one school's address
CODE_TRY = Limit("code_try", 30, timedelta(minutes=10))
# All wrong codes at one service: more than that are not slips but guesses, and everybody's next try waits for at
# most a minute. A code lives ten minutes, so guessing finds at most ten windows
CODE_WRONG = Limit("code_wrong", 20, timedelta(minutes=1), alarm=True)
# On top of the waits of each credential (`slow.wait_after`): here one address tries many children's words
WORDS_TRY = Limit("words_try", 60, timedelta(minutes=10))
# A passkey cannot be guessed; this only bounds the work
PASSKEY_TRY = Limit("passkey_try", 120, timedelta(minutes=10))
# On top of the waits of the code itself: each try costs us 64 MiB for a moment
OWN_CODE_TRY = Limit("own_code_try", 30, timedelta(minutes=10))
# Nobody reads five pages a second; a copying machine does. Reading one's own case goes on without the store
READING = Limit("reading", 300, timedelta(minutes=1), without_store=True)


class TooOften(Exception):
    """More often than the limit allows. `wait`: until it is worth trying again."""

    def __init__(self, limit: Limit, wait: timedelta) -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.wait = wait


class LimitsUnavailable(Exception):
    """Nothing can be counted just now, and what was wanted does not go on uncounted."""


class Limiter:
    """Counts in fixed windows by the portal's own clock.

    `nearby` counts what goes on without the store: in the process itself where the store is the database, so that
    reading a page writes nothing there.
    """

    def __init__(self, storage: Storage, key: bytes, clock: Clock, nearby: Storage | None = None) -> None:
        self._storage = storage
        self._nearby = nearby or storage
        self._key = hmac.new(key, b"limits", hashlib.sha256).digest()
        self._clock = clock
        self._failed_at: datetime | None = None
        self._said_at: datetime | None = None

    def count(self, limit: Limit, service_id: str, subject: str) -> None:
        """Count one more. Raises `TooOften`, and `LimitsUnavailable` where it may not go on uncounted."""
        if self._add(limit, service_id, subject) > limit.most:
            raise TooOften(limit, self._wait(limit))

    def require_room(self, limit: Limit, service_id: str, subject: str) -> None:
        """Is there room for one more? Counts nothing. Raises as `count` does."""
        key, _ = self._place(limit, service_id, subject)
        if self._asked(limit, lambda storage: storage.get(key)) >= limit.most:
            raise TooOften(limit, self._wait(limit))

    def note(self, limit: Limit, service_id: str, subject: str) -> None:
        """Count one more, for `require_room`. Raises `LimitsUnavailable`."""
        self._add(limit, service_id, subject)

    def _add(self, limit: Limit, service_id: str, subject: str) -> int:
        key, seconds = self._place(limit, service_id, subject)
        count = self._asked(limit, lambda storage: storage.incr(key, seconds))
        if count == limit.most + 1:  # said once for each window
            event = "limits.alarm" if limit.alarm else "limits.reached"
            log(event, level=logging.WARNING, kind=limit.name, service=service_id)
        return count

    def _asked(self, limit: Limit, ask: Callable[[Storage], int]) -> int:
        storage, now = (self._nearby if limit.without_store else self._storage), self._clock()
        if limit.without_store and self._failed_at is not None and now - self._failed_at < LEFT_ALONE:
            return 0
        try:
            count = ask(storage)
        except StorageError:
            self._failed_at = now
            self._say_down(now)
            if limit.without_store:
                return 0
            raise LimitsUnavailable from None
        self._failed_at = None
        return count

    def _say_down(self, now: datetime) -> None:
        if self._said_at is None or now - self._said_at >= SAID_AGAIN:
            self._said_at = now
            log("limits.unavailable", level=logging.ERROR)

    def _place(self, limit: Limit, service_id: str, subject: str) -> tuple[str, int]:
        """The key of the present window, and the seconds until it may be forgotten."""
        window = int(self._clock().timestamp() // limit.window.total_seconds())
        hashed = keyed_hash(self._key, service_id, f"{limit.name} {window}", subject)
        return f"{service_id}/{hashed}", int(limit.window.total_seconds())

    def _wait(self, limit: Limit) -> timedelta:
        length = limit.window.total_seconds()
        return timedelta(seconds=length - self._clock().timestamp() % length)


def build_limiter(where: str, key: bytes, store: Store, clock: Clock) -> Limiter:
    """A limiter over the storage of this address (`WebSettings.limits_storage`). Raises `SettingsError`."""
    if where == "database":
        return Limiter(DatabaseStorage(store, clock), key, clock, nearby=MemoryStorage())
    if where == "memory://":
        return Limiter(MemoryStorage(), key, clock)
    options = {"socket_timeout": STORE_SECONDS, "socket_connect_timeout": STORE_SECONDS}
    try:
        storage = storage_from_string(where, wrap_exceptions=True, **options)
    except ConfigurationError:
        # Its text may hold the address, and the address a password
        raise SettingsError("LYTT_LIMITS_STORAGE_FILE", "names a storage whose package is not installed") from None
    if not isinstance(storage, Storage):
        raise SettingsError("LYTT_LIMITS_STORAGE_FILE", "names a storage that cannot be used here")
    return Limiter(storage, key, clock)
