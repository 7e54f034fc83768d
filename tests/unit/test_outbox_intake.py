"""When the right to bring words somewhere has ended: a child's reach the intake, anybody else's are not sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from portal.access.actions import WRITE_MESSAGE
from portal.access.decide import decide
from portal.access.grants import Grant
from portal.access.standing import UNAVAILABLE, CoreGrant, Known, Standing, Target
from portal.core import errors
from portal.domain.people import Actor, Relation
from portal.domain.submission import SubmissionKind
from portal.jurisdictions import jurisdiction
from portal.outbox.intake import GOES_TO_INTAKE, as_asking_for_help
from portal.store.unit import Store
from tests.fakes.gateway import standing_of
from tests.fakes.letterbox import CASE, CHILD, CONTENT, Letterbox, actor, new

WRITTEN = "Jeg vil heller møtes på skolen."


@pytest.fixture
def letterbox(store: Store) -> Letterbox:
    return Letterbox(store)


def no_grant(_actor: Actor, target: Target) -> Standing:
    return replace(standing_of(target), grants=Known(()))


def over(relation: Relation) -> Callable[[Actor, Target], Standing]:
    """The grant ended yesterday."""

    def standing(_actor: Actor, target: Target) -> Standing:
        facts = standing_of(target, relation)
        assert isinstance(facts.grants, Known)
        ended: tuple[CoreGrant, ...] = tuple(replace(one, valid_to=date(2021, 1, 1)) for one in facts.grants.value)
        return replace(facts, grants=Known(ended))

    return standing


@pytest.mark.parametrize("kind", sorted(GOES_TO_INTAKE & set(CONTENT)))
def test_a_childs_words_reach_the_intake_when_their_right_has_ended(letterbox: Letterbox, kind: SubmissionKind) -> None:
    """R13, R18: nothing a child says to its team is dropped."""
    kept = letterbox.send(kind, relation=Relation.SELF)
    letterbox.gateway.standings = no_grant
    letterbox.worker().run_once()
    letterbox.worker().run_once()
    (taken,) = letterbox.gateway.taken
    assert (taken.id, taken.kind, taken.composed_at_utc) == (kept.id, SubmissionKind.REFERRAL, kept.at_utc)
    chosen = [{"question": "wish", "answer": "less"}] if kind is SubmissionKind.VISIT_WISH else []
    assert taken.content["answers"] == [*chosen, {"question": "tell", "answer": WRITTEN}]
    assert taken.destination.case_id is None
    assert letterbox.state(kept) == "registered"
    assert ("to_intake", "no_grant") in letterbox.events()
    letterbox.reconciler().run_once()
    assert letterbox.row(kept)["sealed"] is None, "what the core holds was found to be what was written"
    (sent,) = letterbox.box.sent("fjordvik", str(letterbox.row(kept)["account_id"]))
    assert (sent.kind, sent.to_intake) == (kind, True)


@pytest.mark.parametrize("error", [errors.Forbidden, errors.NotFound, errors.Gone])
def test_a_core_that_says_no_does_not_drop_a_childs_words_either(
    letterbox: Letterbox, error: type[errors.CoreError]
) -> None:
    kept = letterbox.send(relation=Relation.SELF)
    letterbox.gateway.script = [error()]
    letterbox.worker().run_once()
    letterbox.worker().run_once()
    assert [taken.kind for taken in letterbox.gateway.taken] == [SubmissionKind.REFERRAL]
    assert letterbox.state(kept) == "registered"


@pytest.mark.parametrize("relation", [Relation.MOTHER, Relation.FATHER, Relation.FOSTER_CARER])
def test_anybody_elses_are_not_sent_and_their_writer_can_see_it(letterbox: Letterbox, relation: Relation) -> None:
    kept = letterbox.send(relation=relation)
    letterbox.gateway.standings = over(relation)
    letterbox.worker().run_once()
    assert letterbox.gateway.taken == []
    assert letterbox.state(kept) == "rejected"
    (sent,) = letterbox.box.sent("fjordvik", str(letterbox.row(kept)["account_id"]))
    assert (sent.state.value, sent.to_intake) == ("rejected", False)


def test_whoever_wrote_while_nothing_was_known_is_a_child_if_the_core_says_so_later(letterbox: Letterbox) -> None:
    for relation, state in ((Relation.SELF, "registered"), (Relation.FATHER, "rejected")):
        kept_only = decide(WRITE_MESSAGE, actor(), UNAVAILABLE, CASE, date(2031, 3, 4), ages=jurisdiction("no").ages)
        assert isinstance(kept_only, Grant)
        kept = letterbox.box.accept(kept_only, new(), CHILD)
        assert letterbox.row(kept)["of_child"] is None
        letterbox.gateway.standings = over(relation)
        letterbox.worker().run_once()
        letterbox.worker().run_once()
        assert letterbox.state(kept) == state


def test_long_words_come_in_parts_that_every_core_takes() -> None:
    content = as_asking_for_help({"body": "a" * 9000, "language": "nb"})
    answers = content["answers"]
    assert isinstance(answers, list)
    assert [len(answer["answer"]) for answer in answers] == [4000, 4000, 1000]
