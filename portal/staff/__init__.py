"""The caseworker's side: what waits, and answering it. Phones first; three taps to a reply."""

from __future__ import annotations

from portal.staff.children.routes import staff_children
from portal.staff.classify.routes import staff_classify
from portal.staff.complaints.routes import staff_complaints
from portal.staff.conversation.influence_routes import staff_influence
from portal.staff.conversation.routes import staff_conversation
from portal.staff.inbox.routes import staff_inbox
from portal.staff.preview.routes import staff_preview
from portal.staff.sharing.routes import staff_sharing
from portal.staff.stops.routes import staff_stops

BLUEPRINTS = (
    staff_inbox,
    staff_conversation,
    staff_influence,
    staff_children,
    staff_preview,
    staff_sharing,
    staff_stops,
    staff_classify,
    staff_complaints,
)
