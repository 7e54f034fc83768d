"""A small browser over real HTTP on this machine: cookies by host name, forms, and every redirect by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar, get_cookie_header

from tests.inspector import HTML, hidden_fields, text_of

SECONDS = 30
MOST_REDIRECTS = 10


@dataclass(frozen=True)
class Answer:
    """One page or redirect, under the address a person would see."""

    url: str
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def host(self) -> str:
        """Name and port."""
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.url).path

    @property
    def target(self) -> str | None:
        """Where a redirect leads."""
        return urljoin(self.url, self.headers["Location"]) if "Location" in self.headers else None

    def tree(self) -> Element:
        """The page."""
        tree: Element = html5lib.parse(self.text)
        return tree

    def words(self, id_: str) -> str:
        """The text of one element."""
        return next(text_of(element) for element in self.tree().iter() if element.get("id") == id_)


class Browser:
    """One person's browser. `ports`: where a name and port that a person sees is really served."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", _Here(ports, self._session.cookies))
        self._session.headers["Accept-Language"] = "nb"
        self.visited: list[Answer] = []

    def close(self) -> None:
        """Let its connections go."""
        self._session.close()

    def get(self, url: str) -> Answer:
        """One answer, redirect or not."""
        return self._take(self._session.get(url, timeout=SECONDS, allow_redirects=False))

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        """Send a form as a page of the same origin does."""
        parts = urlsplit(url)
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}
        sent = self._session.post(url, dict(form), headers=headers, timeout=SECONDS, allow_redirects=False)
        return self._take(sent)

    def open(self, url: str) -> Answer:
        """The page behind an address, through all redirects."""
        return self.follow(self.get(url))

    def follow(self, answer: Answer, until: Callable[[Answer], bool] = lambda _: False) -> Answer:
        """Go where redirects lead, to a page or as far as `until` says."""
        for _ in range(MOST_REDIRECTS):
            if answer.target is None or until(answer):
                return answer
            answer = self.get(answer.target)
        raise AssertionError("redirects without end")

    def submit(self, page: Answer, action: str, **fields: str) -> Answer:
        """Send the form whose action begins with this, hidden fields and all, and follow."""
        return self.follow(self.press(page, action, **fields))

    def press(self, page: Answer, action: str, **fields: str) -> Answer:
        """As `submit`, without following."""
        for form in page.tree().iter(f"{HTML}form"):
            target = urljoin(page.url, form.get("action") or "")
            if urlsplit(target).path.startswith(action):
                return self.post(target, hidden_fields(form) | fields)
        raise AssertionError(f"no form {action} on {page.path}")

    def cookie(self, name: str) -> str:
        """The value of a cookie that one site alone has set."""
        (found,) = (cookie.value for cookie in self._session.cookies if cookie.name == name)
        return found or ""

    def steal(self, other: Browser) -> Browser:
        """Take everything another browser shows to sites."""
        self._session.cookies.update(other._session.cookies)
        return self

    def _take(self, response: requests.Response) -> Answer:
        answer = Answer(response.url, response.status_code, response.headers, response.text)
        self.visited.append(answer)
        return answer


class _Here(HTTPAdapter):
    """Sends what is meant for a name to where that name is served; a name nobody serves is an error."""

    def __init__(self, ports: Mapping[str, int], jar: RequestsCookieJar) -> None:
        super().__init__()
        self._ports = ports
        self._jar = jar
        # Browsers send Secure cookies to localhost over plain http, this library does not unless told
        self._jar.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        """One exchange."""
        parts = urlsplit(str(request.url))
        sent = request.copy()
        sent.headers["Host"] = parts.netloc
        sent.headers.pop("Cookie", None)
        if cookies := get_cookie_header(self._jar, sent):  # type: ignore[no-untyped-call]
            sent.headers["Cookie"] = cookies
        sent.url = parts._replace(netloc=f"127.0.0.1:{self._ports[parts.netloc]}").geturl()
        response = super().send(sent, **options)
        response.request, response.url = request, str(request.url)
        return response
