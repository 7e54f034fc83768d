"""The page on which the code is set, changed and taken away. It is not told whether there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from portal.web.forms import FieldError
from portal.web.pages import Page


@dataclass(frozen=True)
class CodePage(Page):
    """One form for everybody. `saved`: the last wish was carried out; `wait`: how long no code is compared."""

    template: ClassVar[str] = "account/code.html"
    post_url: str
    back_url: str
    saved: bool = False
    wait: timedelta = timedelta()
    errors: tuple[FieldError, ...] = ()
