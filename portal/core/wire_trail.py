"""Who has looked, as it comes over the wire; and the ends of our journal, as a core keeps them. Ids stop here."""

from __future__ import annotations

from functools import partial

from portal.core.errors import CoreFault
from portal.core.projection import Sieve, left
from portal.core.wire_family import child, reader
from portal.core.wire_marks import MARKS, marks
from portal.core.wire_shapes import closed, count, day, each, identifier, instant, language, one_of, or_none
from portal.core.wire_system import digest
from portal.domain.journal import KeptHead
from portal.domain.trail import Trail, TrailDoing, TrailRole, TrailRow, TrailThing

_IN_THE_CORE = frozenset(TrailThing) - {TrailThing.PAGES}


def trail(value: object, sieve: Sieve) -> Trail:
    """The trail with the lines the sieve leaves; those of messages are about the reader's own thread."""
    fields = closed(value, "case_id", "child", "reader", "content_language", "since", "thread_id", "rows")
    language(fields["content_language"])  # no text of the core stands here
    since, thread_id = day(fields["since"]), or_none(identifier, fields["thread_id"])
    rows = left(each(partial(_row, sieve=sieve, thread_id=thread_id), fields["rows"]))
    return Trail(
        case_id=identifier(fields["case_id"]),
        child=child(fields["child"]),
        reader=reader(fields["reader"]),
        since=since,
        thread_id=thread_id,
        rows=frozenset(row for row in rows if row.day >= since),
    )


def kept_head(value: object) -> KeptHead:
    """The end of a journal."""
    fields = closed(value, "sequence", "hash", "at")
    return KeptHead(count(fields["sequence"], least=1), digest(fields["hash"]), instant(fields["at"]))


def _row(value: object, sieve: Sieve, thread_id: str | None) -> TrailRow | None:
    fields = closed(value, "day", "role", "doing", "thing", "item_id", *MARKS)
    thing = one_of(TrailThing, fields["thing"])
    if thing not in _IN_THE_CORE:
        raise CoreFault
    row = TrailRow(day(fields["day"]), one_of(TrailRole, fields["role"]), thing, one_of(TrailDoing, fields["doing"]))
    item_id = identifier(fields["item_id"])
    if thing is TrailThing.MESSAGES:
        return sieve.said("trail", row, item_id, mine=item_id == thread_id)
    return sieve.looked_at(row, marks(item_id, fields), document=thing is TrailThing.DOCUMENTS)
