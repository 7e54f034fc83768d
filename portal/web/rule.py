"""Ring 1 of default deny: a route that does not say which action it is cannot be registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from portal.access.actions import Action, Needs

SMALL_BODY = 64 * 1024
"""Bytes of a request body where no text is expected."""

TEXT_BODY = 32 * 1024 * 1024
"""Bytes where a person writes: far over any limit of a core, so that too much text gets a message, not a wall."""

DRAFT_BYTES = 100_000
"""Bytes of UTF-8 up to which a text that was not taken in is kept as a draft; far over any limit of a core, too."""


@dataclass(frozen=True)
class DraftToKeep:
    """What of a form is kept for its writer when the session had run out (house.md, "A POST on an expired session").

    `back` is the path of the page where the draft is shown again.
    """

    key: str
    content: Mapping[str, str]
    back: str

    @property
    def fits(self) -> bool:
        """Is it small enough to be kept? What a page sends by itself, and again and again, has to be."""
        return sum(len(text.encode("utf-8", "replace")) for text in self.content.values()) <= DRAFT_BYTES


DraftOf = Callable[[Mapping[str, str], MultiDict[str, str]], DraftToKeep]


class GatedRule(Rule):
    """A URL rule with its declared action.

    `draft` says which draft a form on this route becomes when the session had run out. `live` marks polling,
    which never extends a session. `body_limit` is in bytes. `machine`: another server posts here and proves itself
    in the body, so neither its origin nor a form token is asked for; only for what is open to everybody.
    """

    def __init__(
        self,
        string: str,
        *,
        access: Action,
        draft: DraftOf | None = None,
        live: bool = False,
        body_limit: int = SMALL_BODY,
        machine: bool = False,
        **options: Any,  # noqa: ANN401 whatever Werkzeug's own rule takes
    ) -> None:
        super().__init__(string, **options)
        self.access = access
        self.draft = draft
        self.live = live
        self.body_limit = body_limit
        self.machine = machine
        if machine and access.needs is not Needs.NOTHING:
            raise ValueError("a route for machines opens nothing of a person")

    def get_empty_kwargs(self) -> dict[str, Any]:
        """Keep the declarations when Werkzeug copies a rule."""
        return {
            **super().get_empty_kwargs(),
            "access": self.access,
            "draft": self.draft,
            "live": self.live,
            "body_limit": self.body_limit,
            "machine": self.machine,
        }
