"""Norway. Sources: barnevernsloven (LOV-2021-06-18-97), 116111.no, 112.no; read 2026-11."""

from __future__ import annotations

from portal.jurisdictions.calling import HelpNumber, Situation
from portal.jurisdictions.no.law import AGES, OVERRIDES, PHASES, REPORT_REVIEWED, ROLES
from portal.jurisdictions.no.questions import ADULT_QUESTIONS, CHILD_QUESTIONS
from portal.jurisdictions.no.references import REFERENCES
from portal.jurisdictions.no.rights import OUTSIDE, RIGHTS
from portal.jurisdictions.no.words import LEAK_PATTERNS, TELLING_WORDS
from portal.jurisdictions.pack import Jurisdiction, Refusal
from portal.texts import N_

PACK = Jurisdiction(
    code="no",
    numbers=(
        HelpNumber(
            N_("In danger now: the police"),
            "112",
            "112",
            N_("All day and night"),
            frozenset({Situation.DANGER}),
        ),
        HelpNumber(
            N_("The alarm phone for children and young people"),
            "116 111",
            "116111",
            N_("All day and night"),  # the phone; its chat has hours of its own (116111.no/omalarmtelefonen)
        ),
    ),
    child_questions=CHILD_QUESTIONS,
    adult_questions=ADULT_QUESTIONS,
    ages=AGES,
    phases=PHASES,
    roles=ROLES,
    overrides=OVERRIDES,
    references=REFERENCES,
    referral_days=REPORT_REVIEWED.days,  # a child's asking for help is a report of concern (rules.md R21)
    telling_words=TELLING_WORDS,
    leak_patterns=LEAK_PATTERNS,
    outside=OUTSIDE,
    rights=RIGHTS,
    refusals=(
        Refusal("protection", N_("Showing more could harm somebody or hinder an investigation"), "withholding"),
        Refusal("privacy", N_("It is private to somebody else"), "confidentiality"),
        Refusal("not_a_party", N_("Documents are for parties, and this person is not one"), "party_rights"),
    ),
)
