"""One's own no longer agreeing as it comes over the wire. Somebody else's is taken out before it is a type of ours."""

from __future__ import annotations

from portal.core.projection import Sieve
from portal.core.wire_shapes import closed, identifier, instant, level, or_none, text, truth
from portal.domain.withdrawal import Withdrawal


def withdrawal(value: object, sieve: Sieve) -> Withdrawal | None:
    """One of them, or None for anybody else's (rules.md R13)."""
    fields = closed(value, "id", "mine", "at", "state", "opened_by", "body", "answer", "answered_by")
    found = Withdrawal(
        id=identifier(fields["id"]),
        at_utc=instant(fields["at"]),
        state=level(fields["state"]),
        opened_by=or_none(text, fields["opened_by"]),
        body=text(fields["body"]),
        answer=or_none(text, fields["answer"]),
        answered_by=or_none(text, fields["answered_by"]),
    )
    return sieve.said("words", found, found.id, mine=truth(fields["mine"]))
