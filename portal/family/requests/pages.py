"""What one has asked to see, and the answers. No field here could say what or how much is not shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from portal.domain.delivery import DeliveryState
from portal.domain.request import Appeal, AppealWay, RequestAnswer
from portal.web.pages import Page
from portal.web.writing import OnItsWay


@dataclass(frozen=True)
class ShownRequest:
    """One wish, whether the core has it or it is still on its way. `body` is None while it is locked in the letterbox.

    `appeal_url` is None when there is nothing to appeal against, and when an appeal was sent or is `coming`.
    """

    id: str
    at_utc: datetime
    state: DeliveryState
    opened_by: str | None
    body: str | None = field(repr=False)
    answer_by: date | None
    answer: RequestAnswer | None
    appeal_way: AppealWay | None
    appeals: tuple[Appeal, ...]
    coming: tuple[OnItsWay, ...]
    appeal_url: str | None


@dataclass(frozen=True)
class RequestsPage(Page):
    """The wishes of this reader, newest first. `documents_url`: where what was released is read, if anywhere here."""

    template: ClassVar[str] = "family/requests.html"
    is_child: bool
    content_language: str
    requests: tuple[ShownRequest, ...]
    documents_url: str | None
    messages_url: str
    back_url: str
    see_more_url: str
