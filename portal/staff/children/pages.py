"""The pages on which a worker lets children in. None of them ever shows a word or a PIN of a child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from markupsafe import Markup

from portal.web.forms import FieldError
from portal.web.pages import Page


@dataclass(frozen=True)
class ChildRow:
    """One child of the list. `let_in`: there is a way in today."""

    url: str
    first_name: str
    age: int
    let_in: bool


@dataclass(frozen=True)
class ChildrenPage(Page):
    """The children of one's own cases."""

    template: ClassVar[str] = "staff/children.html"
    children: tuple[ChildRow, ...]


@dataclass(frozen=True)
class WayInRow:
    """One way in: what it is, since when, whether it was made by the reader, last used when."""

    kind: str
    made_at_utc: datetime
    mine: bool
    last_used_utc: datetime | None


@dataclass(frozen=True)
class ChildPage(Page):
    """One child: the ways in there are, and what can be done about them. `open_until_utc`: of a code not yet used.

    `code_gone`: a code of the child's own stands before nothing any more, whether there was one or not.
    """

    template: ClassVar[str] = "staff/children_one.html"
    first_name: str
    age: int
    ways: tuple[WayInRow, ...]
    open_until_utc: datetime | None
    let_in_url: str
    take_away_url: str
    code_away_url: str
    preview_url: str
    back_url: str
    code_gone: bool
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class CodePage(Page):
    """The code, shown once: to be typed or scanned on the child's own device.

    `code` is in groups, `address` as people type it.
    """

    template: ClassVar[str] = "staff/children_code.html"
    lasting: ClassVar[bool] = False
    first_name: str
    code: str
    picture: Markup
    address: str
    until_utc: datetime
    own_device: bool
    back_url: str
