"""The two ways in which the provider says no: to a program, and to a person."""


class ProtocolFault(Exception):
    """A refusal told to the client as JSON (RFC 6749 section 5.2, RFC 9126 section 2.3).

    `error` is a registered error code; `reason` is a constant sentence and never repeats what was sent.
    """

    def __init__(self, error: str, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason
        self.status = status


class PageFault(Exception):
    """A refusal told to the person in the browser: this sign-in cannot go on."""

    def __init__(self, status: int = 400) -> None:
        super().__init__("the sign-in cannot go on")
        self.status = status
