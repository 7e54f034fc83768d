"""A page made still keeps its words and looks, and loses whatever does something."""

from __future__ import annotations

import pytest

from portal.web.still import NoMainError, still


def made(content: str) -> str:
    page = still(f'<body><form action="/out"><main id="main">{content}</main></form>', {"/a": "/b"}.get)
    before, after = '<body><form action="/out"><main id="main">', "</main></form>"
    assert page.startswith(before), "what stands around it stays alive"
    assert page.endswith(after)
    return page.removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    "content",
    [
        "<p>1 &lt; 2 &amp; 3&nbsp;&#38; søt 😀</p>",
        '<p lang="nb" title="&quot;&#39;">a<br>b</p>',
        "<details open><summary>Mer</summary><p>Ord</p></details>",
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
        "<!-- a note -->",
        '<textarea id="body" disabled>\n1 &lt; 2</textarea>',
    ],
)
def test_words_and_looks_stay_as_they_are(content: str) -> None:
    assert made(content).lower() == content.replace("<!-- a note -->", "").replace("&#39;", "&#x27;").lower()


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ('<a class="tap" href="/a" rel="next">x</a>', '<a class="tap" href="/b">x</a>'),
        ('<a class="tap" href="/elsewhere">x</a>', '<a class="tap">x</a>'),
        ('<a href="tel:112">112</a>', "<a>112</a>"),
        ('<form class="row" method="post" action="/x" data-once>x</form>', '<div class="row">x</div>'),
        ('<input type="hidden" name="csrf_token" value="secret">', ""),
        ('<input type="radio" name="a" value="1">', '<input type="radio" name="a" value="1" disabled>'),
        ('<button type="submit" formaction="/x">x</button>', '<button type="submit" disabled>x</button>'),
        ('<div id="talk" data-live data-hx-get="/x" onclick="x()">x</div>', '<div id="talk">x</div>'),
        ("<script>fetch('/x')</script>", ""),
        ('<img src="/x.png" alt="">', '<img alt="">'),
    ],
)
def test_what_does_something_is_taken_out(content: str, left: str) -> None:
    assert made(content) == left


def test_a_page_without_a_main_is_not_shown() -> None:
    with pytest.raises(NoMainError):
        still("<body><p>x</p></body>", lambda _: None)
