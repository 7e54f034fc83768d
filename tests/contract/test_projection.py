"""A core that forgets to project: what the standing does not leave never becomes a page (rules.md R1, R2, R6-R17).

Made from the contract: a new object on a page of a family without marks, and without a reason here, fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from portal.access import actions
from portal.access.actions import Action
from portal.access.standing import AddressGrade, Known, Missing, Standing, Target, WithheldItem, WithheldReason
from portal.core.errors import NotFound
from portal.core.http import HttpGateway
from portal.core.wire_marks import MARKS
from portal.domain.case import ChangeKind, Overview, Phase
from portal.domain.conversation import Conversation
from portal.domain.people import Assurance, Relation
from portal.domain.plan import PlanView
from tests.contract.adapter_samples import CASE, DOCUMENT, REFERRAL, sample
from tests.contract.scripted_core import ScriptedCore, gateway, grant, ok, standing, validated
from tests.contract.validation import document

CANARY = "Kvitveis 7, hos Bjørg"
ITEM = "what-is-withheld"
IN_CASE = Target(case_id=CASE)
SURELY: dict[str, Any] = {"assurance": Assurance.HIGH, "proved_ago": timedelta()}

NOT_ITEMS = {
    "Requests": "a page of one's own wishes",
    "AccessRequest": "one's own; a core gives nobody else's, and no item is in it",
    "RequestAnswer": "of one's own wish, with words that never tell what there is (rules.md R11)",
    "Appeal": "one's own",
    "AppealWay": "a day and how; the same for everybody who may appeal",
    "Decisions": "a page",
    "Home": "names; the doors are the grant's own (`guard.only_open`)",
    "CaseCard": "a door (`guard.only_open`)",
    "Overview": "a page; its texts are the same for everybody who may read it",
    "PlanView": "a page",
    "Plan": "goals with a title that is the same for everybody who may read it; gone with its last goal",
    "Documents": "a page",
    "PlanNews": "what is another, as items with marks; gone when the core has sent too much",
    "Wording": "of a change, which bears the marks (`PlanChange`)",
    "Document": "a page; the card in it bears the marks of the whole document",
    "Paragraph": "of a document, which bears the marks",
    "Conversation": "a page",
    "HelpConversation": "a page of one's own asking for help",
    "Child": "a name",
    "Reader": "a name",
    "ChangeForReader": "no text; derived (`Sieve.changes`)",
    "Clock": "of the phase, which bears the marks (`PhaseMarks`)",
    "Closing": "a day and how to get the file; a core chooses them for the reader",
    "Moving": "a place in a field of its own (`Sieve.place`)",
    "Worker": "`bears_place` alone: who one's worker is, is told to everybody",
    "InfluenceAnswer": "of one's own view, inside what is `mine`",
    "Message": "words: `mine`",
    "ConsentWithdrawal": "words: `mine`",
    "Comment": "words: `mine`",
    "SharedWords": "words: `mine` and `released`",
    "MyWords": "a page of one's own words",
    "MyWordsItem": "words: `mine`; what they are about bears marks",
    "WordsOfOther": "words: `released`; what they are about bears marks",
    "WordsReader": "names, of one's own words",
    "SharingQuestion": "to the author, of one's own words",
    "FamilyMember": "a name",
    "ViewSentence": "one's own view",
    "Trail": "a page of lines",
    "TrailRow": "a line about an item, with that item's marks and `item_id`: tests/unit/test_wire_trail.py",
    "Complaints": "a page of one's own",
    "Complaint": "words: `mine`",
    "ComplaintAnswer": "to the author, of one's own words",
    "TeamMember": "a name that is told to everybody who works with that family's case",
    "Receiver": "a name and a role",
    "WhoStays": "a page for the child alone",
    "Visits": "a page; a visit whose arrangement is taken out stands alone: tests/unit/test_wire_visits.py",
    "SaidAboutVisits": "words: `mine`",
    "StoodIn": "a name; a foster carer's is a place (`Sieve.place`)",
}
"""What a family may be sent without the marks of an item, and why."""


def schemas() -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"]
    return found


def pages() -> dict[str, str]:
    """The path of every page of a family by the name of its schema."""
    found = {}
    for path, item in document()["paths"].items():
        for operation in item.values():
            if isinstance(operation, dict) and "pages" in operation.get("tags", ()):
                schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
                found[schema["$ref"].rsplit("/", 1)[1]] = path
    return found


def below(schema: object) -> Iterator[str]:
    """The names of all objects in a schema, however deep, each told again wherever it stands."""
    if isinstance(schema, list):
        for each in schema:
            yield from below(each)
    if isinstance(schema, dict):
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            if schemas()[name].get("type") == "object":
                yield name
            yield from below(schemas()[name])
        for each in schema.values():
            yield from below(each)


def is_marked(name: str) -> bool:
    return {"id", *MARKS} <= set(schemas()[name]["properties"])


def items_of(page: str) -> set[str]:
    """What bears marks on a page."""
    return {name for name in below(schemas()[page]) if is_marked(name)}


@dataclass(frozen=True)
class Read:
    """How a page is read in a test."""

    by: Callable[[HttpGateway, Any], object]
    action: Action


READS = {
    "Overview": Read(lambda core, may: core.overview(may, "nb"), actions.SEE_OVERVIEW),
    "PlanView": Read(lambda core, may: core.plan(may, "nb"), actions.SEE_PLAN),
    "Documents": Read(lambda core, may: core.documents(may, "nb"), actions.SEE_DOCUMENTS),
    "Document": Read(lambda core, may: core.document(may, DOCUMENT, "nb"), actions.SEE_DOCUMENT),
    "MyWords": Read(lambda core, may: core.my_words(may, "nb"), actions.SEE_MY_WORDS),
    "Visits": Read(lambda core, may: core.visits(may, "nb"), actions.SEE_VISITS),
    "Decisions": Read(lambda core, may: core.decisions(may, "nb"), actions.SEE_DECISIONS),
    "Conversation": Read(lambda core, may: core.conversation(may, "nb"), actions.SEE_CONVERSATION),
}
WITH_ITEMS = sorted((page, item) for page in pages() for item in items_of(page))


def read(page: str, answer: dict[str, Any], facts: Standing) -> Any:
    """The page as the portal has it."""
    relation = facts.grants.value[0].relation if isinstance(facts.grants, Known) else Relation.SELF
    answer["reader"]["relation"] = relation.value
    core = ScriptedCore(validated(ok(answer)))
    return READS[page].by(gateway(core), grant(READS[page].action, IN_CASE, facts, **SURELY))


def everything(page: Any) -> str:
    """All that a page of the domain holds, what it does not tell in its `repr` too."""
    return str(asdict(page))


# What the standing forbids


def standing_with(relation: Relation = Relation.SELF, **facts: Any) -> Standing:
    """Everything is allowed, but for these facts. Nothing is without an end (R16)."""
    whole = standing(relation)
    assert isinstance(whole.grants, Known)
    lasting = tuple(replace(each, valid_to=each.valid_from.replace(year=2040)) for each in whole.grants.value)
    return replace(whole, grants=Known(lasting), children=(replace(whole.children[0], **facts),))


OPEN = standing_with()
HIDDEN = standing_with(address=Known(AddressGrade.HIDDEN_FROM_PERSON))
OUTSIDE = standing_with(address=Known(AddressGrade.PROTECTED), inside_protection=Known(value=False))
NOT_KNOWN_INSIDE = standing_with(address=Known(AddressGrade.PROTECTED), inside_protection=Missing.UNKNOWN)
NOT_KNOWN_WHERE = standing_with(address=Missing.UNKNOWN)
INSIDE = standing_with(address=Known(AddressGrade.PROTECTED), inside_protection=Known(value=True))
WITHHELD = {
    reason: standing_with(withheld=Known((WithheldItem(ITEM, reason, None, None, investigation_open=None),)))
    for reason in WithheldReason
}
LAPSED = standing_with(
    withheld=Known((WithheldItem(ITEM, WithheldReason.INVESTIGATION, None, None, investigation_open=False),))
)
NO_PARTY = standing_with(party=Known(value=False))
PARTY_NOT_KNOWN = standing_with(party=Missing.UNKNOWN)
FOSTER_CARER = standing_with(Relation.FOSTER_CARER)

PLACE = {"bears_place": True, "for_all": True, "named": True}
FOR_ALL = {"bears_place": False, "for_all": True, "named": False}
FOR_ME = {"bears_place": False, "for_all": False, "named": True}
FOR_OTHERS = {"bears_place": False, "for_all": False, "named": False}
ON_DOCUMENTS = {"Documents", "Document"}


def forbidden(page: str) -> dict[str, tuple[Standing, dict[str, bool]]]:
    """Standings, and marks of an item that such a standing does not leave."""
    found = {
        "hidden from this person": (HIDDEN, PLACE),
        "outside the protection": (OUTSIDE, PLACE),
        "not known to be inside": (NOT_KNOWN_INSIDE, PLACE),
        "not known where": (NOT_KNOWN_WHERE, PLACE),
        "withheld against harm": (WITHHELD[WithheldReason.HARM], FOR_ME),
        "withheld for an investigation": (WITHHELD[WithheldReason.INVESTIGATION], FOR_ME),
        "for somebody else": (OPEN, FOR_OTHERS),
    }
    if page in ON_DOCUMENTS:
        return found | {"no party": (NO_PARTY, FOR_ALL), "party not known": (PARTY_NOT_KNOWN, FOR_ALL)}
    return found | {"not for a foster carer by name": (FOSTER_CARER, FOR_ALL)}


def allowed(page: str) -> dict[str, tuple[Standing, dict[str, bool]]]:
    """The same, of an item that it leaves."""
    found = {
        "open": (OPEN, PLACE),
        "inside": (INSIDE, PLACE),
        "lapsed": (LAPSED, FOR_ALL),
        "no place in it": (HIDDEN, FOR_ALL),
        "to me by name": (OPEN, FOR_ME),
    }
    if page in ON_DOCUMENTS:
        return found | {"no party, by name": (NO_PARTY, FOR_ME)}
    return found | {"for a foster carer by name": (FOSTER_CARER, FOR_ME)}


FORBIDDEN = [(page, item, why) for page, item in WITH_ITEMS for why in forbidden(page)]
ALLOWED = [(page, item, why) for page, item in WITH_ITEMS for why in allowed(page)]


# A page of which every item of one kind is what the standing is about


def found_in(value: object, schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of an answer with the name of its schema."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if isinstance(value, dict) and schemas()[name].get("type") == "object":
            yield name, value
        yield from found_in(value, schemas()[name])
        return
    for choice in schema.get("oneOf", ()) if value is not None else ():
        yield from found_in(value, choice)
    if isinstance(value, list):
        for each in value:
            yield from found_in(each, schema.get("items", {}))
    if isinstance(value, dict):
        for name, each in value.items():
            yield from found_in(each, schema.get("properties", {}).get(name, {}))


def page_with(page: str, item: str, marks: dict[str, bool]) -> dict[str, Any]:
    """The sample of a page whose items of this kind have these marks, the id `ITEM` and the canary in every text."""
    answer = sample(page)
    hits = [value for name, value in found_in(answer, schemas()[page]) if name == item]
    assert hits, f"no {item} in the sample of {page}: add one"
    fields = schemas()[item]["properties"].items()
    texts = [name for name, schema in fields if "string" in str(schema.get("type")) and "format" not in schema]
    hits[0].update({**dict.fromkeys(texts, CANARY), **FOR_ALL, **marks, "id": DOCUMENT if page == "Document" else ITEM})
    if item == "PlanChange":
        hits[0].update({when: {**hits[0][when], "text": CANARY} for when in ("now", "before")})
    if item == "PhaseMarks":
        answer |= {"phase_text": CANARY, "clock": {**answer["clock"], "label": CANARY, "late_reason": CANARY}}
    return answer


def told_of(facts: Standing, page: str) -> Standing:
    """The one document of a page has the id it was asked for by."""
    withheld = facts.children[0].withheld
    if page != "Document" or not isinstance(withheld, Known):
        return facts
    renamed = tuple(replace(each, item_id=DOCUMENT) for each in withheld.value)
    return replace(facts, children=(replace(facts.children[0], withheld=Known(renamed)),))


def alarms(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int]]:
    """Kinds and counts of what was logged as taken out."""
    lines = [vars(record) for record in caplog.records if record.msg == "core.unprojected"]
    assert all(line["levelname"] == "ERROR" and line["service"] == "fjordvik" for line in lines)
    return [(line["kind"], line["count"]) for line in lines]


def test_every_object_a_family_is_sent_bears_marks_or_a_reason() -> None:
    """Feature Y1: nothing new is released past the sieve."""
    sent = {name for page in pages() for name in (page, *below(schemas()[page]))}
    unmarked = {name for name in sent if not is_marked(name)}
    assert unmarked <= set(NOT_ITEMS), "give it the marks of an item (wire_marks), or a reason in NOT_ITEMS"
    assert set(NOT_ITEMS) <= unmarked, "no longer sent, or marked now"
    items = {"PhaseMarks", "NextStep", "Appointment", "Goal", "Measure", "DocumentCard", "AboutItem", "Decision"}
    items |= {"Living", "Arrangement", "PlannedVisit"}
    assert {name for name in sent if is_marked(name)} >= items
    for name in ("Message", "Comment", "SharedWords", "MyWordsItem", "SaidAboutVisits"):
        assert "mine" in schemas()[name]["required"]


def test_every_page_with_items_is_read_here() -> None:
    assert {page for page, _ in WITH_ITEMS} <= set(READS)


@pytest.mark.parametrize(("page", "item", "why"), FORBIDDEN)
def test_what_the_standing_does_not_leave_is_on_no_page(
    page: str, item: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Feature Y1, R1, R2, R6, R7, R11, R12, R13, R16: a forgetful core makes no page of the portal leak."""
    facts, marks = forbidden(page)[why]
    facts, answer = told_of(facts, page), page_with(page, item, marks)
    if page == "Document":
        with pytest.raises(NotFound):
            read(page, answer, facts)
    else:
        shown = everything(read(page, answer, facts))
        assert CANARY not in shown
        assert ITEM not in shown
    assert alarms(caplog)
    assert CANARY not in caplog.text
    assert not any(ITEM in str(vars(record)) or DOCUMENT in str(vars(record)) for record in caplog.records)


