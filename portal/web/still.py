"""Takes the life out of a page: the same words and looks, and nothing in it can be pressed, sent or fetched anew."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

AddressOf = Callable[[str], str | None]
"""Where a link may lead instead, or None for nowhere."""

_FIELDS = frozenset({"input", "button", "select", "textarea"})
_GOES_SOMEWHERE = frozenset({"href", "src", "rel", "target", "download", "ping", "hreflang"})
_SENDS = frozenset(
    {"action", "method", "enctype", "novalidate", "autocomplete", "formaction", "formmethod", "accesskey"}
)
_BEGIN, _END = "<main", "</main>"


class NoMainError(ValueError):
    """A page without a `main`: nothing of it may be shown as somebody else's."""


def still(page: str, address_of: AddressOf) -> str:
    """The whole page with its `main` made still. Raises `NoMainError`.

    Links lead where `address_of` says; forms become plain groups without their hidden fields, so without a token;
    what could be typed in or pressed is disabled, which screen readers still read out (WCAG 4.1.2), unlike what is
    `inert`; scripts find nothing to hold on to. Summaries open as ever.
    """
    main = main_of(page)
    taken = _Still(address_of)
    taken.feed(main)
    taken.close()
    return page.replace(main, "".join(taken.out), 1)


def main_of(page: str) -> str:
    """What stands in `main`, with its first tag. Raises `NoMainError`."""
    _, begin, rest = page.partition(_BEGIN)
    content, end, _ = rest.partition(_END)
    if not (begin and end):
        raise NoMainError
    return begin + content


def words_of(markup: str) -> str:
    """The text of it as somebody reads it, tags as line breaks."""
    taken = _Words()
    taken.feed(markup)
    taken.close()
    return "\n".join(taken.out)


class _Words(HTMLParser):
    """Keeps what is between the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []

    def handle_data(self, data: str) -> None:
        """One piece of text."""
        self.out.append(data)


class _Still(HTMLParser):
    """Copies what it reads, but for the tags that do something."""

    def __init__(self, address_of: AddressOf) -> None:
        super().__init__(convert_charrefs=False)
        self._address_of = address_of
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One tag, copied or made anew."""
        if tag == "script" or (tag == "input" and ("type", "hidden") in attrs):
            return
        kept = [(name, value) for name, value in attrs if not _does_something(name)]
        if tag == "a":
            kept += [("href", to) for name, value in attrs if name == "href" and (to := self._address_of(value or ""))]
        elif tag in _FIELDS and "disabled" not in dict(kept):
            kept.append(("disabled", None))
        self.out.append(_written("div" if tag == "form" else tag, kept))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As a tag that begins: in HTML the slash means nothing, and in a drawing its shapes may stay open here."""
        self.handle_starttag(tag, attrs)
        if tag not in _FIELDS:
            self.out[-1] = self.out[-1][:-1] + "/>"

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        if tag != "script":
            self.out.append(f"</{'div' if tag == 'form' else tag}>")

    def handle_data(self, data: str) -> None:
        """Text as it stands, but for that of a script."""
        if self.cdata_elem is None:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        """As it stands."""
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """As it stands."""
        self.out.append(f"&#{name};")


def _does_something(name: str) -> bool:
    return name in _GOES_SOMEWHERE | _SENDS or name.startswith(("data-", "on"))


def _written(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    told = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs)
    return f"<{tag}{told}>"
