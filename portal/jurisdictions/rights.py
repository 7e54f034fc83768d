"""Whom one can turn to outside the service, as a country has it: what they do, and no promise."""

from __future__ import annotations

from dataclasses import dataclass

from portal.texts import Text


@dataclass(frozen=True)
class Outside:
    """Somebody who is no part of the service. `number` and `tel` are both None where each place has its own.

    `web`: the name people type; it is written, not linked. `reference`: a name in the pack's references.
    """

    name: Text
    child: Text
    adult: Text
    number: str | None
    tel: str | None
    web: str
    reference: str
