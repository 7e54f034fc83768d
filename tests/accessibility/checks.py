"""What can be measured on an open page without a person: each check gives what is wrong, empty when nothing is."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    # Both are off by default: 7:1 (WCAG 2.2, 1.4.6) and the size of targets (2.5.8)
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}
NARROW = 320
"""CSS pixels: 1280 at 400 % (WCAG 2.2, 1.4.10)."""
TARGET = 44
"""CSS pixels (WCAG 2.2, 2.5.5)."""
PRODUCT = " \N{EN DASH} Lytt"
STOPS = 80
"""More stops of the Tab key than any page has."""

_LARGE_TEXT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: 200% !important }
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
_CLIPPED = """() => [...document.querySelectorAll("body *")].filter(element => {
  const style = getComputedStyle(element);
  if (style.overflow === "visible" || element.closest(".sr, .skip") || element.tagName === "TEXTAREA") return false;
  if (element.type === "file") return false;  // the browser itself shortens the name of what was chosen
  return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
}).map(element => element.outerHTML.slice(0, 80))"""
_TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [document.documentElement.scrollWidth + " px wide", ...[...document.querySelectorAll("body *")]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
    .map(element => element.outerHTML.slice(0, 80)).slice(0, 3)]"""
# A card, a row or a choice is one target as a whole: its link or input stretches over it.
_TARGETS = """least => [...document.querySelectorAll("a[href], button, input, textarea, select, summary")]
  .filter(element => element.checkVisibility() && element.type !== "hidden" && !element.matches(".skip"))
  .map(element => {
    const whole = element.closest(".choice") || (element.matches(".stretch") && element.offsetParent) || element;
    const box = whole.getBoundingClientRect();
    return [Math.round(box.width), Math.round(box.height), element.textContent.trim().slice(0, 30)];
  }).filter(([wide, high]) => wide < least || high < least).map(String)"""
_TO_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""
_FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const shown = element.closest(".choice") || element;
  const style = getComputedStyle(shown);
  const box = element.getBoundingClientRect();
  const middle = box.left + box.width / 2;
  const hits = [.1, .5, .9].map(part => document.elementFromPoint(middle, box.top + box.height * part));
  element.dataset.stop ??= String(document.querySelectorAll("[data-stop]").length);
  return {
    stop: Number(element.dataset.stop),
    name: element.tagName.toLowerCase() + " " + (element.textContent || element.name || "").trim().slice(0, 30),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    uncovered: hits.some(hit => hit && (shown.contains(hit) || hit.contains(element))),
  };
}"""
_REACHABLE = """() => {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, input, textarea, select, summary")].filter(element => {
    if (!element.checkVisibility() || element.type === "hidden" || element.disabled) return false;
    if (element.type !== "radio") return true;
    return !groups.has(element.name) && groups.add(element.name);
  }).length;
}"""


def axe(page: Page) -> list[str]:
    """axe-core's violations (WCAG 2.2 A and AA, best practice, and two AAA rules)."""
    found = AXE.run(page, options=OPTIONS).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"][:3]]


def named(page: Page, language: str) -> list[str]:
    """A title with the product's name at its end, the language, and one h1 (WCAG 2.4.2, 3.1.1)."""
    told = page.evaluate("() => [document.title, document.documentElement.lang, document.documentElement.dir]")
    wrong = [] if told[0].endswith(PRODUCT) and len(told[0]) > len(PRODUCT) else [f"title: {told[0]}"]
    wrong += [] if told[1:] == [language, "ltr"] else [f"language: {told[1:]}"]
    return wrong + ([] if page.locator("h1").count() == 1 else ["not one h1"])


def small_targets(page: Page) -> list[str]:
    """Controls smaller than a finger (WCAG 2.5.5)."""
    return list(page.evaluate(_TARGETS, TARGET))


def keyboard(page: Page) -> list[str]:
    """Walk with the Tab key: every control is reached, ringed and not covered (WCAG 2.1.1, 2.4.7, 2.4.11)."""
    page.evaluate(_TO_THE_TOP)
    wrong: list[str] = []
    seen: set[int] = set()
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        found: dict[str, Any] | None = page.evaluate(_FOCUSED)
        if found is None or found["stop"] in seen:
            break
        seen.add(found["stop"])
        if not (found["ring"] and found["uncovered"]):
            wrong.append(f"ring {found['ring']}, uncovered {found['uncovered']}: {found['name']}")
    reachable = page.evaluate(_REACHABLE)
    return wrong + ([] if len(seen) >= reachable else [f"{len(seen)} of {reachable} controls are reached"])


def reflow(page: Page) -> list[str]:
    """Nothing is wider than a narrow screen, at normal and at double size of text (WCAG 1.4.4, 1.4.10, 1.4.12)."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": NARROW, "height": before["height"]})
    wrong = [f"at {NARROW} px: {each}" for each in page.evaluate(_TOO_WIDE)]
    page.set_viewport_size(before)
    page.evaluate(_LARGE_TEXT)
    wrong += [f"at 200 %: {each}" for each in [*page.evaluate(_TOO_WIDE), *page.evaluate(_CLIPPED)]]
    page.evaluate("() => { document.adoptedStyleSheets = [] }")
    return wrong
