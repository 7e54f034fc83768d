"""Views and the influence answers to them, as they come over the wire. Whole or not at all."""

from __future__ import annotations

import re

from portal.core.errors import CoreFault
from portal.core.wire_shapes import closed, day, each, identifier, instant, or_none, text
from portal.domain.view import InfluenceAnswer, StaffView, ViewAnswer, ViewLater, ViewWords

_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")


def staff_view(value: object) -> StaffView:
    """One view for staff."""
    fields = closed(value, "id", "occasion", "answers", "at", "influence", "later")
    return StaffView(
        id=identifier(fields["id"]),
        occasion=_words(fields["occasion"]),
        answers=each(_answer, fields["answers"]),
        at_utc=instant(fields["at"]),
        influence=or_none(influence, fields["influence"]),
        later=or_none(_later, fields["later"]),
    )


def influence(value: object) -> InfluenceAnswer:
    """What became of a view."""
    fields = closed(value, "heard", "changed", "not_changed", "by", "at")
    return InfluenceAnswer(
        heard=text(fields["heard"]),
        changed=text(fields["changed"]),
        not_changed=text(fields["not_changed"]),
        by=text(fields["by"]),
        at_utc=instant(fields["at"]),
    )


def _answer(value: object) -> ViewAnswer:
    fields = closed(value, "question", "chosen", "words")
    return ViewAnswer(_words(fields["question"]), each(_words, fields["chosen"]), text(fields["words"]))


def _words(value: object) -> ViewWords:
    fields = closed(value, "code", "text")
    code = text(fields["code"])
    if not _CODE.fullmatch(code):
        raise CoreFault
    return ViewWords(code, text(fields["text"]))


def _later(value: object) -> ViewLater:
    fields = closed(value, "reason", "until")
    return ViewLater(text(fields["reason"]), day(fields["until"]))
