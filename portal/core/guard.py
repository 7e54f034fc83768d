"""The third ring: what a grant must be before anything is asked of a core in its name. Decides nothing itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from portal.access.actions import Action
from portal.access.grants import Grant
from portal.access.standing import Target
from portal.core.errors import CoreFault, NotFound
from portal.core.projection import Sieve
from portal.core.wire_shapes import IDENTIFIER
from portal.core.wire_submission import OPERATIONS, is_uuid
from portal.domain.case import Home, Overview
from portal.domain.complaint import Complaints
from portal.domain.conversation import Conversation
from portal.domain.decision import Decisions
from portal.domain.document import Document, Documents
from portal.domain.people import Actor
from portal.domain.plan import PlanView
from portal.domain.request import Requests
from portal.domain.stays import WhoStays
from portal.domain.submission import Destination, Submission, SubmissionKind
from portal.domain.trail import Trail
from portal.domain.visits import Visits
from portal.domain.words import MyWords
from portal.logs import Fields, log

CasePage = (
    Overview
    | PlanView
    | Conversation
    | Documents
    | Document
    | MyWords
    | WhoStays
    | Trail
    | Requests
    | Decisions
    | Complaints
    | Visits
)
"""A page about one case for one reader."""


class GrantMisuseError(CoreFault):
    """A grant was used for something else than it was given for: a fault of the portal's own code."""

    code = "grant_misuse"


def for_reading(grant: object, service_id: str, *fitting: Action) -> Grant:
    """The grant, if it may read here: real, for one of the `fitting` actions, of this service, and not `keep_only`."""
    if not isinstance(grant, Grant) or grant.action not in fitting or grant.keep_only:
        raise GrantMisuseError
    check_service(grant.actor, service_id)
    return grant


def check_service(actor: Actor, service_id: str) -> None:
    """A person is known by an id in one core; another service's core never hears it."""
    if actor.service_id != service_id:
        raise GrantMisuseError


def for_delivery(grant: object, service_id: str, submission: Submission) -> None:
    """Does the grant cover this very submission: its kind, its writer, the place it is addressed to?"""
    checked = for_reading(grant, service_id, OPERATIONS[submission.kind].action)
    if checked.previewed_by is not None:
        raise GrantMisuseError
    if checked.actor != submission.actor or _triple(checked.target) != _triple(submission.destination):
        raise GrantMisuseError


def submission_path(submission: Submission) -> str:
    """Where the submission goes. A referral is its own address. Raises `NotFound` as `path_word` does."""
    operation = OPERATIONS[submission.kind]
    path = operation.path
    if submission.kind is SubmissionKind.REFERRAL:
        if submission.destination.referral_id not in {None, submission.id}:
            raise GrantMisuseError
        return path.format(id=submission.id)
    destination = submission.destination
    if "{case_id}" in path:
        return path.format(case_id=path_word(destination.case_id), id=submission.id)
    inside = {name: path_word(str(submission.content[name])) for name in operation.in_path}
    if "{thread_id}" in path:
        return path.format(thread_id=path_word(destination.thread_id), id=submission.id, **inside)
    if inside:
        return path.format(id=submission.id, **inside)
    return path.format(referral_id=path_uuid(destination.referral_id), id=submission.id)


def path_word(identifier: str | None) -> str:
    """An id fit to stand in a path. Raises `NotFound` for text that is no id of any core, as the core would."""
    if identifier is None:
        raise GrantMisuseError
    # Dots alone would be read as a way up (RFC 3986 5.2.4).
    if not IDENTIFIER.fullmatch(identifier) or identifier in {".", ".."}:
        raise NotFound
    return identifier


def path_uuid(identifier: str | None) -> str:
    """An id that the portal chose itself. Raises `NotFound` as `path_word` does."""
    word = path_word(identifier)
    if not is_uuid(word):
        raise NotFound
    return word


def check_same(got: str, asked: str | None) -> None:
    """Is the answer about what was asked? Raises `CoreFault`, before anything of it is shown."""
    if got != asked:
        raise CoreFault


def check_case_page(grant: Grant, page: CasePage) -> None:
    """Case and child of the grant, and written to who reads it. Raises `CoreFault`.

    A page that a core has kept for the mother and gives to the father says so in its reader.
    """
    check_same(page.case_id, grant.target.case_id)
    check_same(page.child.id, grant.child_id)
    if page.reader.relation is not grant.relation:
        raise CoreFault


def only_open(grant: Grant, home: Home) -> Home:
    """The home with the doors of the grant alone: a name on a door is a child's name."""
    cases = tuple(card for card in home.cases if card.case_id in grant.cases)
    if len(cases) != len(home.cases):
        log("core.unasked_case", level=logging.ERROR, service=grant.actor.service_id)
    return replace(home, cases=cases)


@contextmanager
def sifting(grant: Grant) -> Iterator[Sieve]:
    """A sieve for one page under this grant. What it had to take out is the core's fault and an alarm, without ids."""
    sieve = Sieve(grant.view, grant.relation)
    try:
        yield sieve
    finally:
        for kind, number in sorted(sieve.taken.items()):
            fields: Fields = {"service": grant.actor.service_id, "kind": kind, "count": number}
            log("core.unprojected", level=logging.ERROR, **fields)


def _triple(place: Target | Destination) -> tuple[str | None, str | None, str | None]:
    return (place.case_id, place.thread_id, place.referral_id)
