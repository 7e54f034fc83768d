"""The form of the code: digits in any script, as people type them. Nothing of it is ever shown again."""

from __future__ import annotations

import re
import unicodedata

from werkzeug.datastructures import MultiDict

from portal.texts import NP_
from portal.web.forms import FieldError

SHAPE = re.compile(r"[0-9]{4,8}")
LONGEST = 64
"""Characters of what is compared at all; no code is as long."""

NOW, NEW, AGAIN = "code", "new_code", "again"
REMOVE = "remove"
"""Name of the button that takes the code away."""


def digits(form: MultiDict[str, str], name: str) -> str:
    """What was typed into a field, with digits of any script as 0-9 and without spaces; other signs stay."""
    typed = "".join(form.get(name, "")[:LONGEST].split())
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in typed)


def problems_of_new(form: MultiDict[str, str]) -> tuple[FieldError, ...]:
    """What is wrong with the new code itself. Asked before anything is compared, so it costs no try."""
    new = digits(form, NEW)
    if not SHAPE.fullmatch(new):
        return (FieldError(NEW, NP_("child", "Choose a code of 4 to 8 digits.")),)
    if digits(form, AGAIN) != new:
        return (FieldError(AGAIN, NP_("child", "The two are not the same. Type the new code once more.")),)
    return ()
