"""Who may read what of a story, read straight from the story and rules.md. Knows nothing of the portal or of its core.

A part of a case that this file does not know is for nobody: whoever adds one says here who may read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.demo.offsets import Birth, Day, age_on

Json = dict[str, Any]

ITEM_KINDS = {"next_steps": "step", "appointments": "appointment", "goals": "goal", "measures": "measure"}
ITEM_KINDS |= {"documents": "document", "decisions": "decision", "living": "living", "arrangements": "arrangement"}
DEFAULT_SCOPES = ("overview", "plan", "comment", "conversation")
STAND_IN = frozenset({"mother", "father", "guardian", "foster_carer"})
PARENTS = frozenset({"mother", "father"})
PARTY_AGE = 15
ADULT_AGE = 18


@dataclass(frozen=True)
class Reader:
    """One person before one case. `relation` is None without an active grant."""

    key: str
    relation: str | None
    scopes: frozenset[str]
    places: bool
    party: bool

    @property
    def is_child(self) -> bool:
        """The child reads about itself."""
        return self.relation == "self"


class CaseOracle:
    """One case of a story on one day."""

    def __init__(self, case: Json, births: dict[str, Birth], today: date) -> None:
        self.case = case
        self._births = births
        self._today = today

    def reader(self, person: str) -> Reader:
        """How this person stands to the case today."""
        case = self.case
        address = case["address"]
        hidden = person in address.get("hidden_from", [])
        inside = address["grade"] == "protected" and person in address.get("inside", [])
        places = not hidden and (address["grade"] == "open" or inside)
        grant = next((one for one in case["grants"] if one["person"] == person and self._holds(one)), None)
        if grant is None or person in case.get("blocks", []):
            return Reader(person, None, frozenset(), places=False, party=False)
        return Reader(
            person,
            grant["relation"],
            frozenset(grant.get("scopes", DEFAULT_SCOPES)),
            places,
            self._is_party(grant),
        )

    def shows(self, reader: Reader, item: Json, kind: str) -> bool:
        """May this reader read this item at all?"""
        named = reader.key in item.get("only_for", [])
        everybodys = not item.get("only_for")
        if kind == "decision" and reader.key in self.case.get("danger", []):
            return False
        if kind == "document" and not reader.party:
            everybodys = False
        if reader.relation == "foster_carer":
            everybodys = False
        return (
            (named or everybodys)
            and (reader.places or not item.get("bears_place"))
            and not self._withheld(reader.key, f"{kind} {item['key']}")
        )

    def end_tells_of_a_move(self) -> bool:
        """Of a case that moves, the coming end would tell; once it has ended that is known to everybody."""
        ended = Day.parse(self.case["closing"]["on"]).on(self._today) <= self._today
        return "moving" in self.case and not ended

    def _withheld(self, person: str, item: str) -> bool:
        """From this person, or from whom it speaks for and not given to it in that person's place."""
        clients = {grant.get("represents") for grant in self.case["grants"] if grant["person"] == person}
        return any(
            one["item"] == item
            and (one["person"] == person or (one["person"] in clients and one.get("representative") != person))
            and not (one["reason"] == "investigation" and not one.get("investigation_open", True))
            for one in self.case.get("withheld", [])
        )

    def _holds(self, grant: Json) -> bool:
        begun = Day.parse(grant["from"]).on(self._today) <= self._today
        ended = "to" in grant and Day.parse(grant["to"]).on(self._today) < self._today
        relation = grant["relation"]
        if relation in PARENTS and not self._responsible(grant) and grant["basis"] != "party":
            return False
        if relation in {"lawyer", "spokesperson"} and "to" not in grant:
            return False
        return begun and not ended and (relation not in STAND_IN or self._age() < ADULT_AGE)

    def _responsible(self, grant: Json) -> bool:
        return bool(grant.get("responsibility", grant["basis"] == "parental_responsibility"))

    def _is_party(self, grant: Json) -> bool:
        if grant["relation"] == "self":
            by_kind = self.case.get("kind") in {"behaviour", "trafficking"}
            return by_kind or grant["basis"] == "tribunal" or self._age() >= PARTY_AGE
        if grant["relation"] == "lawyer":
            return any(
                one["person"] == grant.get("represents") and self._holds(one) and self._is_party(one)
                for one in self.case["grants"]
            )
        return grant["relation"] in {"mother", "father", "guardian"}

    def _age(self) -> int:
        return age_on(self._births[self.case["child"]].on(self._today), self._today)


