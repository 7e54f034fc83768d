"""Examplia: an invented country under a code ISO 3166 leaves to users. It shows what a pack needs; nobody lives there.

Its questions are those of `no.questions` in a smaller number; its law, numbers and words are made up.
"""

from __future__ import annotations

import re
from datetime import date, time

from portal.domain.case import Phase
from portal.domain.people import Relation
from portal.jurisdictions.calling import HelpNumber, Open, Situation
from portal.jurisdictions.law import AgeFrom, Certainty, Clock, DatedAge, Override, PhaseLaw, Reference, Role
from portal.jurisdictions.leaks import LeakKind, LeakPattern
from portal.jurisdictions.pack import Ages, Choice, Jurisdiction, Question
from portal.jurisdictions.rights import Outside, Right, RightCode
from portal.texts import N_, NP_

_LOOKED_AT = Clock("looked_at", "asking for help is looked at", "the day it came in", "children_act", days=10)
_ALWAYS = date.min

PACK = Jurisdiction(
    code="zz",
    numbers=(
        HelpNumber(
            N_("In danger now: the police"), "00 00", "0000", N_("All day and night"), frozenset({Situation.DANGER})
        ),
        HelpNumber(
            N_("Somebody to talk to"),
            "00 11 00",
            "001100",
            N_("Every day from 8 to 20"),
            frozenset({Situation.TALK}),
            (Open(frozenset(range(7)), time(8), time(20)),),
        ),
    ),
    child_questions=(
        Question(
            "safe_now",
            NP_("child", "Are you safe right now?"),
            NP_("child", "If you are not safe, call first. You can write after."),
            (Choice("yes", NP_("child", "Yes")), Choice("no", NP_("child", "No"))),
        ),
        Question(
            "tell",
            NP_("child", "Do you want to tell us something?"),
            NP_("child", "You choose what to tell. You do not have to."),
            words=True,
        ),
    ),
    adult_questions=(
        Question(
            "tell",
            N_("Is there anything you want to tell us?"),
            N_("You choose what to tell. You can leave it empty."),
            words=True,
        ),
    ),
    ages=Ages(
        sign_in=DatedAge("signs in with an ID of one's own", "children_act", (AgeFrom(_ALWAYS, 10),)),
        party=DatedAge("is a party", "children_act", (AgeFrom(_ALWAYS, 14), AgeFrom(date(2026, 1, 1), 9))),
        appeal_on_moving=DatedAge("may appeal a decision on moving", "children_act", (AgeFrom(_ALWAYS, 0),)),
        adult=DatedAge("is an adult", "children_act", (AgeFrom(_ALWAYS, 20),)),
    ),
    phases=(PhaseLaw(Phase.RECEIVED, "received", (_LOOKED_AT,)), PhaseLaw(Phase.CLOSED, "closed")),
    roles=(
        Role(Relation.SELF, "the child", "children_act"),
        Role(Relation.MOTHER, "mother", "children_act"),
        Role(Relation.FATHER, "father", "children_act"),
        Role(Relation.CASEWORKER, "friend of the family", "children_act"),
    ),
    overrides=(
        Override(
            "danger",
            NP_("child", "Someone could be badly hurt if they did not know."),
            N_("Somebody's life or health could be in danger if they did not know."),
            "children_act",
        ),
    ),
    references={"children_act": Reference("The Children Act of Examplia, sec. 1", certainty=Certainty.LAWYER)},
    referral_days=_LOOKED_AT.days,
    telling_words=("children's council",),
    outside=(
        Outside(
            N_("The inspector of Examplia"),
            NP_("child", "They check that we do it right. You can call them yourself."),
            N_("Checks that the service follows the law. You can turn to them yourself."),
            "00 22 00",
            "002200",
            "inspector.example",
            "children_act",
        ),
    ),
    rights=tuple(
        Right(
            code,
            NP_("child", "Ask us what you may"),
            NP_("child", "You have rights here. Ask us, and we tell you."),
            N_("Ask us what you have a right to"),
            N_("You have rights here. Ask us, and we tell you which."),
            "children_act",
        )
        for code in RightCode
    ),
    leak_patterns=(LeakPattern(LeakKind.POSTCODE, re.compile(r"\bZZ-\d{3}\b")),),
)