@pytest.mark.parametrize(("page", "item", "why"), ALLOWED)
def test_what_it_leaves_is_shown_and_no_alarm(page: str, item: str, why: str, caplog: pytest.LogCaptureFixture) -> None:
    facts, marks = allowed(page)[why]
    answer = page_with(page, item, marks)
    for name, value in found_in(answer, schemas()[page]):
        if is_marked(name):  # what stands around the item is this reader's
            value["named"] = True
    if facts is FOSTER_CARER and page == "Overview":
        answer["documents"] = False
    if facts is FOSTER_CARER and page == "PlanView":
        answer["plan"]["goals"][0]["own_words"] = None
    if facts is HIDDEN and page == "Overview":
        answer["appointments"][0]["place"] = answer["moving"] = None
    if facts is HIDDEN and page == "Visits":
        answer["arrangements"][0]["place"] = answer["visits"][0]["place"] = None
    assert CANARY in everything(read(page, answer, told_of(facts, page)))
    assert alarms(caplog) == []


# Places and words that stand in fields of their own


@pytest.mark.parametrize("facts", [HIDDEN, OUTSIDE, NOT_KNOWN_INSIDE, NOT_KNOWN_WHERE])
def test_a_place_in_its_own_field_goes_and_the_appointment_stays(
    facts: Standing, caplog: pytest.LogCaptureFixture
) -> None:
    page: Overview = read("Overview", sample("Overview", moving=None), facts)
    assert [(each.title, each.place) for each in page.appointments] == [("Besøk hos pappa", None)]
    assert alarms(caplog) == [("place", 1)]


