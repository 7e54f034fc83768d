"""How a view and the answers to it are brought in: under which action, where to, with what."""

from portal.access import actions
from portal.access.actions import Action
from portal.access.standing import Target
from portal.domain.submission import SubmissionKind
from tests.contract.adapter_samples import CASE, OPERATION, REFERRAL, THREAD
from tests.contract.samples_of_views import NEW_ANSWER, NEW_LATER, NEW_VIEW

IN_THREAD = Target(thread_id=THREAD)
OF_VIEW = f"/staff/threads/{THREAD}/views/{REFERRAL}"
OF_VIEWS: dict[SubmissionKind, tuple[Action, Target, str, dict[str, object]]] = {
    SubmissionKind.VIEW: (actions.GIVE_VIEW, Target(case_id=CASE), f"/cases/{CASE}/views/{OPERATION}", NEW_VIEW),
    SubmissionKind.INFLUENCE_ANSWER: (
        actions.REPLY,
        IN_THREAD,
        f"{OF_VIEW}/answers/{OPERATION}",
        {"view_id": REFERRAL, **NEW_ANSWER},
    ),
    SubmissionKind.INFLUENCE_LATER: (
        actions.REPLY,
        IN_THREAD,
        f"{OF_VIEW}/later/{OPERATION}",
        {"view_id": REFERRAL, **NEW_LATER},
    ),
}
