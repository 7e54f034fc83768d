"""Norway. Sources: barnevernsloven (LOV-2021-06-18-97), 116111.no, 112.no; read 2026-11."""

from __future__ import annotations

from portal.jurisdictions.no.questions import ADULT_QUESTIONS, CHILD_QUESTIONS
from portal.jurisdictions.pack import HelpNumber, Jurisdiction
from portal.texts import N_

PACK = Jurisdiction(
    code="no",
    numbers=(
        HelpNumber(N_("In danger now: the police"), "112", "112", N_("All day and night")),
        HelpNumber(N_("The alarm phone for children and young people"), "116 111", "116111", N_("All day and night")),
    ),
    child_questions=CHILD_QUESTIONS,
    adult_questions=ADULT_QUESTIONS,
    adult_age=18,
    referral_days=7,  # Prop. 133 L ch. 8: a child's asking for help is a report of concern, one week (rules.md R21)
)
