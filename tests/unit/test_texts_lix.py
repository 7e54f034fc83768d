"""The measure of reading ease, and the words a child's page never says."""

import pytest

from portal.texts.lix import forbidden, lix, sentences

STATUTORY = (
    "Barnevernstjenesten skal gjennomføre undersøkelsen i overensstemmelse med bestemmelsene om "
    "saksbehandling og medvirkning."
)


def test_lix_is_words_per_sentence_plus_share_of_long_words() -> None:
    # 8 words in 2 sentences, one of them longer than six letters: 4 + 12.5
    assert lix("Du kan skrive til oss. Vi svarer torsdag.") == pytest.approx(8 / 2 + 100 * 1 / 8)


def test_easy_text_is_easy_and_the_statute_is_not() -> None:
    assert lix("Kari vil høre hva du mener. Du kan si nei. Du kan si det senere.") < 30
    assert lix(STATUTORY) > 60


def test_times_dates_and_placeholders_do_not_end_a_sentence() -> None:
    assert sentences("Vi ses 27. november kl. 14.05. Hilsen %(worker)s") == [
        "Vi ses 27. november kl. 14.05",
        " Hilsen Kari",
    ]
    assert lix("%(explanation_of_everything)s svarer") == pytest.approx(2)


def test_a_text_without_words_has_no_lix() -> None:
    with pytest.raises(ValueError, match="no LIX"):
        lix(" - ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Saken din og tiltakene", ["Saken", "tiltakene"]),
        ("En ny melding til partene", ["melding", "partene"]),
        ("Du er modig. Ikke vær redd!", ["modig", "Ikke vær redd"]),
        ("Don't worry, Don\u2019t worry", ["Don't worry", "Don\u2019t worry"]),
        ("Thank you for sharing. You are brave.", ["Thank you for sharing", "brave"]),
        ("Your guardian's consent", ["guardian's", "consent"]),
        ("samtykker, medvirkning og selvhenvisningen", ["samtykker", "medvirkning", "selvhenvisningen"]),
        ("Saksbehandleren, partnere og sakte tid", []),
        ("En part of it, in a bravely casement", ["part", "bravely"]),
    ],
)
def test_words_a_childs_page_never_says(text: str, words: list[str]) -> None:
    assert forbidden(text) == words
