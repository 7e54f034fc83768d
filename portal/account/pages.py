"""The pages around signing in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from portal.web.pages import Page


class Refusal(Enum):
    """Why signing in did not work, as far as a person can use it."""

    CANCELLED = "cancelled"
    DOWN = "down"
    TOO_OLD = "too_old"
    NOT_SURE_ENOUGH = "not_sure_enough"
    NO_NUMBER = "no_number"
    ANOTHER_PERSON = "another_person"
    OTHER = "other"


@dataclass(frozen=True)
class SignInPage(Page):
    """One button that leads to the provider, and back to where the person was going.

    `shared_minutes`: after so long without a request a session on a shared computer ends.
    """

    template: ClassVar[str] = "account/sign_in.html"
    provider_name: str
    start_url: str
    next_url: str
    staff: bool
    shared_minutes: int


@dataclass(frozen=True)
class RefusedPage(Page):
    """Signing in did not work: what can be done about it. No word of the provider is shown.

    `still_in`: somebody who is signed in was to prove anew who they are; they are signed in as before.
    """

    template: ClassVar[str] = "account/refused.html"
    lasting: ClassVar[bool] = False
    refusal: Refusal
    again_url: str
    still_in: bool = False


@dataclass(frozen=True)
class SignedOutPage(Page):
    """Signed out here; works also when the provider never sends anybody back."""

    template: ClassVar[str] = "account/signed_out.html"
    bare: ClassVar[bool] = True
    sign_in_url: str