def texts(case: Json) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every free text of a case with the way to it; keys, days and words of a closed list are none."""
    for name, value in case.items():
        if name != "child":  # a key; below, the words for a child bear that name
            yield from _texts(value, (name,)) if name not in NOT_FREE else ()


NOT_FREE = frozenset(
    {
        "added",
        "at",
        "blocks",
        "by",
        "changed",
        "danger",
        "dated",
        "from",
        "grade",
        "grants",
        "greeted",
        "hidden_from",
        "hours",
        "inside",
    }
    | {
        "jurisdiction",
        "key",
        "kind",
        "looked",
        "removed",
        "members",
        "on",
        "only_for",
        "opened",
        "person",
        "phase",
        "phase_since",
        "phone",
    }
    | {
        "place_updated",
        "readable_until",
        "released_to",
        "since",
        "stance",
        "state",
        "target",
        "team",
        "until",
        "updated",
    }
    | {
        "shielded",
        "trail",
        "dated",
        "appeal_by",
        "document",
        "moving_",
        "outcome",
        "reason",
        "withheld",
        "worker",
        "worker_changes",
        "overridden",
        "words",
        "wish",
        "visits",
        "answered",
        "goes_to",
        "concerns",
        "not_these",
        "issued",
        "code",
    }
)
"""What holds no text that a person wrote."""


def _texts(value: Any, way: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in NOT_FREE:
                yield from _texts(inner, (*way, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*way, index))
    elif isinstance(value, str):
        yield way, value


def may_read(oracle: CaseOracle, reader: Reader, way: tuple[str | int, ...]) -> bool:  # noqa: C901, PLR0911, PLR0912 one line for each part of a case
    """May this reader read the text at this place of the case?"""
    if reader.relation is None:
        return False
    top = way[0]
    if top == "threads":
        return bool(_at(oracle.case, way[:2])["person"] == reader.key) and "conversation" in reader.scopes
    if top == "comments":
        return bool(_at(oracle.case, way[:2])["person"] == reader.key) and "plan" in reader.scopes
    if way[-1] in {"child", "adult"} and (way[-1] == "child") is not reader.is_child:
        return False
    if way[-1] == "place":
        return reader.places and _item_open(oracle, reader, way)
    if "own_words" in way:
        goal = _at(oracle.case, way[: way.index("own_words")])
        opened = {(one["words"], one["person"]) for one in oracle.case.get("overridden", [])}
        released = reader.key in goal["own_words"]["released_to"] or (f"goal {goal['key']}", reader.key) in opened
        return (released or reader.is_child) and _item_open(oracle, reader, way)
    if top in {"next_steps", "appointments", "documents", "plan", "living", "arrangements"}:
        return _item_open(oracle, reader, way)
    if top in {"phase_text", "phases", "clock"}:
        named = any(reader.key in one.get("only_for", []) for one in oracle.case.get("phases", []))
        mine = reader.relation != "foster_carer" or (top == "phases" and named)
        return mine and "overview" in reader.scopes and _item_open(oracle, reader, way)
    if top in {"wishes", "said_about_visits"}:
        return bool(_at(oracle.case, way[:2])["person"] == reader.key) and "overview" in reader.scopes
    if top == "complaints":
        return bool(_at(oracle.case, way[:2])["person"] == reader.key) and "overview" in reader.scopes
    if top == "views":  # why an answer is put off is for the team
        mine = _at(oracle.case, way[:2])["person"] == reader.key
        return bool(mine) and "overview" in reader.scopes and "later" not in way
    if top == "decisions":
        if "overview" not in reader.scopes or reader.relation == "foster_carer":
            return False
        return _item_open(oracle, reader, way)
    if top in {"said", "asked", "sentences"}:
        return _may_read_words(oracle, reader, way)
    if top == "closing":
        tells = reader.places or not oracle.end_tells_of_a_move()
        return tells and reader.relation != "foster_carer" and "overview" in reader.scopes
    if top == "moving":
        return reader.relation != "foster_carer" and reader.places and "overview" in reader.scopes
    return False


def _may_read_words(oracle: CaseOracle, reader: Reader, way: tuple[str | int, ...]) -> bool:
    """R13: what somebody said is for them; for somebody else only where a worker has opened it with a reason.

    Being asked, and having said yes, opens nothing yet.
    """
    found = _at(oracle.case, way[:2])
    if way[0] == "asked":
        return author_of(oracle.case, found["words"]) == reader.key
    if found["person"] == reader.key:
        return True
    opened = ((one["words"], one["person"]) for one in oracle.case.get("overridden", []))
    return way[0] == "said" and (f"said {found['key']}", reader.key) in opened


def author_of(case: Json, words: str) -> str:
    """Who said it: "goal KEY" are the child's words, "comment PERSON KEY" that person's, "said KEY" stands there."""
    kind, _, rest = words.partition(" ")
    if kind == "goal":
        return str(case["child"])
    if kind == "comment":
        return rest.partition(" ")[0]
    return str(next(one["person"] for one in case["said"] if one["key"] == rest))


SCOPE_OF = {"next_steps": "overview", "appointments": "overview", "plan": "plan", "documents": "documents"}
SCOPE_OF |= {"phase_text": "overview", "phases": "overview", "clock": "overview", "decisions": "overview"}
SCOPE_OF |= {"living": "overview", "arrangements": "overview"}


def _item_open(oracle: CaseOracle, reader: Reader, way: tuple[str | int, ...]) -> bool:
    """Every item on the way is open: a measure needs its goal."""
    if SCOPE_OF[str(way[0])] not in reader.scopes:
        return False
    if reader.relation == "foster_carer" and way[0] == "plan" and way[1] == "title":
        return _sees_a_goal(oracle, reader)
    if way[:2] == ("plan", "title"):
        return _sees_a_goal(oracle, reader)
    found: Any = oracle.case
    for position, step in enumerate(way):
        found = found[step]
        kind = ITEM_KINDS.get(str(way[position - 1])) if position else None
        if isinstance(step, int) and kind and not oracle.shows(reader, found, kind):
            return False
        if isinstance(step, int) and way[position - 1] == "phases":
            only_for = found.get("only_for")
            if only_for and reader.key not in only_for:
                return False
    return True


def _sees_a_goal(oracle: CaseOracle, reader: Reader) -> bool:
    return any(oracle.shows(reader, goal, "goal") for goal in oracle.case["plan"]["goals"])


def _at(case: Json, way: tuple[str | int, ...]) -> Any:
    found: Any = case
    for step in way:
        found = found[step]
    return found
