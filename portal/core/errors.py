"""What can go wrong between the portal and a core, typed. No message holds content, a number or an id of a person."""

from __future__ import annotations


class CoreError(Exception):
    """Base of all failures of a core; `code` is a constant word, safe in logs."""

    code = "core_error"

    def __init__(self) -> None:
        super().__init__(self.code)


class Unavailable(CoreError):
    """Refused, timed out before sending, or 502/503/504: try again later. `retry_after` in seconds, if told."""

    code = "unavailable"

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__()
        self.retry_after = retry_after


class OutcomeUnknown(CoreError):
    """The request left and no answer came: look up the receipt, then repeat with the same key."""

    code = "outcome_unknown"


class RateLimited(Unavailable):
    """429: after `retry_after`."""

    code = "rate_limited"


class Unauthenticated(CoreError):
    """The portal's own credentials were refused: an operator's task."""

    code = "unauthenticated"


class Forbidden(CoreError):
    """The core says no for this person."""

    code = "forbidden"


class NotFound(CoreError):
    """The core does not know it, or does not say that it does."""

    code = "not_found"


class Gone(CoreError):
    """Closed, moved, sealed or deleted."""

    code = "gone"


class Conflict(CoreError):
    """Changed meanwhile, the key was used for something else, or the same key is still running."""

    code = "conflict"


class InProgress(Unavailable):
    """The same key is being worked on at this moment: wait and ask again."""

    code = "in_progress"


class Invalid(CoreError):
    """The core refuses the content."""

    code = "invalid"


class TooLarge(Invalid):
    """Over the core's limit."""

    code = "too_large"


class NotSupported(CoreError):
    """This core cannot do it; the capability flag should have hidden it."""

    code = "not_supported"


class CursorExpired(CoreError):
    """The change feed no longer holds what follows the cursor: read everything again."""

    code = "cursor_expired"


class CoreFault(CoreError):
    """An answer that cannot be trusted: 500, not the contract's shape, or about another person."""

    code = "core_fault"


UNREACHABLE = (Unavailable, OutcomeUnknown, Unauthenticated, CoreFault)
"""What a reader experiences as "cannot be shown just now"; everything else is a no."""
