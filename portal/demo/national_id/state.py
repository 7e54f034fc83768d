"""Everything one running provider holds, reached by its routes through the Flask application."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app

from portal.demo.national_id.assertions import ClientGate
from portal.demo.national_id.config import ProviderConfig
from portal.demo.national_id.keys import SigningKey
from portal.demo.national_id.memory import Clock, Memory
from portal.demo.national_id.requests import SignInRequest
from portal.demo.national_id.sessions import Sessions

EXTENSION = "national_id"
Post = Callable[[str, dict[str, str]], int]
"""Sends a form to a client's address; returns the status or raises `OSError`."""


@dataclass(frozen=True)
class Choice:
    """A person is being picked for `request`, in the browser that holds `browser`."""

    request: SignInRequest
    browser: str = field(repr=False)


@dataclass(frozen=True)
class CodeGrant:
    """What a code stands for until it is redeemed."""

    request: SignInRequest
    sid: str


@dataclass(frozen=True)
class SignOut:
    """A checked wish to sign out: where to go afterwards, and the session that a hint named."""

    return_to: str | None = field(repr=False)
    hinted_sid: str | None


@dataclass(frozen=True)
class Provider:
    """One provider with its key and its short memories."""

    config: ProviderConfig
    clock: Clock
    post: Post
    key: SigningKey
    gate: ClientGate
    sessions: Sessions
    pushed: Memory[SignInRequest]
    choices: Memory[Choice]
    codes: Memory[CodeGrant]
    access: Memory[dict[str, str]]
    sign_outs: Memory[SignOut]

    @classmethod
    def build(cls, config: ProviderConfig, clock: Clock, post: Post) -> "Provider":
        """A provider with nobody signed in; raises `KeyRefused`."""
        audiences = (config.issuer, f"{config.issuer}/token")
        return cls(
            config=config,
            clock=clock,
            post=post,
            key=SigningKey.load_or_create(config.key_file),
            gate=ClientGate(config.clients, audiences, clock),
            sessions=Sessions(clock),
            pushed=Memory(clock),
            choices=Memory(clock),
            codes=Memory(clock),
            access=Memory(clock),
            sign_outs=Memory(clock),
        )

    @property
    def session_cookie(self) -> str:
        """Cookies do not tell ports apart, so each provider has names of its own."""
        return f"simulator_{self.config.port}_session"

    @property
    def browser_cookie(self) -> str:
        """The cookie that ties a choice to the browser which began it."""
        return f"simulator_{self.config.port}_browser"


def provider() -> Provider:
    """The provider of the running application."""
    found = current_app.extensions[EXTENSION]
    if not isinstance(found, Provider):
        raise TypeError("the application is no provider")
    return found
