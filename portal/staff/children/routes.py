"""Routes for children without a national ID: who they are, letting one in, taking it away. Codes are never in a URL."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import ENROL_CHILD, SEE_CHILDREN
from portal.domain.children import WorkersChild
from portal.staff.children import operations
from portal.staff.children.pages import ChildPage, ChildrenPage, ChildRow, CodePage, WayInRow
from portal.staff.children.qr import picture
from portal.texts import N_
from portal.web.forms import FieldError
from portal.web.pages import render
from portal.web.visit import Visit

staff_children = Blueprint("staff_children", __name__)

CONFIRMED = "present"
MET = "met"
OWN_DEVICE = "own_device"


@staff_children.get("/staff/children", access=SEE_CHILDREN)
def children(visit: Visit) -> Response:
    """The children of one's own cases."""
    found = visit.core.children(visit.grant, visit.language).children
    let_in = visit.parts.credentials.who_have_one(visit.service.id, tuple(child.id for child in found))
    rows = tuple(
        ChildRow(
            url_for("staff_children.child", child_id=child.id), child.first_name, child.age, let_in=child.id in let_in
        )
        for child in found
    )
    return render(ChildrenPage(children=rows))


@staff_children.get("/staff/children/<uuid:child_id>", access=ENROL_CHILD)
def child(visit: Visit) -> Response:
    """One child: the ways in there are."""
    return render(_page(visit, operations.child(visit)))


@staff_children.post("/staff/children/<uuid:child_id>/code", access=ENROL_CHILD)
def code(visit: Visit) -> Response:
    """Let the child in who is here now: the answer, and nothing else ever, shows the code."""
    found = operations.child(visit)
    if CONFIRMED not in visit.form:
        missing = FieldError(CONFIRMED, N_("Say that the child is here with you. Without that, no code is made."))
        return render(_page(visit, found, (missing,)), 422)
    own_device = OWN_DEVICE in visit.form
    made = operations.invite(visit, found.id, passkey_allowed=own_device)
    address = visit.service.origin + url_for("way_in.start")
    return render(
        CodePage(
            first_name=found.first_name,
            code=f"{made.code[:3]} {made.code[3:6]} {made.code[6:]}",
            # After the hash sign: a browser sends that to no server, so it stands in no log
            picture=picture(f"{address}#{made.code}"),
            address=address.partition("//")[2],
            until_utc=made.expires_at_utc,
            own_device=own_device,
            back_url=url_for("staff_children.child", child_id=found.id),
        )
    )


@staff_children.post("/staff/children/<uuid:child_id>/take-away", access=ENROL_CHILD)
def take_away(visit: Visit) -> AnyResponse:
    """End it at once."""
    found = operations.child(visit)
    operations.take_away(visit, found.id)
    return visit.redirect("staff_children.child", child_id=found.id)


@staff_children.post("/staff/children/<uuid:child_id>/code-away", access=ENROL_CHILD)
def code_away(visit: Visit) -> AnyResponse:
    """The child has forgotten its own code, and is here."""
    found = operations.child(visit)
    if MET not in visit.form:
        missing = FieldError(MET, N_("Say that the child is here with you. Without that, nothing is taken away."))
        return render(_page(visit, found, (missing,)), 422)
    operations.take_code_away(visit, found.id)
    return visit.redirect("staff_children.child", child_id=found.id, gone=1)


def _page(visit: Visit, child: WorkersChild, errors: tuple[FieldError, ...] = ()) -> ChildPage:
    mine = visit.session.account_id
    return ChildPage(
        first_name=child.first_name,
        age=child.age,
        ways=tuple(
            WayInRow(way.kind, way.made_at_utc, way.made_by == mine, way.last_used_utc)
            for way in visit.parts.credentials.ways_in(visit.service.id, child.id)
        ),
        open_until_utc=visit.parts.invitations.open_until(visit.service.id, child.id),
        let_in_url=url_for("staff_children.code", child_id=child.id),
        take_away_url=url_for("staff_children.take_away", child_id=child.id),
        code_away_url=url_for("staff_children.code_away", child_id=child.id),
        preview_url=url_for("staff_preview.people", case_id=child.case_id),
        back_url=url_for("staff_children.children"),
        code_gone=bool(visit.query("gone")) and not errors,
        errors=errors,
    )
