"""Writes the files a demonstration runs from: services, simulators, cores. Written anew at each start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from portal.demo import keys
from portal.demo.plan import Place, Plan
from portal.demo.story import Story
from portal.demo.story_types import SignIn

ACR = {
    "low": "idporten-loa-low",
    "substantial": "idporten-loa-substantial",
    "high": "idporten-loa-high",
}
STAFF_ACR = "staff-high"
CALLBACKS = {"family": "", "staff": "/staff"}


def write_all(plan: Plan, story: Story, story_file: Path) -> None:
    """Everything below the plan's folder but the data itself."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    keys.symmetric(plan.keys)
    keys.delivery(plan.keys)
    public = {
        name: keys.signing(plan.keys / f"{name}.json", curve=curve)
        for name, curve in (
            ("national-id-client", "P-256"),
            ("staff-id-client", "P-256"),
            ("core-client", "Ed25519"),
            ("actor", "Ed25519"),
        )
    }
    keys.write_secret(plan.folder / "database.url", f"sqlite:///{(plan.folder / 'portal.db').resolve()}".encode())
    (plan.folder / "services.toml").write_text(services(plan, story), "utf-8")
    people = story.people_for_sign_in()
    _json(plan.folder / "national-id.json", _provider(plan, people, public["national-id-client"], staff=False))
    _json(plan.folder / "staff-id.json", _provider(plan, people, public["staff-id-client"], staff=True))
    for place in plan.services:
        _json(plan.folder / f"core-{place.service_id}.json", _core(plan, place, story_file, public))


def services(plan: Plan, story: Story) -> str:
    """The services file, as `portal.settings` reads it."""
    return "\n".join(_service(plan, place, story) for place in plan.services)


def _service(plan: Plan, place: Place, story: Story) -> str:
    told = story.service(place.service_id)
    return f"""[[service]]
id = "{place.service_id}"
origin = "{plan.origin(place)}"
place = {json.dumps(told.name, ensure_ascii=False)}
product_name = {{nb = "Lytt", en = "Lytt"}}
office_name = {{nb = "Kontoret ditt i {told.name}", en = "Your office in {told.name}"}}
office_phone = "{told.phone}"
office_hours = {{nb = {json.dumps(told.hours, ensure_ascii=False)}, en = "Weekdays 8 to 15"}}
languages = ["nb", "en"]
timezone = "Europe/Oslo"
jurisdiction = "{told.jurisdiction}"
leave_to = "https://www.yr.no/"
banner = {{nb = "Dette er en prøve. Alle her er oppdiktet.", en = "A demonstration. Everybody here is invented."}}

[service.core]
url = "http://127.0.0.1:{plan.core_port(place)}"
audience = "core-{place.service_id}"
client_id = "lytt-{place.service_id}"
client_key_file = "keys/core-client.json"
actor_key_file = "keys/actor.json"

{_profile(plan, place, "family")}
{_profile(plan, place, "staff")}"""


def _profile(plan: Plan, place: Place, realm: str) -> str:
    staff = realm == "staff"
    levels = {STAFF_ACR: "high"} if staff else {acr: level for level, acr in ACR.items()}
    name = 'nb = "AnsattID (prøve)", en = "StaffID (trial)"' if staff else 'nb = "TestID", en = "TestID"'
    person = ("employee_id", "[a-z0-9.:-]{3,64}", "staff") if staff else ("pid", "[0-9]{11}", "no-pid")
    provider = "staff-id" if staff else "national-id"
    return f"""[service.sign_in.{realm}]
id = "{provider}"
name = {{{name}}}
issuer = "{plan.staff_id if staff else plan.national_id}"
client_id = "{place.service_id}"
client_key_file = "keys/{provider}-client.json"
scope = "openid"
id_token_algorithms = ["RS256"]
par = "always"
person_claim = "{person[0]}"
person_pattern = "{person[1]}"
person_scheme = "{person[2]}"
[service.sign_in.{realm}.logout]
front_channel = "required"
[service.sign_in.{realm}.acr]
{"".join(f'"{acr}" = "{level}"' + chr(10) for acr, level in levels.items())}"""


def _provider(
    plan: Plan, people: tuple[SignIn, ...], client_key: Mapping[str, object], *, staff: bool
) -> dict[str, object]:
    part = CALLBACKS["staff" if staff else "family"]
    chosen = [person for person in people if (person.service is not None) == staff]
    return {
        "title": {"nb": "AnsattID (prøve)", "en": "StaffID (trial)"} if staff else {"nb": "TestID", "en": "TestID"},
        "issuer": plan.staff_id if staff else plan.national_id,
        "port": plan.port + (2 if staff else 1),
        "acr_values": [STAFF_ACR] if staff else list(ACR.values()),
        "clients": [
            {
                "client_id": place.service_id,
                "redirect_uris": [f"{plan.origin(place)}{part}/sign-in/callback"],
                "post_logout_redirect_uris": [f"{plan.origin(place)}{part}/signed-out"],
                "backchannel_logout_uri": f"{plan.origin(place)}{part}/sign-in/back-channel",
                "frontchannel_logout_uri": f"{plan.origin(place)}{part}/sign-in/front-channel",
                "jwks": {"keys": [client_key]},
            }
            for place in plan.services
        ],
        "people": [_person(person, staff=staff) for person in chosen],
    }


def _person(person: SignIn, *, staff: bool) -> dict[str, object]:
    surer = {} if person.surer is None else {"surer": ACR[person.surer]}
    return {
        **surer,
        "key": person.key,
        "name": person.name,
        "story": {"nb": person.story.nb, "en": person.story.en},
        "group": {"nb": person.role.nb, "en": person.role.en},
        "claims": {"employee_id" if staff else "pid": person.value},
        "acr": STAFF_ACR if staff else ACR[person.assurance],
    }


def _core(plan: Plan, place: Place, story_file: Path, public: Mapping[str, object]) -> dict[str, object]:
    return {
        "service": place.service_id,
        "port": plan.core_port(place),
        "audience": f"core-{place.service_id}",
        "database": str((plan.folder / f"core-{place.service_id}.db").resolve()),
        "story": str(story_file.resolve()),
        "client_id": f"lytt-{place.service_id}",
        "client_jwks": {"keys": [public["core-client"]]},
        "actor_jwks": {"keys": [public["actor"]]},
    }


def _json(path: Path, content: Mapping[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2), "utf-8")
