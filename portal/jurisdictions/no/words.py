"""Norwegian words that give something away: the field's own, and how places, phones and schools are written."""

from __future__ import annotations

import re

from portal.jurisdictions.leaks import LeakKind, LeakPattern

TELLING_WORDS = (
    "barnevern",
    "bekymringsmelding",
    "omsorgsovertakelse",
    "omsorgsovertaking",
    "fosterhjem",
    "fosterheim",
    "beredskapshjem",
    "tiltaksplan",
    "hjelpetiltak",
    "barnevernvakt",
    "mánáidsuodjalus",
    "child protection",
    "child welfare",
    "foster care",
)

_STREET = "gata|gaten|gate|gt|veien|vegen|vei|veg|alléen|allé|svingen|smauet|kroken|torget"
# These end names of people, too ("Haugen", "Emilia"): only with a house number
_STREET_OR_NAME = "plassen|plass|torg|bakken|bakke|stien|lia|haugen|tunet|brygga|kaia|åsen|lunden|løkka"
_HOUSE = r" ?\d{1,4} ?[A-Za-z]?\b"

_NAME = r"\b[A-ZÆØÅ][\wæøåÆØÅ.-]{1,29}"

LEAK_PATTERNS = (
    # A comma, a line break or the beginning stands before "7010 Trondheim"; "i 2024 Kari" is no postcode.
    LeakPattern(
        LeakKind.POSTCODE, re.compile(r"(?:^|[,\n]|\b[Nn]-)[ \t]*\d{4} [A-ZÆØÅ][\wÆØÅæøå-]{1,29}", re.MULTILINE)
    ),
    LeakPattern(LeakKind.POSTCODE, re.compile(r"\bpost(?:nummer|nr\.?) ?:? ?\d{4}\b", re.IGNORECASE)),
    LeakPattern(LeakKind.PHONE, re.compile(r"(?<![\d+])(?:(?:\+|00)47[ \u00a0]?)?[2-9]\d{7}(?!\d)")),
    LeakPattern(LeakKind.PHONE, re.compile(r"(?<![\d+])(?:(?:\+|00)47[ \u00a0])?[2-9]\d(?:[ \u00a0]\d\d){3}(?![\d])")),
    LeakPattern(
        LeakKind.PHONE, re.compile(r"(?<![\d+])(?:(?:\+|00)47[ \u00a0])?[489]\d\d[ \u00a0]\d\d[ \u00a0]\d{3}(?!\d)")
    ),
    LeakPattern(LeakKind.STREET, re.compile(rf"\b[A-ZÆØÅ][\wæøåÆØÅ.-]{{0,29}}?(?:{_STREET})\b(?:{_HOUSE})?")),
    LeakPattern(LeakKind.STREET, re.compile(rf"{_NAME} (?:{_STREET})\b(?:{_HOUSE})?")),
    LeakPattern(LeakKind.STREET, re.compile(rf"\b[A-ZÆØÅ][\wæøåÆØÅ. -]{{0,39}}?(?:{_STREET_OR_NAME}){_HOUSE}")),
    # A name, and then the indefinite form: "Berg skole"; "skolen" names none.
    LeakPattern(
        LeakKind.SCHOOL,
        re.compile(rf"{_NAME} ?(?:barne|ungdoms|(?:videre|vidare)gående )?(?:skole|skule)\b"),
    ),
    LeakPattern(LeakKind.SCHOOL, re.compile(r"\b(?:SFO|AKS|FAU|vgs)\b")),
    LeakPattern(LeakKind.KINDERGARTEN, re.compile(rf"{_NAME} ?(?:barnehage|barnehave)\b")),
    LeakPattern(LeakKind.PERSON_NUMBER, re.compile(r"(?<!\d)\d{6}[ \u00a0]?\d{5}(?!\d)")),
)
