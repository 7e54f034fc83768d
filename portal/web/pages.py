"""From a frozen page to HTML. A template sees the page, the frame around it, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from flask import Response, g, make_response, request, url_for

from portal.identity import csrf
from portal.identity.session import Session
from portal.jurisdictions import jurisdiction
from portal.settings import Service
from portal.texts import N_, Text
from portal.texts.locales import locale_of
from portal.web.chrome import Chrome, HiddenField, LanguageLink, NavigationLink, SessionClock, ShownNumber
from portal.web.parts import parts

CSRF_FIELD = "csrf_token"
_ONE_ID = re.compile(r"[a-z]+=[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PRODUCT_FALLBACK = "en"

FAMILY_PLACES: tuple[tuple[Text, str], ...] = (
    (N_("Start"), "family_home.home"),
    (N_("What I have sent"), "family_sent.sent"),
    (N_("My sign-in"), "account_sessions.own"),
)
STAFF_PLACES: tuple[tuple[Text, str], ...] = (
    (N_("Inbox"), "staff_inbox.inbox"),
    (N_("Children"), "staff_children.children"),
    (N_("My sign-in"), "account_sessions.staff_own"),
)


@dataclass(frozen=True)
class Page:
    """Base of every page.

    `live`: it has live content, so htmx is loaded. `bare`: it has no navigation, form or token. `lasting`: it can be
    asked for again under its address, so that choosing another language stays on it.
    """

    template: ClassVar[str]
    live: ClassVar[bool] = False
    bare: ClassVar[bool] = False
    lasting: ClassVar[bool] = True

    @property
    def has_errors(self) -> bool:
        """Does something need mending? The title says so first (WCAG 3.3.1, G199)."""
        return bool(getattr(self, "errors", ()))


def render(page: Page, status: int = 200) -> Response:
    """The whole page for the viewer of the current request."""
    context = {"chrome": frame(page), "page": page}
    html = parts().texts.render(g.language, page.template, context)
    return make_response(html, status)


def render_block(page: Page, block: str) -> Response:
    """One block of a page, for live content."""
    context = {"chrome": frame(page), "page": page}
    return make_response(parts().texts.render_block(g.language, page.template, block, context))


def frame(page: Page) -> Chrome:
    """The frame around a page for the current request."""
    service: Service = g.service
    session: Session | None = None if page.bare else g.session
    assets = parts().assets
    locale = locale_of(g.language)
    name = _in(service.product_name, g.language)
    return Chrome(
        language=locale.tag,
        direction=locale.direction,
        languages=_languages(page, service),
        service_name=name,
        title_suffix=name,
        title_prefix_error=page.has_errors,
        inline_css=assets.style if not request.cookies else None,
        css_url=asset_url("portal.css"),
        js_url=asset_url("portal.js"),
        htmx_url=asset_url("htmx-4.0.1.min.js") if page.live else None,
        icon_url=assets.icon_url,
        home_url=_home(session),
        help_url=url_for("public.help_now"),
        leave_url=url_for("public.leave"),
        privacy_url=url_for("public.privacy"),
        accessibility_url=url_for("public.accessibility"),
        sign_in_url=None if session or page.bare else url_for("account.sign_in"),
        sign_out_url=_sign_out(session),
        csrf_field=HiddenField(CSRF_FIELD, csrf.issue(session)) if session else None,
        session=_session_clock(session),
        signed_in_name=None,
        navigation=_navigation(session),
        numbers=numbers(service, g.language, g.now.astimezone(service.timezone)),
        banner=_in(service.banner, g.language) if service.banner else None,
        realm=session.realm.value if session else "public",
        now=g.now,
        today=g.now.astimezone(service.timezone).date(),
        timezone=service.timezone,
    )


def asset_url(name: str) -> str:
    """The address of a static file: the same for every language, so that it is fetched once."""
    return f"/static/{parts().assets.served_name(name)}"


def numbers(service: Service, language: str, at_local: datetime) -> tuple[ShownNumber, ...]:
    """At most three numbers: those of the country that answer at this hour, then the service's own."""
    own = ShownNumber(
        _in(service.office_name, language),
        service.office_phone,
        service.office_phone.replace(" ", ""),
        _in(service.office_hours, language),
    )
    others = jurisdiction(service.jurisdiction).to_call(None, at_local)
    return (*(ShownNumber(n.name, n.number, n.tel, n.hours) for n in others), own)


def offered_languages(service: Service) -> tuple[str, ...]:
    """The service's languages whose texts are complete; the first is the default."""
    complete = {locale.tag for locale in parts().texts.offered}
    return tuple(tag for tag in service.languages if tag in complete)


def _in(words: object, language: str) -> str:
    """A setting in the reader's language, else in English, else in any."""
    assert isinstance(words, dict)  # noqa: S101 checked when the settings were read
    return str(words.get(language) or words.get(PRODUCT_FALLBACK) or next(iter(words.values()), ""))


def _languages(page: Page, service: Service) -> tuple[LanguageLink, ...]:
    path = request.path if page.lasting and not page.bare and request.method == "GET" else "/"
    query = _query() if path != "/" else ""
    links = []
    for tag in offered_languages(service):
        locale = locale_of(tag)
        links.append(LanguageLink(tag, locale.own_name, locale.direction, f"/{tag}{path}{query}", tag == g.language))
    return tuple(links)


def _query() -> str:
    """What the address asked for, to ask it again in another language; on a page of a case only if it is an id of ours.

    Words of a stranger's link, printed beside a family's own in one compressed answer, would tell by its length
    whether they stand there twice (BREACH).
    """
    asked = request.query_string.decode("ascii", "ignore")
    private = g.session is not None and bool(g.arguments)
    return f"?{asked}" if asked and (not private or _ONE_ID.fullmatch(asked)) else ""


def _home(session: Session | None) -> str:
    if session is None:
        return url_for("public.front")
    return url_for("family_home.home" if session.realm.value == "family" else "staff_inbox.inbox")


def _sign_out(session: Session | None) -> str | None:
    if session is None:
        return None
    return url_for("account.sign_out" if session.realm.value == "family" else "account.staff_sign_out")


def _session_clock(session: Session | None) -> SessionClock | None:
    if session is None:
        return None
    staff = "staff_" if session.realm.value == "staff" else ""
    return SessionClock(
        seconds=max((session.idle_until_utc - g.now) // timedelta(seconds=1), 0),
        left_url=url_for(f"account_time.{staff}left"),
        stay_url=url_for(f"account_time.{staff}stay"),
        ended_url=url_for(f"account_time.{staff}timed_out"),
        script_url=asset_url("session.js"),
    )


def _navigation(session: Session | None) -> tuple[NavigationLink, ...]:
    if session is None:
        return ()
    places = FAMILY_PLACES if session.realm.value == "family" else STAFF_PLACES
    return tuple(NavigationLink(text, url_for(endpoint), request.endpoint == endpoint) for text, endpoint in places)
