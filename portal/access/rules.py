"""The rules R0-R21 in the order in which they are asked. The first that denies wins.

`docs/access-policy.md` is made from this table (`python -m portal.access.policy`), so that a lawyer can read it.
No rule grants what the core has not granted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from portal.access import checks
from portal.access.asked import Asked
from portal.access.grants import Denial

HOUSE = "house"
"""Not law: what the house has decided."""


class Keeper(StrEnum):
    """Who sees to it that a rule is kept."""

    PORTAL = "the portal"
    CORE = "the core"
    BOTH = "the core, and the portal once more"
    BUILT_IN = "there is no page, field or operation that could break it"


@dataclass(frozen=True)
class Rule:
    """One rule. `number` as in the rules of the house, empty for what stands there under "Assurance".

    `source`: the name under which the country's pack keeps the law or the finding it comes from, or `HOUSE`.

    `denies` gives a reason against it or None. `narrows` says in words how the rule takes things out of what is shown;
    the code of that is `how_much` in `access.decide`, and `core.projection`. `not_yet`: what the rule says and nothing
    here does so far, in words for a lawyer.
    """

    number: str
    says: str
    source: str
    keeper: Keeper
    denies: Callable[[Asked], Denial | None] | None = None
    narrows: str = ""
    not_yet: str = ""


COMING_IN = (
    Rule(
        "",
        "Families and staff never meet in one session: each has an issuer, a cookie and pages of its own.",
        HOUSE,
        Keeper.PORTAL,
        checks.own_realm,
    ),
    Rule(
        "R4",
        "From the year in which one turns 13 one signs in with a national ID. Whoever is younger or has none is let in "
        "by a caseworker who has met them, and then reaches their own messages and views, the plan in easy words, "
        "visits and meetings, and nothing else.",
        "electronic_id",
        Keeper.BOTH,
        checks.let_in_person,
    ),
    Rule(
        "",
        "Each thing that can be done needs a least assurance: substantial for writing, one's own threads, plan, "
        "visits, meetings and that there are decisions; high for documents. Nothing in asking for help needs any.",
        "assurance",
        Keeper.BOTH,
        checks.sure_enough,
    ),
    Rule(
        "",
        "A document is opened only within five minutes after the person has proved who they are.",
        "assurance",
        Keeper.PORTAL,
        checks.fresh_enough,
    ),
    Rule(
        "R20",
        "Whoever wants may put a code of their own before what they have written. It looks the same whether it is used "
        "or not, and asking for help and writing stay open without it.",
        "not_alone",
        Keeper.PORTAL,
        checks.own_code,
    ),
)
"""Asked before any fact about any case, so that they tell nothing about one."""

FACTS = (
    Rule(
        "R0",
        "Access is an active grant from the core: this person, this case and child, this scope, from, to, and its "
        "basis. A population register never grants.",
        "grants_not_registers",
        Keeper.BOTH,
        checks.admitted,
    ),
    Rule("R0", "Without such a grant for today there is nothing.", "grants_not_registers", Keeper.BOTH, checks.granted),
    Rule(
        "R0",
        "A block of a person from a child wins over every grant. It is kept apart, and no import changes it.",
        "grants_not_registers",
        Keeper.BOTH,
        checks.not_blocked,
    ),
    Rule(
        "R1",
        "Where a child has a protected address, whatever bears a place is taken out for everybody whom the core does "
        "not mark as inside the protection; not known counts as outside. Inside are the child and the parent who lives "
        "at that address; they are shown everything.",
        "protected_address",
        Keeper.BOTH,
        narrows="places",
    ),
    Rule(
        "R2",
        "Where the address is hidden from a person, that person gets no address, school, kindergarten, doctor, names "
        "of foster carers, placement, place of a meeting or visit, map or office that would give it away.",
        "hidden_address",
        Keeper.BOTH,
        narrows="places",
    ),
    Rule(
        "R3",
        "A child who can form views may write and speak. No parent is asked, and the system tells no parent.",
        "participation",
        Keeper.BUILT_IN,
    ),
    Rule(
        "R14",
        "A child's space is never part of a guardian's. Nobody acts on behalf of the child inside it.",
        HOUSE,
        Keeper.BUILT_IN,
        checks.own_space,
    ),
    Rule(
        "R15",
        "At midnight of the day on which the child is an adult the grants of everybody who stood in for it have ended. "
        "The young adult is asked what stays open.",
        "majority",
        Keeper.BOTH,
        checks.of_age,
    ),
    Rule(
        "R5",
        "A very young child writes together with its caseworker, on the caseworker's device, and what is written says "
        "so.",
        HOUSE,
        Keeper.CORE,
        not_yet="Writing together on the caseworker's device: there is no page for it.",
    ),
    Rule(
        "R6",
        "A party reads the documents and may appeal: from the age set by law on that date, in cases about behaviour or "
        "trafficking, or when the tribunal says so. What was written before does not appear on a birthday: a child who "
        "has become a party is offered to read it together with its worker.",
        "party_rights",
        Keeper.BOTH,
        narrows="unnamed",
    ),
    Rule(
        "R7",
        "Whoever is not a party gets what was written for them: an adapted summary, the plan in their own words, what "
        "they said themselves, decisions explained. A document only when it was released to them by name.",
        "participation",
        Keeper.BOTH,
        narrows="unnamed",
    ),
    Rule(
        "R8",
        "Every child, at any age and assurance, sees that there is a decision, its easy explanation, the last day to "
        "appeal, and the button to appeal a decision on moving.",
        "child_appeal",
        Keeper.BOTH,
    ),
    Rule(
        "R9",
        "A guardian with parental responsibility is told of decisions unless that would put somebody in danger, and "
        "reads documents only as a party.",
        "guardians_informed",
        Keeper.BOTH,
        checks.told_of_decisions,
        narrows="unnamed",
    ),
    Rule(
        "R10",
        "A parent without parental responsibility sees nothing, unless the service has assessed them as a party.",
        "guardians_informed",
        Keeper.BOTH,
        checks.responsible,
    ),
    Rule(
        "R11",
        "What is withheld from a person because access may harm somebody is absent for that person: not greyed, no "
        "gap, no count. Reason, assessor and the day of the next review are recorded; a representative may "
        "be let read it. Everybody always reads that this may not be everything, and can ask to see "
        "more; the core decides and hears appeals.",
        "withholding",
        Keeper.BOTH,
        checks.withheld_is_known,
        narrows="withheld",
    ),
    Rule(
        "R12",
        "What is withheld so that an investigation is not hindered is absent until the investigation ends; then the "
        "service decides anew.",
        "withholding",
        Keeper.BOTH,
        narrows="withheld",
    ),
    Rule(
        "R13",
        "What somebody writes is seen by that person and the team. Somebody else of the family reads it only after its "
        "author's yes to that item and the worker's release. Exceptions are a list in the country's pack, each with a "
        "reason, and the author is told when that is safe.",
        "sharing",
        Keeper.BOTH,
        narrows="words of others",
    ),
    Rule(
        "R16",
        "Foster carers and institutions have their own threads and tasks of the plan. Lawyers and spokespersons have "
        "what they were given, for a time that is set.",
        HOUSE,
        Keeper.BOTH,
        checks.only_their_part,
        narrows="unnamed",
        not_yet="A trusted person whom the child names has no sign-in; institutions have none either.",
    ),
    Rule(
        "R17",
        "Whatever is derived (times, versions, phases, clocks, order, news, changes of worker, the trail) is computed "
        "for each person from what that person can see.",
        HOUSE,
        Keeper.CORE,
    ),
    Rule(
        "R18",
        "A case that closes stays readable for a time, and whoever writes afterwards reaches the intake. A move shows "
        "both services until the new one has greeted.",
        HOUSE,
        Keeper.CORE,
    ),
    Rule(
        "R21",
        "A child's asking for help is a report of concern: one week from the moment the child pressed send, and no "
        "word to the home. It is open to whoever asked, and to nobody else.",
        "self_referral",
        Keeper.BOTH,
        checks.own_referral,
    ),
    Rule(
        "",
        "Pages for staff are for those whom the core calls a worker or leader; a leader's pages for a leader. What "
        "somebody says about whoever works with them goes round whom it is about.",
        HOUSE,
        Keeper.BOTH,
        checks.works_here,
    ),
    Rule(
        "",
        "A worker opens what belongs to their own families and to those they cover; a leader what belongs to the team.",
        "confidentiality",
        Keeper.BOTH,
        checks.own_families,
    ),
    Rule(
        "R19",
        "Every no is the same page, byte for byte, after the same work: whether a case exists is not told.",
        HOUSE,
        Keeper.PORTAL,
    ),
)
"""Asked with the facts of the core, in this order."""
