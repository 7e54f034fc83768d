"""Where Norwegian law and findings say it, with how surely that is known. An address is where to read it, and no proof

that it was read: that is what `certainty` says.
"""

from __future__ import annotations

from portal.jurisdictions.law import Certainty, Reference

_ACT = "barnevernsloven (LOV-2021-06-18-97)"
_CHILD_WELFARE, _ADMINISTRATION, _PENAL = "2021-06-18-97", "1967-02-10", "2005-05-20-28"
_PROPOSITION = "https://www.regjeringen.no/no/dokumenter/prop.-133-l-20202021/id2842271/?ch=8"


def _law(number: str, section: str = "") -> str:
    """Where Lovdata keeps an act, or one section of it."""
    return f"https://lovdata.no/lov/{number}" + (f"/%C2%A7{section}" if section else "")


REFERENCES = {
    "electronic_id": Reference(
        "Digdir on MinID: from the calendar year in which one turns 13",
        note="Level substantial, and no paper from a parent. Which level is enough for what is the controller's "
        "decision.",
    ),
    "assurance": Reference("Regulation (EU) 910/2014 (eIDAS) art. 8", url="https://data.europa.eu/eli/reg/2014/910/oj"),
    "not_alone": Reference("DIGG: an electronic ID does not prove that the child is alone"),
    "grants_not_registers": Reference("Datatilsynet on the app Vigilo in Bergen (2019-2020)"),
    "protected_address": Reference(
        "folkeregisterloven § 10-4",
        url=_law("2016-12-09-88", "10-4"),
        certainty=Certainty.NOT_READ,
        note="What the two grades mean was read at skatteetaten.no; the section was not.",
    ),
    "hidden_address": Reference(
        "Decision of the child welfare tribunal on a hidden address",
        note="The address stays in the population register unless it is blocked there, too (bufdir.no).",
    ),
    "participation": Reference(f"{_ACT} § 1-4", url=_law(_CHILD_WELFARE, "1-4")),
    "majority": Reference("vergemålsloven § 8", url=_law("2010-03-26-9", "8"), certainty=Certainty.NOT_READ),
    "party_rights": Reference(
        f"{_ACT} § 12-3",
        url=_law(_CHILD_WELFARE, "12-3"),
        note="15 years; always in cases about behaviour or trafficking. Whether one reads what was written before one "
        "became a party is contested (Sivilombudet) and a question for a lawyer.",
    ),
    "child_appeal": Reference(
        f"{_ACT} as in force from 2026-01-01 (regjeringen.no id3141571)",
        url="https://www.regjeringen.no/id3141571/",
        note="A child of any age may appeal a decision on moving.",
    ),
    "guardians_informed": Reference(f"{_ACT} § 12-2", url=_law(_CHILD_WELFARE, "12-2")),
    "withholding": Reference(
        f"{_ACT} § 12-6",
        url=_law(_CHILD_WELFARE, "12-6"),
        note="A party who asks and is refused is told so, with the reason in law and how to appeal "
        "(forvaltningsloven § 21, not read): that runs in the core. How this goes together with showing no gap is a "
        "question for a lawyer.",
    ),
    "sharing": Reference(
        f"{_ACT} §§ 1-4 and 12-6",
        url=_law(_CHILD_WELFARE, "12-6"),
        note="Whether the child's answer itself belongs to what a parent may read is a question for a lawyer.",
    ),
    "self_referral": Reference("Prop. 133 L (2020-2021) ch. 8", url=_PROPOSITION),
    "confidentiality": Reference(
        "forvaltningsloven § 13",
        url=_law(_ADMINISTRATION, "13"),
        certainty=Certainty.NOT_READ,
        note="A new act of 2025 may have other numbers.",
    ),
    "report_reviewed": Reference(
        f"{_ACT} § 2-1; Prop. 133 L (2020-2021) ch. 8",
        url=_law(_CHILD_WELFARE, "2-1"),
        note="The section was not read.",
    ),
    "investigation": Reference(
        f"{_ACT} § 2-2", url=_law(_CHILD_WELFARE, "2-2"), certainty=Certainty.NOT_READ, note="The months were not read."
    ),
    "appeal_time": Reference(
        "forvaltningsloven § 29",
        url=_law(_ADMINISTRATION, "29"),
        certainty=Certainty.NOT_READ,
        note="The core says the last day; this is never used to compute it.",
    ),
    "voluntary": Reference(
        f"{_ACT} § 3-1",
        url=_law(_CHILD_WELFARE, "3-1"),
        certainty=Certainty.LAWYER,
        note="Whose yes is needed at which age, and for which measure, is a question for a lawyer; the section was not "
        "read.",
    ),
    "interpreter": Reference(
        "tolkeloven (LOV-2021-06-11-79) § 6", url=_law("2021-06-11-79", "6"), certainty=Certainty.NOT_READ
    ),
    "supervision": Reference(
        f"{_ACT} ch. 17",
        url=_law(_CHILD_WELFARE),
        certainty=Certainty.NOT_READ,
        note="Statsforvalteren; each county has a number of its own, so the name on the web is given.",
    ),
    "ombudsperson": Reference(
        "barneombudsloven (LOV-1981-03-06-5)",
        url=_law("1981-03-06-5"),
        certainty=Certainty.NOT_READ,
        note="The number is to be checked at barneombudet.no before it is used.",
    ),
    "parties": Reference(
        "forvaltningsloven § 2 e", url=_law(_ADMINISTRATION, "2"), note=f"Assessed for each parent ({_ACT} § 12-2)."
    ),
    "represents": Reference("forvaltningsloven § 12", url=_law(_ADMINISTRATION, "12"), certainty=Certainty.NOT_READ),
    "foster_care": Reference(
        f"{_ACT} ch. 9",
        url=_law(_CHILD_WELFARE),
        certainty=Certainty.NOT_READ,
        note="Foster carers are as a rule no parties; their scope is a question for a lawyer.",
    ),
    "danger": Reference(
        "straffeloven § 17 and forvaltningsloven § 13 b", url=_law(_PENAL, "17"), certainty=Certainty.LAWYER
    ),
    "duty": Reference(
        f"{_ACT} § 13-2 and straffeloven § 196",
        url=_law(_CHILD_WELFARE, "13-2"),
        certainty=Certainty.NOT_READ,
        note="Both duties exist; the numbers of the sections were not read.",
    ),
    "party_access": Reference(f"forvaltningsloven §§ 18 and 19, {_ACT} § 12-6", url=_law(_ADMINISTRATION, "18")),
    "tribunal_or_court": Reference(f"{_ACT} ch. 14", url=_law(_CHILD_WELFARE), certainty=Certainty.NOT_READ),
}
