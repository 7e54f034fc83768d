"""Writes the table of rules and what can be done as a page for people who read law and not code.

`python -m portal.access.policy COUNTRY` prints it; `docs/access-policy.md` is that page, and a test keeps it so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby

from portal.access.actions import ACTIONS, Action
from portal.access.plain_words import DOES
from portal.access.rules import COMING_IN, FACTS, HOUSE, Rule
from portal.domain.people import Realm
from portal.jurisdictions import Certainty, Clock, DatedAge, Jurisdiction, Reference, jurisdiction

_HEAD = """# Who may see and do what

Made from the code that decides (`python -m portal.access.policy`); a test keeps it so. It describes what the portal
does and is no legal advice. Country: `{code}`.

**How to read it.** Nothing is allowed that is not said here. The rules are asked from top to bottom with the facts the
core has at that moment, for every request, and the first that says no wins. No rule grants what the core has not
granted. What is not known, or could not be asked, is a no. While the core cannot be asked nothing is read; only words
that somebody sends towards the service are kept, and decided on again before they are handed over.

*Taken out* means: absent, with no gap, no count and nothing greyed. *Kept by* says who stands for it: where both do,
the core leaves it out and the portal takes it out once more. A source is marked where it was **not read** or is **a
question for a lawyer**; the list at the end says what is open about each.
"""
_GROUPS = {
    "R0": "Whose case it is",
    "R1": "Where the child is",
    "R2": "Where the child is",
    "R3": "The child's own room",
    "R14": "The child's own room",
    "R15": "The child's own room",
    "R5": "The child's own room",
    "R6": "Parties, parents and decisions",
    "R7": "Parties, parents and decisions",
    "R8": "Parties, parents and decisions",
    "R9": "Parties, parents and decisions",
    "R10": "Parties, parents and decisions",
    "R11": "What is withheld",
    "R12": "What is withheld",
    "R13": "What somebody has said",
    "R16": "Those who stand beside",
    "R17": "What is computed, closing and moving",
    "R18": "What is computed, closing and moving",
    "R21": "Asking for help",
    "": "Those who work there",
    "R19": "How the portal says no",
}
_NARROWING = {
    "places": "where things happen",
    "unnamed": "what was not released to this person by name",
    "withheld": "the items withheld from this person",
    "words of others": "what others have said and not released",
}
_CERTAINTY = {Certainty.READ: "", Certainty.NOT_READ: " (not read)", Certainty.LAWYER: " (a question for a lawyer)"}
_REALMS = {None: "Anybody", Realm.FAMILY: "Families", Realm.STAFF: "Those who work there"}


def page(pack: Jurisdiction) -> str:
    """The whole page for one country, in Markdown."""
    parts = (
        _rules(pack),
        _missing(),
        _ages(pack),
        _clocks(pack),
        _roles(pack),
        _overrides(pack),
        _actions(),
        _law(pack),
    )
    return "\n".join([_HEAD.format(code=pack.code), *(line for part in parts for line in part), ""])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell or '-' for cell in cells)} |"


def _table(head: str, rows: Iterable[str]) -> Iterator[str]:
    names = head.split("; ")
    yield _row(*names)
    yield "|" + "---|" * len(names)
    yield from rows
    yield ""


def _rules(pack: Jurisdiction) -> Iterator[str]:
    head = "rule; what it says; when the answer is no; what is taken out; source; kept by"
    yield "## Who comes in, and how\n\nAsked first, and before any fact about any case, so that they tell nothing.\n"
    yield from _table(head, (_rule(rule, pack) for rule in COMING_IN))
    yield "## With the facts of the core\n\nAsked anew for every request, and again before anything is handed over.\n"
    for title, rules in groupby(FACTS, lambda rule: _GROUPS[rule.number]):
        yield f"### {title}\n"
        yield from _table(head, [_rule(rule, pack) for rule in rules])


def _rule(rule: Rule, pack: Jurisdiction) -> str:
    denies = (rule.denies.__doc__ or "").strip().splitlines()[0] if rule.denies is not None else ""
    source = "the house" if rule.source == HOUSE else _cited(pack, rule.source)
    return _row(rule.number, rule.says, denies, _NARROWING.get(rule.narrows, ""), source, rule.keeper.value)


def _missing() -> Iterator[str]:
    yield "## What is not built yet\n\nSaid in a rule, and not yet done by anybody or anything here.\n"
    rules = (rule for rule in (*COMING_IN, *FACTS) if rule.not_yet)
    yield from _table("rule; what is missing", (_row(rule.number, rule.not_yet) for rule in rules))


def _cited(pack: Jurisdiction, name: str) -> str:
    """What the pack says; a country that has said nothing yet is seen at once."""
    found = pack.references.get(name)
    return "**not known**" if found is None else _title(found) + _CERTAINTY[found.certainty]


def _title(reference: Reference) -> str:
    return f"[{reference.title}]({reference.url})" if reference.url else reference.title


def _ages(pack: Jurisdiction) -> Iterator[str]:
    yield "## Ages\n\nDated: a new age stands beside the old one with the day from which it holds.\n"
    rows = (_age(age, pack) for age in pack.ages)
    yield from _table("who is that old; age; decided, and not yet in force; source", rows)


def _age(age: DatedAge, pack: Jurisdiction) -> str:
    counted = ", with the calendar year" if age.by_year else ""
    steps = (
        (f"{step.years} years" if step.years else "any age")
        + ("" if step.day.year == 1 else f" from {step.day.isoformat()}")
        for step in age.steps
    )
    return _row(age.what, "; ".join(steps) + counted, age.coming, _cited(pack, age.reference))


def _clocks(pack: Jurisdiction) -> Iterator[str]:
    yield "## Phases and clocks\n\nThe portal computes no legal deadline: it shows the day the core gives.\n"
    rows = [
        _row(law.phase.value.replace("_", " "), law.own_word, *_clock(clock, pack))
        for law in pack.phases
        for clock in law.clocks or (None,)
    ]
    yield from _table("phase; there called; what has a clock; how long; from; source", rows)


def _clock(clock: Clock | None, pack: Jurisdiction) -> tuple[str, str, str, str]:
    if clock is None:
        return ("", "", "", "")
    long = f"{clock.months} months" if clock.months else f"{clock.days} days"
    longest = f", in special cases up to {clock.at_most} months" if clock.at_most else ""
    return clock.what, long + longest, clock.begins, _cited(pack, clock.reference)


def _roles(pack: Jurisdiction) -> Iterator[str]:
    yield "## Who somebody may be\n"
    rows = (_row(r.relation.value.replace("_", " "), r.own_word, _cited(pack, r.reference)) for r in pack.roles)
    yield from _table("in the portal; there called; source", rows)


def _overrides(pack: Jurisdiction) -> Iterator[str]:
    yield "## Why words may go further against their author's no (R13)\n\nThe author is told when that is safe.\n"
    rows = (
        _row(o.code.replace("_", " "), o.child.msgid, o.adult.msgid, _cited(pack, o.reference)) for o in pack.overrides
    )
    yield from _table("reason; a child reads; an adult reads; source", rows)


def _actions() -> Iterator[str]:
    yield "## What can be done\n"
    for realm, title in _REALMS.items():
        yield f"### {title}\n"
        rows = (_action(action) for action in ACTIONS.values() if action.realm is realm)
        yield from _table("what; about what; scope of the grant; least assurance; also", rows)


def _action(action: Action) -> str:
    scope = action.scope.value if action.scope else ""
    about = action.needs.value.replace("_", " ")
    return _row(DOES.get(action.name, action.name), about, scope, action.assurance.name.lower(), _also(action))


def _also(action: Action) -> str:
    said = []
    if action.in_person:
        said.append("open to a child let in by a worker")
    if action.carries_in:
        said.append("kept while the core cannot be asked")
    if action.freshness is not None:
        said.append(f"proved within {int(action.freshness.total_seconds() // 60)} minutes")
    if action.own_words:
        said.append("behind the code of one's own")
    if action.relations is not None:
        said.append("only " + ", ".join(sorted(action.relations)))
    if action.decisions:
        said.append("not where being told is dangerous")
    return "; ".join(said)


def _law(pack: Jurisdiction) -> Iterator[str]:
    yield "## Sources\n"
    rows = (_row(_title(one), one.certainty.value, one.note) for one in pack.references.values())
    yield from _table("source; how surely it is known; what is open or dated", rows)


if __name__ == "__main__":
    sys.stdout.write(page(jurisdiction(sys.argv[1] if sys.argv[1:] else "no")))
