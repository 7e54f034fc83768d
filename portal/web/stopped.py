"""Messages that went to the wrong person: gone from every page of a family at once, marked for staff (rules.md R17).

The core hides them too, as soon as it knows; until then this does. A family is never told that there was something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portal.domain.case import Home
from portal.domain.conversation import AuthorKind, Message, StaffConversation
from portal.domain.delivery import DeliveryState
from portal.web.visit import Visit


class StoppedBy(StrEnum):
    """Who stopped it, as staff are told."""

    YOU = "you"
    TEAM = "team"
    CASEWORKER = "caseworker"
    LEADER = "leader"


class WasRead(StrEnum):
    """What is known of whether anybody has read it."""

    NEVER_SENT = "never_sent"
    OPENED = "opened"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ShownStop:
    """That a message was stopped, for staff."""

    by: StoppedBy
    at_utc: datetime
    read: WasRead


def without_stopped(visit: Visit, thread_id: str, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """What a family sees of its thread: what only stopped messages have answered is as it was before them."""
    stopped = {stop.message_id for stop in visit.parts.stops.in_thread(visit.service.id, thread_id)}
    if not any(_is_gone(message, stopped) for message in messages):
        return messages
    left = [message for message in messages if not _is_gone(message, stopped)]
    replies = [place for place, message in enumerate(left) if message.author_kind is AuthorKind.WORKER]
    last = replies[-1] if replies else -1
    return tuple(_unanswered(message) if place > last else message for place, message in enumerate(left))


def counts_hold(visit: Visit) -> bool:
    """May what the core counts as new be said? Not while it may count a message that was stopped a moment ago."""
    return not visit.parts.stops.on_their_way(visit.service.id)


def counted(visit: Visit, home: Home) -> Home:
    """The home, without counts where those may not be said."""
    if counts_hold(visit):
        return home
    return replace(home, cases=tuple(replace(card, unread_messages=0) for card in home.cases))


def shown_stops(visit: Visit, thread_id: str, found: StaffConversation | None) -> Mapping[str, ShownStop]:
    """What staff are told of each stopped message: by the core where it knows, else from the portal's own rows."""
    own = {stop.message_id: stop for stop in visit.parts.stops.in_thread(visit.service.id, thread_id)}
    mine = visit.session.account_id
    shown = {
        stop.message_id: ShownStop(
            StoppedBy.YOU if stop.by_account == mine else StoppedBy.TEAM,
            stop.at_utc,
            WasRead.NEVER_SENT if stop.never_sent else WasRead.UNKNOWN,
        )
        for stop in own.values()
    }
    for told in found.stops if found is not None else ():
        before = shown.get(told.message_id)
        you = before is not None and before.by is StoppedBy.YOU
        never_sent = before is not None and before.read is WasRead.NEVER_SENT
        opened = WasRead.OPENED if told.opened_since else WasRead.UNKNOWN
        shown[told.message_id] = ShownStop(
            StoppedBy.YOU if you else StoppedBy(told.by_role.value),
            told.at_utc,
            WasRead.NEVER_SENT if never_sent else opened,
        )
    return shown


def _is_gone(message: Message, stopped: set[str]) -> bool:
    """Only what the team wrote can be stopped; a family's own words stay."""
    return message.author_kind is AuthorKind.WORKER and message.id in stopped


def _unanswered(message: Message) -> Message:
    return replace(message, state=DeliveryState.SEEN) if message.state is DeliveryState.ANSWERED else message
