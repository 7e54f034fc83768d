"""The port to a core case system: page-shaped reads and idempotent writes, each under a grant.

`standing`, `resolve_person`, `capabilities`, `changes`, `receipt`, `keep_head` and `latest_head` are the only methods
without a grant; they return no case text (house.md, "The data's way").
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from portal.access.grants import Grant
from portal.access.standing import Standing, Target
from portal.domain.attachment import FileContent, OutgoingFile
from portal.domain.capability import Capabilities, ChangePage
from portal.domain.case import Home, Overview
from portal.domain.children import WorkersChildren
from portal.domain.complaint import Complaints, StaffComplaints
from portal.domain.conversation import Conversation, HelpConversation, Inbox, StaffConversation
from portal.domain.decision import Decisions
from portal.domain.delivery import Receipt
from portal.domain.document import Document, Documents
from portal.domain.journal import KeptHead
from portal.domain.people import Actor, PersonNumber
from portal.domain.plan import PlanView
from portal.domain.preview import CasePeople, CasePerson
from portal.domain.request import Requests
from portal.domain.shielding import ShieldedFrom
from portal.domain.stays import WhoStays
from portal.domain.submission import Submission
from portal.domain.trail import Trail
from portal.domain.visits import Visits
from portal.domain.words import MyWords, StaffSharing


class Gateway(Protocol):
    """What the portal may ask of any core. Every method raises only `core.errors.CoreError` and its kinds.

    Reads decide again in the core for the acting person and come projected for that person; the language
    asked for is a BCP 47 tag, the language got stands in the page's `content_language`.
    """

    def capabilities(self) -> Capabilities:
        """What this core can do, and its limits; may be up to five minutes old."""

    def resolve_person(self, number: PersonNumber) -> str:
        """The core's opaque id for exactly this number. Raises `NotFound` when there is none."""

    def standing(self, actor: Actor, target: Target) -> Standing:
        """The facts for one decision, asked anew each time. Raises `Unavailable` and its kin, never guesses."""

    def home(self, grant: Grant, language: str) -> Home:
        """The cases of the acting person."""

    def overview(self, grant: Grant, language: str) -> Overview:
        """The front of the case in the grant."""

    def plan(self, grant: Grant, language: str) -> PlanView:
        """The plan of the case in the grant."""

    def conversation(self, grant: Grant, language: str) -> Conversation:
        """The acting person's thread with the team of the case in the grant.

        Under a grant for an action that polls, nothing in it counts as read.
        """

    def documents(self, grant: Grant, language: str) -> Documents:
        """The documents of the case in the grant that the acting person may see; none is no error."""

    def document(self, grant: Grant, document_id: str, language: str) -> Document:
        """One document of the case in the grant. Raises `NotFound` for every reason there is against it."""

    def my_words(self, grant: Grant, language: str) -> MyWords:
        """What the acting person has said in the case of the grant, and who may read it; nobody else's words."""

    def staff_sharing(self, grant: Grant, language: str) -> StaffSharing:
        """What the person of a thread has said, and for each possible reader how far sharing it has come."""

    def trail(self, grant: Grant, language: str) -> Trail:
        """Who of the core's own staff has looked at or changed what the acting person may see of the case."""

    def who_stays(self, grant: Grant, language: str) -> WhoStays:
        """The adults who stood in for the acting person, and what that person has chosen for each of them."""

    def visits(self, grant: Grant, language: str) -> Visits:
        """Where the child of the case lives, whom it sees, and what the acting person has said about that."""

    def requests(self, grant: Grant, language: str) -> Requests:
        """What became of the acting person's wishes to see more, in the case in the grant."""

    def decisions(self, grant: Grant, language: str) -> Decisions:
        """The decisions of the case in the grant that the acting person is told of."""

    def complaints(self, grant: Grant, language: str) -> Complaints:
        """What the acting person has said about whoever works with them, and who gets what is said anew."""

    def staff_complaints(self, grant: Grant, language: str) -> StaffComplaints:
        """What the acting worker has got of that; nothing that is about the acting worker."""

    def help_conversation(self, grant: Grant, language: str) -> HelpConversation:
        """The answers to the acting person's own asking for help."""

    def inbox(self, grant: Grant, language: str, page: int = 1, undelivered: Collection[str] = ()) -> Inbox:
        """One page of the threads of the acting worker's families and of those who asked for help.

        `undelivered`: threads into which something of this worker could not be brought. Beyond the last page the last
        one is given. Under a grant for an action that polls, nothing counts as read.
        """

    def staff_conversation(self, grant: Grant, language: str) -> StaffConversation:
        """One thread, as staff read it, with what its person said about the plan and the wishes to see more."""

    def shielded(self, grant: Grant, language: str, reader_id: str | None = None) -> ShieldedFrom:
        """What the person of the thread in the grant may not learn: to check a text with, and to show nobody.

        With `reader_id` what that possible reader of this person's words may not learn. Raises `NotFound`.
        """

    def children(self, grant: Grant, language: str) -> WorkersChildren:
        """The children of the acting worker's own cases; covering for somebody adds none."""

    def case_people(self, grant: Grant, language: str) -> CasePeople:
        """Whose view of one of the acting worker's own cases can be looked at."""

    def case_person(self, grant: Grant) -> tuple[CasePerson, Standing, ShieldedFrom]:
        """The person a preview is about, how that person stands to the case, and what they may not learn.

        Raises `NotFound`.

        The pages of that person are then read under a grant that says `previewed_by`: whole as that person would get
        them, and nothing counts as read.
        """

    def deliver(self, grant: Grant, submission: Submission) -> Receipt:
        """Bring one submission in, under its id as the idempotency key; the same id twice has one effect.

        Raises `OutcomeUnknown` when the answer was lost: ask `receipt`, then deliver again with the same id.
        """

    def deliver_file(self, grant: Grant, submission: Submission, file: OutgoingFile) -> None:
        """Bring in one of the files a submission names, before it; the same again has one effect. Raises as `deliver`.

        An untouched original goes to where evidence is kept, and can be read by no page.
        """

    def attachment(self, grant: Grant, attachment_id: str) -> FileContent:
        """A file of a message in the case or thread in the grant. Raises `NotFound` for every reason against it."""

    def receipt(self, operation_id: str) -> Receipt:
        """What the core says of one submission. Raises `NotFound` when it never came."""

    def changes(self, after: str | None, limit: int) -> ChangePage:
        """Entries of the change feed after a cursor, at least once each, in order per case."""

    def keep_head(self, sequence: int, digest: str) -> None:
        """Have the end of this service's journal kept; the same again changes nothing.

        Raises `Conflict` for another digest under that number, and for a number below one that was kept.
        """

    def latest_head(self) -> KeptHead:
        """The end with the highest number that was kept. Raises `NotFound` before the first."""
