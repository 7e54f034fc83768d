"""Norway's ages, phases with their clocks, roles and reasons to override, each by name of its reference."""

from __future__ import annotations

from datetime import date

from portal.domain.case import Phase
from portal.domain.people import Relation
from portal.jurisdictions.law import AgeFrom, Clock, DatedAge, Override, PhaseLaw, Role
from portal.jurisdictions.pack import Ages
from portal.texts import N_, NP_

AGES = Ages(
    sign_in=DatedAge("signs in with an ID of one's own", "electronic_id", (AgeFrom(date.min, 13),), by_year=True),
    party=DatedAge(
        "is a party",
        "party_rights",
        (AgeFrom(date.min, 15),),
        coming="12 years, voted by the Storting in June 2025 (Innst. 524 L (2024-2025)), without a day known here",
    ),
    appeal_on_moving=DatedAge(
        "may appeal a decision on moving", "child_appeal", (AgeFrom(date.min, 15), AgeFrom(date(2026, 1, 1), 0))
    ),
    adult=DatedAge("is an adult", "majority", (AgeFrom(date.min, 18),)),
)

REPORT_REVIEWED = Clock(
    "report_reviewed", "a report of concern is looked at", "the day it came in", "report_reviewed", days=7
)
INVESTIGATED = Clock(
    "investigated",
    "an investigation is finished",
    "the end of the time for looking at the report",
    "investigation",
    months=3,
    at_most=6,
)
APPEALED = Clock("appealed", "a decision is appealed", "the day one was told of it", "appeal_time", days=21)

PHASES = (
    PhaseLaw(Phase.RECEIVED, "melding mottatt", (REPORT_REVIEWED,)),
    PhaseLaw(Phase.SCREENING, "meldingsgjennomgang", (REPORT_REVIEWED,)),
    PhaseLaw(Phase.INVESTIGATION, "undersøkelse", (INVESTIGATED,)),
    PhaseLaw(Phase.PLANNING, "tiltaksplan", (APPEALED,)),
    PhaseLaw(Phase.SUPPORT, "hjelpetiltak", (APPEALED,)),
    PhaseLaw(Phase.PLACEMENT, "plassering utenfor hjemmet", (APPEALED,)),
    PhaseLaw(Phase.REVIEW, "evaluering"),
    PhaseLaw(Phase.CLOSED, "avsluttet", (APPEALED,)),
)

ROLES = (
    Role(Relation.SELF, "barnet", "participation"),
    Role(Relation.MOTHER, "mor", "parties"),
    Role(Relation.FATHER, "far", "parties"),
    Role(Relation.GUARDIAN, "verge", "parties"),
    Role(Relation.FOSTER_CARER, "fosterforelder", "foster_care"),
    Role(Relation.LAWYER, "advokat", "represents"),
    Role(Relation.SPOKESPERSON, "talsperson", "participation"),
    Role(Relation.CASEWORKER, "kontaktperson", "confidentiality"),
    Role(Relation.LEADER, "barnevernleder", "confidentiality"),
)

OVERRIDES = (
    Override(
        "danger",
        NP_("child", "Someone could be badly hurt if they did not know."),
        N_("Somebody's life or health could be in danger if they did not know."),
        "danger",
    ),
    Override(
        "duty_to_report_or_avert",
        NP_("child", "The law says that we have to tell, so that it stops."),
        N_("The law obliges us to report this, or to prevent something serious."),
        "duty",
    ),
    Override(
        "party_access",
        NP_("child", "The law gives this adult the right to read it."),
        N_("This person has a right in law to read the documents."),
        "party_access",
    ),
    Override(
        "tribunal_or_court",
        NP_("child", "Someone who decides for children by law asked to read it."),
        N_("A tribunal or a court has asked to read it."),
        "tribunal_or_court",
    ),
)
