"""A test browser that looks at every page it fetches: what must hold on each of them is asserted on each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.jurisdictions import jurisdiction

HTML = "{http://www.w3.org/1999/xhtml}"
TELLING = "|".join(re.escape(word) for code in ("no", "zz") for word in jurisdiction(code).telling_words)
NEUTRAL_HEAD = re.compile(rf"{TELLING}|\bcase\b|\bsak\b|tiltak", re.IGNORECASE)


class Browser:
    """Werkzeug's test client at one service, inspecting every answer."""

    def __init__(self, app: Flask, origin: str, language: str) -> None:
        self.origin = origin
        self.host = urlsplit(origin).hostname or ""
        # Secure cookies are only sent over https by the test client; the Host header is what counts for the portal
        self.base_url = "https://" + urlsplit(origin).netloc
        self.client = app.test_client()
        self.language = language

    def get(self, path: str, **headers: str) -> TestResponse:
        """Fetch and inspect."""
        return self.inspected(self.client.get(path, base_url=self.base_url, headers=self._headers(headers)))

    def post(self, path: str, form: Mapping[str, Any], **headers: str) -> TestResponse:
        """Send a form as our own page would, and inspect the answer."""
        told = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"} | headers
        data: dict[str, Any] | bytes = dict(form)
        kind = None
        if any(isinstance(value, FileStorage) for value in form.values()):  # the client would write a large one to disk
            boundary, data = encode_multipart(dict(form))
            kind = f"multipart/form-data; boundary={boundary}"
        return self.inspected(
            self.client.post(path, base_url=self.base_url, data=data, content_type=kind, headers=self._headers(told))
        )

    def submit(self, page: TestResponse, form: Mapping[str, Any], action: str | None = None) -> TestResponse:
        """Fill the form of a page in and send it: hidden fields go along, `action` picks among several forms."""
        for element in parsed(page).iter(f"{HTML}form"):
            target = element.get("action") or ""
            if (action is None and "sign-out" not in target) or target == action:
                fields = hidden_fields(element) | dict(form)
                return self.post(target, fields)
        raise AssertionError(f"no form {action or ''} on the page")

    def token(self) -> str:
        """The form token of this browser's session, from any page; empty for somebody who is not signed in."""
        page = self.client.get("/privacy", base_url=self.base_url)
        fields = (hidden_fields(form) for form in parsed(page).iter(f"{HTML}form"))
        return next((field["csrf_token"] for field in fields if "csrf_token" in field), "")

    def session_cookie(self) -> str:
        """The session cookie's value."""
        cookie = self.client.get_cookie("__Host-s", domain=self.host) or self.client.get_cookie(
            "__Host-w", domain=self.host
        )
        assert cookie is not None
        return cookie.value

    def inspected(self, response: TestResponse) -> TestResponse:
        """What holds for every answer."""
        headers = response.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        if not response.request.path.startswith(("/static/", "/en/static/")):
            assert headers["Cache-Control"] == "no-store"
        for cookie in headers.getlist("Set-Cookie"):
            assert cookie.startswith("__Host-")
            assert "Secure" in cookie
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303}:
            inspect_page(response)
        return response

    def _headers(self, given: Mapping[str, str]) -> dict[str, str]:
        names = {name.replace("_", "-"): value for name, value in given.items()}
        return {"Accept-Language": self.language} | names


def parsed(response: TestResponse) -> Element:
    """The page as a tree; a page that is not valid HTML fails the test."""
    parser = html5lib.HTMLParser(strict=True)
    tree: Element = parser.parse(response.get_data(as_text=True))
    return tree


def hidden_fields(form: Element) -> dict[str, str]:
    """The fields a form sends whatever the person does."""
    return {
        field.get("name") or "": field.get("value") or ""
        for field in form.iter(f"{HTML}input")
        if field.get("type") == "hidden"
    }


def text_of(element: Element) -> str:
    """All text inside, in order."""
    return " ".join("".join(element.itertext()).split())


def inspect_page(response: TestResponse) -> None:
    """One h1, a neutral title, language, direction, unique ids, labelled fields (WCAG 1.3.1, 2.4.2, 3.1.1)."""
    text = response.get_data(as_text=True)
    if "<html" not in text:
        return  # a fragment for a page that is open already
    root = parsed(response)
    assert root.get("lang")
    assert root.get("dir") in {"ltr", "rtl"}
    assert len(list(root.iter(f"{HTML}h1"))) == 1
    title = next(root.iter(f"{HTML}title")).text or ""
    assert title.strip()
    assert not NEUTRAL_HEAD.search(title), title
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    labelled = {label.get("for") for label in root.iter(f"{HTML}label")}
    for name in ("input", "textarea", "select"):
        for field in root.iter(f"{HTML}{name}"):
            if field.get("type") not in {"hidden", "submit"}:
                assert field.get("id") in labelled or field.get("aria-label"), field.attrib
    assert "onclick=" not in text
    assert " style=" not in text
