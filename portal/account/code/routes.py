"""Routes of the code: one page for everybody in the family's realm, and the question for the code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import Blueprint, Response, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.access.actions import USE_ACCOUNT
from portal.account.code import operations
from portal.account.code.forms import NOW, REMOVE, problems_of_new
from portal.account.code.pages import CodePage
from portal.domain.people import Realm
from portal.identity.errors import SignInError
from portal.identity.next_url import safe_next
from portal.identity.own_code import CodeRefused
from portal.texts import NP_
from portal.web import cookies
from portal.web.forms import FieldError
from portal.web.mendable import HOME, locked_page
from portal.web.pages import Page, render
from portal.web.visit import Visit

account_code = Blueprint("account_code", __name__)

NOT_IT = FieldError(NOW, NP_("child", "That was not your code. Nothing was changed."))
NOT_YET = FieldError(NOW, NP_("child", "Wait a little before you try again."))

PageToMend = Callable[[timedelta, tuple[FieldError, ...]], Page]
"""Where a refused code is mended, by how long to wait and what is wrong."""


@account_code.get("/account/code", access=USE_ACCOUNT)
def code(visit: Visit) -> Response:
    """The page of the code; nothing about the account is looked up for it."""
    return render(_page(saved=bool(visit.query("saved"))))


@account_code.post("/account/code", access=USE_ACCOUNT)
def change(visit: Visit) -> AnyResponse:
    """Set, change or take away the code."""
    removing = REMOVE in visit.form
    problems = () if removing else problems_of_new(visit.form)
    if problems:
        return render(_page(errors=problems), 422)
    done = operations.remove_code if removing else operations.set_code
    return _with_code(visit, done, url_for("account_code.code", saved=1), _page)


@account_code.get("/account/unlock", access=USE_ACCOUNT)
def ask(visit: Visit) -> AnyResponse:
    """The question for the code; straight on for whoever needs none."""
    wanted = safe_next(visit.query("next"), url_for(HOME[Realm.FAMILY]))
    return render(locked_page(wanted)) if visit.session.actor.locked else redirect(wanted, 303)


@account_code.post("/account/unlock", access=USE_ACCOUNT)
def unlock(visit: Visit) -> AnyResponse:
    """Open this session, and go on to where the person was going."""
    wanted = safe_next(visit.form.get("next", ""), url_for(HOME[Realm.FAMILY]))
    if not visit.session.actor.locked:
        return redirect(wanted, 303)
    return _with_code(visit, operations.unlock, wanted, partial(locked_page, wanted))


def _with_code(visit: Visit, done: Callable[[Visit], str], wanted: str, to_mend: PageToMend) -> AnyResponse:
    try:
        token = done(visit)
    except CodeRefused as refusal:
        operations.refused(visit, refusal)
        return render(to_mend(refusal.wait, (NOT_IT if refusal.compared else NOT_YET,)), 422)
    except SignInError:  # ended from elsewhere while the code was compared
        return visit.redirect("account.sign_in")
    response = redirect(wanted, 303)
    cookies.write_session(response, Realm.FAMILY, token)
    return response


def _page(wait: timedelta = timedelta(), errors: tuple[FieldError, ...] = (), *, saved: bool = False) -> CodePage:
    return CodePage(url_for("account_code.change"), url_for(HOME[Realm.FAMILY]), saved=saved, wait=wait, errors=errors)
