"""Writes the table of rules and what can be done as a page for people who read law and not code.

`python -m portal.access.policy COUNTRY` prints it; `docs/access-policy.md` is that page, and a test keeps it so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from portal.access.actions import ACTIONS, Action
from portal.access.rules import COMING_IN, FACTS, HOUSE, Rule
from portal.jurisdictions import Jurisdiction, jurisdiction

_HEAD = """# Who may see and do what

Made from `portal/access/rules.py` and `portal/access/actions.py` (`python -m portal.access.policy`). A test
keeps it so.

Nothing is allowed that is not said here. The rules are asked in this order, and the first that says no wins. No rule
grants what the core has not granted. What is not known, or could not be asked, is a no; only words that are carried
towards the service are kept meanwhile, and decided on again before they are handed over.
"""
_FACTS = """
## With the facts of the core

Asked anew for every request, and once more just before something is handed over.
"""
_NARROWING = {
    "places": "where things happen",
    "unnamed": "what was not released to this person by name",
    "withheld": "the items withheld from this person",
    "words of others": "what others have said and not released",
}


def page(pack: Jurisdiction) -> str:
    """The whole page for one country, in Markdown."""
    coming_in, facts = _table(COMING_IN, pack), _table(FACTS, pack)
    return "\n".join([_HEAD, "## Who comes in, and how\n", *coming_in, _FACTS, *facts, *_actions()])


def _table(rules: tuple[Rule, ...], pack: Jurisdiction) -> Iterator[str]:
    yield "| rule | what it says | no, or what is taken out | source | kept by |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        yield f"| {rule.number or '-'} | {rule.says} | {_effect(rule)} | {_source(rule, pack)} | {rule.keeper.value} |"


def _effect(rule: Rule) -> str:
    said = [rule.denies.__doc__ or ""] if rule.denies is not None else []
    said += [f"Taken out: {_NARROWING[rule.narrows]}."] if rule.narrows else []
    return " ".join(part.strip().splitlines()[0] for part in said) or "-"


def _source(rule: Rule, pack: Jurisdiction) -> str:
    """What the pack says; a country that has said nothing yet is seen at once."""
    if rule.source == HOUSE:
        return "the house"
    found = pack.references.get(rule.source)
    if found is None:
        return "**not known**"
    return f"[{found.title}]({found.url})" if found.url else found.title


def _actions() -> Iterator[str]:
    yield "\n## What can be done\n"
    yield "| what | by whom | about what | scope of the grant | least assurance | also |"
    yield "|---|---|---|---|---|---|"
    for action in ACTIONS.values():
        realm = action.realm.value if action.realm else "anybody"
        scope = action.scope.value if action.scope else "-"
        name, assurance = action.name.replace("_", " "), action.assurance.name.lower()
        yield f"| {name} | {realm} | {action.needs.value.replace('_', ' ')} | {scope} | {assurance} | {_also(action)} |"
    yield ""


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
    return "; ".join(said) or "-"


if __name__ == "__main__":
    sys.stdout.write(page(jurisdiction(sys.argv[1] if sys.argv[1:] else "no")))