def test_where_one_moves_to_is_a_place(caplog: pytest.LogCaptureFixture) -> None:
    """R2, R18."""
    answer = sample("Overview", appointments=[])
    assert answer["moving"] is not None
    assert read("Overview", answer, OPEN).moving is not None
    assert read("Overview", answer, HIDDEN).moving is None
    assert alarms(caplog) == [("place", 1)]


@pytest.mark.parametrize("name", ["Overview", "Conversation"])
def test_an_office_that_would_tell_where_is_not_named(name: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = sample(name)
    answer["worker"]["bears_place"] = True
    page: Overview | Conversation = read(name, answer, HIDDEN)
    assert (page.worker.team, page.worker.phone, page.worker.hours) == (None, None, None)
    assert page.worker.first_name == "Kari"
    assert ("office", 1) in alarms(caplog)
    assert read(name, answer, OPEN).worker.team == "Team Fjord"


@pytest.mark.parametrize(
    ("relation", "mine", "released", "shown"),
    [
        (Relation.SELF, True, False, True),
        (Relation.SELF, False, False, False),
        (Relation.MOTHER, True, False, False),  # no core makes a parent the author of a child's words
        (Relation.MOTHER, False, False, False),
        (Relation.MOTHER, False, True, True),
        (Relation.LAWYER, True, False, False),
    ],
)
def test_a_childs_words_are_for_the_child_and_for_whom_they_were_released_to(
    relation: Relation, *, mine: bool, released: bool, shown: bool
) -> None:
    """R13."""
    answer = sample("PlanView")
    answer["plan"]["goals"][0]["own_words"] = {"text": CANARY, "mine": mine, "released": released}
    page: PlanView = read("PlanView", answer, standing_with(relation))
    assert (CANARY in everything(page)) is shown


def test_words_are_ones_own_or_released_to_one(caplog: pytest.LogCaptureFixture) -> None:
    """R13, Feature V5."""
    mine, plan = sample("MyWords"), sample("PlanView")
    mine["words"][0] |= {"mine": False, "body": CANARY}
    plan["shared_words"][0] |= {"released": False, "body": CANARY}
    assert CANARY not in everything(read("MyWords", mine, OPEN))
    assert CANARY not in everything(read("PlanView", plan, OPEN))
    assert alarms(caplog) == [("words", 1), ("words", 1)]


def test_words_go_with_what_they_are_about() -> None:
    plan = sample("PlanView")
    plan["shared_words"][0] |= {"body": CANARY}
    plan["shared_words"][0]["about"] |= PLACE
    assert CANARY in everything(read("PlanView", plan, OPEN))
    assert CANARY not in everything(read("PlanView", plan, HIDDEN))


def test_anothers_comments_and_messages_are_taken_out(caplog: pytest.LogCaptureFixture) -> None:
    """R13."""
    plan, talk = sample("PlanView"), sample("Conversation")
    plan["plan"]["goals"][0]["comments"][0] |= {"mine": False, "body": CANARY}
    plan["plan"]["goals"][0]["measures"][0]["comments"][0] |= {"mine": False, "answer": CANARY}
    talk["messages"][0] |= {"mine": False, "body": CANARY}
    assert CANARY not in everything(read("PlanView", plan, OPEN))
    page: Conversation = read("Conversation", talk, OPEN)
    assert [message.author_name for message in page.messages] == ["Kari"]
    assert alarms(caplog) == [("comment", 2), ("message", 1)]


def test_anothers_message_is_not_in_ones_own_asking_for_help(caplog: pytest.LogCaptureFixture) -> None:
    answer = sample("HelpConversation")
    answer["messages"].append({**sample("Conversation")["messages"][0], "mine": False, "body": CANARY})
    core = ScriptedCore(validated(ok(answer)))
    page = gateway(core).help_conversation(grant(actions.SEE_HELP_ANSWER, Target(referral_id=REFERRAL)), "nb")
    assert CANARY not in everything(page)
    assert alarms(caplog) == [("message", 1)]


# What was made from it (R17)


def test_news_made_from_more_than_one_sees_goes_with_it() -> None:
    """R17: of an overview from which something was taken, only news of one's own thread stays."""
    at = "2031-03-03T10:00:00Z"
    every = [{"kind": kind.value, "at": at} for kind in ChangeKind]
    answer = page_with("Overview", "NextStep", PLACE) | {"changes": every}
    assert {change.kind for change in read("Overview", answer, OPEN).changes} == set(ChangeKind)
    assert {change.kind for change in read("Overview", answer, HIDDEN).changes} == {ChangeKind.MESSAGE}


def test_version_and_time_of_a_plan_are_not_those_of_what_was_taken() -> None:
    """R17: the same plan without the hidden measure gives the same page, whatever happens to that measure."""

    def shown(updated: str, version: str, text: str) -> PlanView:
        answer = page_with("PlanView", "Measure", PLACE)
        answer["plan"]["goals"][0]["measures"][0]["text"] = text
        answer["plan"] |= {"updated_at": updated, "version": version}
        page: PlanView = read("PlanView", answer, HIDDEN)
        return page

    before = shown("2031-03-01T07:00:00Z", "v3", "Svømming")
    assert before == shown("2031-03-04T07:00:00Z", "v4", "Svømming i Bergen")
    assert before.plan is not None
    assert before.plan.updated_at_utc is None
    assert before.plan.version not in {"v3", "v4"}


def test_a_plan_of_which_nothing_is_left_is_none() -> None:
    answer = page_with("PlanView", "Goal", PLACE)
    assert read("PlanView", answer, HIDDEN).plan is None
    assert read("PlanView", answer, OPEN).plan is not None


def test_a_plan_that_is_withheld_is_none(caplog: pytest.LogCaptureFixture) -> None:
    answer = sample("PlanView")
    answer["plan"]["plan_id"] = ITEM
    assert read("PlanView", answer, WITHHELD[WithheldReason.HARM]).plan is None
    assert ("plan", 1) in alarms(caplog)


def test_a_foster_carer_is_offered_no_page_of_documents(caplog: pytest.LogCaptureFixture) -> None:
    """R16."""
    answer = sample("Overview", next_steps=[], appointments=[], phase_marks=None)
    assert read("Overview", answer, FOSTER_CARER).documents is False
    assert alarms(caplog) == [("documents_page", 1)]


@pytest.mark.parametrize("page", ["Overview", "PlanView"])
def test_a_form_shown_again_shows_no_item_while_it_is_not_known_what_is_withheld(
    page: str, caplog: pytest.LogCaptureFixture
) -> None:
    """R11: words are taken in without that fact; the page around them is shown without what the fact is about."""
    action = {"Overview": actions.ASK_TO_SEE_MORE, "PlanView": actions.COMMENT_ON_PLAN}[page]
    may = grant(action, IN_CASE, standing_with(withheld=Missing.UNKNOWN), **SURELY)
    core = gateway(ScriptedCore(validated(ok(sample(page)))))
    shown = everything(READS[page].by(core, may))
    for text in ("Møte", "Besøk hos pappa", "Flere venner", "Fotball"):
        assert text not in shown
    assert alarms(caplog) == []  # a fact is missing; nothing was sent that should not have been


def test_a_phase_without_marks_is_not_shown() -> None:
    """R17: phase, text and clock are of one item; without it the page says nothing of where the case stands."""
    page: Overview = read("Overview", sample("Overview", phase_marks=None, phase_text=CANARY), OPEN)
    assert (page.phase, page.phase_text, page.clock) == (Phase.UNKNOWN, None, None)
