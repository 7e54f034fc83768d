"""The few sentences of the simulator, complete in both languages: not part of the portal's own texts."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """All that a page of the simulator can say."""

    banner_title: str
    banner: str
    pick_heading: str
    pick_hint: str
    others_heading: str
    too_low_heading: str
    too_low_hint: str
    cancel: str
    stopped_heading: str
    stopped: str
    signed_out_heading: str
    signed_out: str
    back: str


WORDS = {
    "nb": Words(
        banner_title="Simulator",
        banner="Dette er ikke ekte innlogging. Alle personene er oppdiktet.",
        pick_heading="Hvem vil du logge inn som?",
        pick_hint="Trykk på en person. Da er du logget inn som den personen.",
        others_heading="Andre",
        too_low_heading="Kan ikke brukes nå",
        too_low_hint="Tjenesten ber om et høyere sikkerhetsnivå enn disse personene har.",
        cancel="Avbryt",
        stopped_heading="Innloggingen stoppet",
        stopped="Den er for gammel, brukt før eller startet et annet sted. Gå tilbake til tjenesten og prøv igjen.",
        signed_out_heading="Du er logget ut",
        signed_out="Du kan lukke dette vinduet.",
        back="Tilbake til tjenesten",
    ),
    "en": Words(
        banner_title="Simulator",
        banner="This is not a real sign-in. All the people are invented.",
        pick_heading="Who do you want to sign in as?",
        pick_hint="Press a person. You are then signed in as that person.",
        others_heading="Others",
        too_low_heading="Cannot be used now",
        too_low_hint="The service asks for a higher level of security than these people have.",
        cancel="Cancel",
        stopped_heading="The sign-in stopped",
        stopped="It is too old, was used before or began somewhere else. Go back to the service and try again.",
        signed_out_heading="You are signed out",
        signed_out="You can close this window.",
        back="Back to the service",
    ),
}


def language_for(wanted: Sequence[str]) -> str:
    """The language of the pages for language tags in order of preference (BCP 47); Norwegian if none fits."""
    for tag in wanted:
        primary = tag.lower().replace("_", "-").split("-")[0]
        if primary in {"nb", "nn", "no"}:
            return "nb"
        if primary in WORDS:
            return primary
    return "nb"
