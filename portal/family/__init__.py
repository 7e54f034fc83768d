"""The family's side, a package per thing a person comes to do. The packages do not know each other."""

from __future__ import annotations

from portal.family.appeal.routes import family_appeal
from portal.family.ask_for_help.routes import family_help
from portal.family.complaint.routes import family_complaint
from portal.family.conversation.routes import family_conversation
from portal.family.decisions.routes import family_decisions
from portal.family.documents.routes import family_documents
from portal.family.home.routes import family_home
from portal.family.my_words.routes import family_my_words
from portal.family.on_paper.routes import family_on_paper
from portal.family.overview.routes import family_overview
from portal.family.plan.routes import family_plan
from portal.family.requests.routes import family_requests
from portal.family.rights.routes import family_rights
from portal.family.sent.routes import family_sent
from portal.family.trail.routes import family_trail
from portal.family.views.routes import family_views
from portal.family.visits.routes import family_visits
from portal.family.who_stays.routes import family_who_stays

BLUEPRINTS = (
    family_home,
    family_overview,
    family_plan,
    family_my_words,
    family_views,
    family_documents,
    family_conversation,
    family_help,
    family_sent,
    family_trail,
    family_visits,
    family_who_stays,
    family_requests,
    family_decisions,
    family_appeal,
    family_complaint,
    family_rights,
    family_on_paper,
)
