"""How hard a text is to read, and the words a child's page never says. A gate for tests; it changes no text."""

import re

from portal.texts.folding import PLACEHOLDER

LONG_WORD = 6
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*|\d+")
# A full stop ends a sentence at the end or before a capital: "kl. 14.05" and "27. november" do not end one.
_SENTENCE_END = re.compile(r"[.!?:]+(?=\s+[^\W\d_a-zæøåäö]|\s*$)|\n+")

FORBIDDEN_FOR_CHILDREN = re.compile(
    r"\b(?:"
    r"sak(?:en|er|ene|a)?|tiltak(?:et|ene|a)?|melding(?:en|a|er|ene)?|part(?:en|er|ene)?"
    r"|samtykke(?:t|r|ne|nde)?|medvirk(?:ning|ningen|ninga|e|er|et)|selvhenvisning(?:en|a|er|ene)?"
    r"|foresatt(?:e|es|s)?|foresatte(?:ne|nes)|verge(?:n|r|ne)?"
    r"|modig(?:e|ere|st)?|ikke vær (?:redd|bekymret)|ikke bekymre deg"
    r"|takk for at du (?:deler|delte|har delt)|vi er alltid her"
    r"|guardians?(?:['\u2019]s)?|brave(?:r|st|ry|ly)?|do(?:n['\u2019]t| not) worry|thank you for sharing"
    r"|we(?:['\u2019]re| are) always here|self-referrals?|caseworkers?|cases?|measures?|part(?:y|ies)|consent(?:s|ed)?"
    r")\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences of a text with at least one word each; placeholders count as one short word."""
    readable = PLACEHOLDER.sub("Kari", text)
    return [part for part in _SENTENCE_END.split(readable) if _WORD.search(part)]


def words(text: str) -> list[str]:
    """The words of a text; a compound with a hyphen is one."""
    return _WORD.findall(PLACEHOLDER.sub("Kari", text))


def lix(text: str) -> float:
    """Läsbarhetsindex (Björnsson 1968): words per sentence + per cent of words longer than six letters.

    Below 30 very easy, above 60 hard. Raises ValueError for a text without words.
    """
    parts, all_words = sentences(text), words(text)
    if not all_words:
        raise ValueError("a text without words has no LIX")
    long_words = sum(len(word) > LONG_WORD for word in all_words)
    return len(all_words) / len(parts) + 100 * long_words / len(all_words)


def forbidden(text: str) -> list[str]:
    """The words in the text that a child's page never says (rules of the house, "Words")."""
    return [match[0] for match in FORBIDDEN_FOR_CHILDREN.finditer(text)]
