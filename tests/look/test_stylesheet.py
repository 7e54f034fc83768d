"""The stylesheet keeps its promises: logical, layered, small, 7:1 in both schemes, nothing from elsewhere."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
SOURCE = (STATIC / "css/portal.css").read_text(encoding="utf-8")
CSS = re.sub(r"/\*.*?\*/", "", SOURCE, flags=re.DOTALL)
LAYERS = ["reset", "tokens", "base", "layout", "parts", "util"]

# What is written on what: text 7:1 (WCAG 2.2, 1.4.6), what draws a control or its focus 3:1 (1.4.11).
TEXT_PAIRS = {
    "text": "bg surface soft warm danger-soft",
    "muted": "bg surface soft warm",
    "accent": "bg surface soft warm",
    "accent-ink": "accent accent-hover",
    "danger": "bg surface soft danger-soft",
    "bg": "text",
}
CONTROL_PAIRS = {"line": "bg surface", "text": "ring", "danger": "surface"}


def without_space(css: str) -> str:
    """The stylesheet about as small as it is sent."""
    css = re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", css))
    return re.sub(r": ", ":", css).replace(";}", "}")


def layer(name: str) -> str:
    """The text of one layer."""
    start = CSS.index(f"@layer {name} {{")
    return CSS[start : CSS.find("\n@layer ", start + 1) if name != "util" else len(CSS)]


def tokens(block: str) -> dict[str, str]:
    """Colours of a block by name; a theme's own variable is skipped, its fallback counts."""
    return dict(re.findall(r"--([\w-]+):\s*(?:var\([\w-]+,\s*)?(#[0-9a-f]{3,6})\b", block))


def schemes() -> dict[str, dict[str, str]]:
    """The light and the two dark palettes."""
    light, rest = layer("tokens").split("@media (prefers-color-scheme: dark)")
    by_device, rest = rest.split(':root[data-color-scheme="dark"]')
    by_choice = rest.split(':root[data-color-scheme="light"]')[0]
    base = tokens(light)
    return {"light": base, "device": base | tokens(by_device), "choice": base | tokens(by_choice)}


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, definitions)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "device"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 7.0), (CONTROL_PAIRS, 3.0)])
def test_contrast(scheme: str, pairs: dict[str, str], least: float) -> None:
    palette = schemes()[scheme]
    weak = {
        (front, back): round(contrast(palette[front], palette[back]), 2)
        for front, backs in pairs.items()
        for back in backs.split()
        if contrast(palette[front], palette[back]) < least
    }
    assert weak == {}


def test_both_dark_palettes_are_the_same() -> None:
    palettes = schemes()
    assert palettes["device"] == palettes["choice"]
    assert palettes["device"] != palettes["light"]


def test_layers_are_declared_first_and_used_once() -> None:
    assert CSS.lstrip().startswith(f"@layer {', '.join(LAYERS)};")
    assert sorted(re.findall(r"^@layer (\w+) \{", CSS, flags=re.MULTILINE)) == sorted(LAYERS)


def test_no_side_of_the_body_is_named_left_or_right() -> None:
    physical = r"\b(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b"
    placed = r"(?<![\w-])(?:left|right|top|bottom|float|width|height|max-width|max-height)\s*:"
    aligned = r"text-align:\s*(?:left|right)"
    without_media = re.sub(r"@media[^{]*", "", CSS)
    assert re.findall(f"{physical}|{placed}|{aligned}", without_media) == []


def test_important_stands_only_in_reset_and_util() -> None:
    assert CSS.count("!important") == layer("reset").count("!important") + layer("util").count("!important")


def test_nothing_is_fetched_and_nothing_is_nested() -> None:
    assert re.findall(r"url\(|@import|@font-face|&", CSS) == []


def test_text_is_never_under_18_pixels() -> None:
    sizes = re.findall(r"font(?:-size)?:[^;]*?(?<![\w.])(\d*\.?\d+)rem", CSS)
    assert len(sizes) > 4
    assert min(map(float, sizes)) >= 1.125


def test_small_enough_to_be_inlined() -> None:
    small = without_space(CSS)
    assert len(small) < 10_950
    assert len(gzip.compress(small.encode())) < 3_400
    assert len(SOURCE.splitlines()) < 400


def test_vendored_script_is_the_one_described() -> None:
    name = "htmx-4.0.1.min.js"
    digest = hashlib.sha256((STATIC / "js" / name).read_bytes()).hexdigest()
    described = (STATIC / "js/VENDORED.md").read_text(encoding="utf-8")
    assert name in described
    assert digest in described


def test_own_script_keeps_nothing_and_evaluates_nothing() -> None:
    script = (STATIC / "js/portal.js").read_text(encoding="utf-8")
    assert re.findall(r"\beval\b|new Function|innerHTML|localStorage|sessionStorage|cookie|fetch\(", script) == []
    assert len(script.splitlines()) < 200
