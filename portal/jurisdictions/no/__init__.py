"""Norway. Sources: barnevernsloven (LOV-2021-06-18-97), 116111.no, 112.no; read 2026-11."""

from __future__ import annotations

from portal.jurisdictions.no.questions import ADULT_QUESTIONS, CHILD_QUESTIONS
from portal.jurisdictions.pack import HelpNumber, Jurisdiction, Reference
from portal.texts import N_

REFERENCES = {
    "electronic_id": Reference("Digdir on MinID: from the calendar year in which one turns 13"),
    "assurance": Reference("Regulation (EU) 910/2014 (eIDAS) art. 8"),
    "not_alone": Reference("DIGG: an electronic ID does not prove that the child is alone"),
    "grants_not_registers": Reference("Datatilsynet on the app Vigilo in Bergen (2019-2020)"),
    "protected_address": Reference("folkeregisterloven § 10-4"),
    "hidden_address": Reference("Decision of the child welfare tribunal on a hidden address"),
    "participation": Reference("barnevernsloven § 1-4"),
    "majority": Reference("vergemålsloven § 8"),
    "party_rights": Reference("barnevernsloven § 12-3"),
    "child_appeal": Reference("barnevernsloven as in force from 2026-01-01"),
    "guardians_informed": Reference("barnevernsloven § 12-2"),
    "withholding": Reference("barnevernsloven § 12-6"),
    "sharing": Reference("barnevernsloven §§ 1-4 and 12-6"),
    "self_referral": Reference("Prop. 133 L (2020-2021) ch. 8"),
    "confidentiality": Reference("forvaltningsloven § 13"),
}

PACK = Jurisdiction(
    code="no",
    numbers=(
        HelpNumber(N_("In danger now: the police"), "112", "112", N_("All day and night")),
        HelpNumber(N_("The alarm phone for children and young people"), "116 111", "116111", N_("All day and night")),
    ),
    child_questions=CHILD_QUESTIONS,
    adult_questions=ADULT_QUESTIONS,
    adult_age=18,
    references=REFERENCES,
    referral_days=7,  # Prop. 133 L ch. 8: a child's asking for help is a report of concern, one week (rules.md R21)
)
