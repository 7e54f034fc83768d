"""A child's words whose right to be delivered has ended reach those who take in new requests, and are not dropped.

A case may have closed or moved, or the child has turned 18, between writing and delivery (rules.md R13, R18; a child's
words to the team are never lost for it). Nobody else's words go this way: those are not sent, and their writer is told.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.access import actions
from portal.access.actions import Action
from portal.access.standing import Known, Standing
from portal.domain.capability import LEAST_CHARACTERS
from portal.domain.people import Relation
from portal.domain.submission import SubmissionKind
from portal.outbox.files import ATTACHMENTS

GOES_TO_INTAKE = frozenset(
    {SubmissionKind.MESSAGE, SubmissionKind.COMMENT, SubmissionKind.APPEAL, SubmissionKind.VISIT_WISH}
)
"""What a child says to its team in words of its own."""

TELL = "tell"
"""The question of asking for help that words without a question answer."""

CHOSEN = ("wish",)
"""What was chosen beside the words, each the question it is an answer to."""

ACTION: Action = actions.ASK_FOR_HELP


def is_childs(row: Mapping[str, object], standing: Standing | None) -> bool:
    """Did a child write this about its own case? Known when it was taken in, or as far as the core says now.

    A grant that is over still says who somebody is.
    """
    if SubmissionKind(str(row["kind"])) not in GOES_TO_INTAKE:
        return False
    if row["of_child"] is not None:
        return bool(row["of_child"])
    if standing is None or not isinstance(standing.grants, Known):
        return False
    return any(grant.relation is Relation.SELF and grant.case_id == row["case_id"] for grant in standing.grants.value)


def as_asking_for_help(content: Mapping[str, object]) -> dict[str, object]:
    """The same words, and what was chosen beside them, as an asking for help, in answers that every core takes."""
    words = str(content["body"])
    parts = [words[begin : begin + LEAST_CHARACTERS] for begin in range(0, len(words), LEAST_CHARACTERS)] or [""]
    chosen = [{"question": name, "answer": str(content[name])} for name in CHOSEN if name in content]
    answers = [*chosen, *({"question": TELL, "answer": part} for part in parts)]
    with_files = {ATTACHMENTS: content[ATTACHMENTS]} if ATTACHMENTS in content else {}
    return {"answers": answers, "language": content["language"], **with_files}
