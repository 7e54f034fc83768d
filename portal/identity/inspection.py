"""Compares what a provider says of itself with its profile, before anybody signs in. Fetches two documents, no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from joserfc.jwk import ECKey, RSAKey

from portal.domain.people import Assurance, Realm
from portal.identity.client_auth import method_name
from portal.identity.errors import SignInError
from portal.identity.profile import ClientKey, Profile
from portal.identity.provider import Clock, Metadata, PublicKey, read_keys, read_metadata
from portal.identity.providers import WARN_DAYS, days_left
from portal.identity.transport import fetch_json

NEEDED = {
    Realm.FAMILY: (Assurance.SUBSTANTIAL, Assurance.HIGH),  # to come in, and to open a document
    Realm.STAFF: (Assurance.HIGH,),
}


class Verdict(StrEnum):
    """How a line of the comparison ends. "look": allowed, and yet somebody should know."""

    FITS = "ok"
    LOOK = "look"
    MISFIT = "MISFIT"


@dataclass(frozen=True)
class Finding:
    """One line: what was compared, how it ends, what stands there (never a secret)."""

    name: str
    verdict: Verdict
    told: str


def inspect(profile: Profile, form_targets: tuple[str, ...], clock: Clock) -> tuple[Finding, ...]:
    """All findings. Raises `requests.RequestException` when a document cannot be fetched."""
    document = _fetch(profile, profile.discovery_url)
    findings = [_same("issuer", document.get("issuer"), profile.issuer), _client(profile, clock)]
    try:
        metadata = read_metadata(document, profile)
    except SignInError as error:
        if error.code == "discovery_issuer":  # the finding above says so; of another provider nothing more counts
            return tuple(findings)
        return (*findings, Finding("endpoints", Verdict.MISFIT, "one is missing, is not https or has a query"))
    keys = read_keys(_fetch(profile, metadata.jwks_uri))
    return (
        *findings,
        *_endpoints(profile, metadata),
        *_request(profile, metadata, document),
        *_assurance(profile, document),
        *_client_at_provider(profile, document),
        _one_of("id_token algorithms", profile.token.algorithms, document, "id_token_signing_alg_values_supported"),
        _keys(profile, keys),
        *_logout(profile, metadata, document),
        _origins(metadata, form_targets),
    )


def _fetch(profile: Profile, url: str) -> Mapping[str, object]:
    return fetch_json(url, profile.limits, allow_loopback=profile.allow_loopback, user_agent=profile.user_agent)


def _told(value: object) -> str:
    """A provider's text on our terminal: printable, and short."""
    text = " ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return "".join(one if one.isprintable() else "?" for one in text)[:200]


def _texts(document: Mapping[str, object], name: str) -> list[str] | None:
    """A list of the document, or None when the provider does not say."""
    value = document.get(name)
    return [str(one) for one in value] if isinstance(value, list) else None


def _same(name: str, told: object, wanted: str) -> Finding:
    if told == wanted:
        return Finding(name, Verdict.FITS, wanted)
    return Finding(name, Verdict.MISFIT, f"the provider says {_told(told)}, the profile {wanted}")


def _one_of(name: str, wanted: tuple[str, ...], document: Mapping[str, object], field: str) -> Finding:
    offered = _texts(document, field)
    if offered is None:
        return Finding(name, Verdict.LOOK, f"{' '.join(wanted)} (the provider does not say)")
    fits = set(wanted) & set(offered)
    told = f"profile {' '.join(wanted)}, provider {_told(offered)}"
    return Finding(name, Verdict.FITS if fits else Verdict.MISFIT, told)


def _all_of(name: str, wanted: tuple[str, ...], document: Mapping[str, object], field: str) -> Finding:
    offered = _texts(document, field)
    if offered is None:
        return Finding(name, Verdict.LOOK, f"{' '.join(wanted)} (the provider does not say)")
    if missing := [one for one in wanted if one not in offered]:
        return Finding(name, Verdict.MISFIT, f"not offered: {' '.join(missing)}; the provider has {_told(offered)}")
    return Finding(name, Verdict.FITS, " ".join(wanted))


def _endpoints(profile: Profile, metadata: Metadata) -> list[Finding]:
    found = [
        Finding("authorization", Verdict.FITS, metadata.authorization_endpoint),
        Finding("token", Verdict.FITS, metadata.token_endpoint),
    ]
    if profile.person.source != "id_token":
        has = metadata.userinfo_endpoint
        found.append(Finding("userinfo", Verdict.FITS if has else Verdict.MISFIT, has or "needed, and not there"))
    return found


def _request(profile: Profile, metadata: Metadata, document: Mapping[str, object]) -> list[Finding]:
    must_push = document.get("require_pushed_authorization_requests") is True
    pushed = metadata.par_endpoint is not None
    par_fits = not (profile.par == "always" and not pushed) and not (profile.par == "never" and must_push)
    iss_fits = not (profile.response_iss == "always" and not metadata.response_iss)
    return [
        _all_of("PKCE", ("S256",), document, "code_challenge_methods_supported"),
        _all_of("scope", tuple(profile.scope.split()), document, "scopes_supported"),
        Finding(
            "PAR",
            Verdict.FITS if par_fits else Verdict.MISFIT,
            f"profile {profile.par}, provider {'requires' if must_push else 'has' if pushed else 'lacks'} it",
        ),
        Finding(
            "response iss",
            Verdict.FITS if iss_fits else Verdict.MISFIT,
            f"profile {profile.response_iss}, provider {'sends' if metadata.response_iss else 'does not promise'} it",
        ),
    ]


def _assurance(profile: Profile, document: Mapping[str, object]) -> list[Finding]:
    """What we would ask for each level that pages need. Asked in other words than `acr`, it cannot be compared."""
    findings = []
    for level in NEEDED[profile.realm]:
        name, asked = f"assurance {level.name.lower()}", profile.acr_values(level)
        if not any(known >= level for known in profile.assurances.values()):
            first = level is NEEDED[profile.realm][0]
            told = "the profile has no such level, so nobody could " + ("come in" if first else "open documents")
            findings.append(Finding(name, Verdict.MISFIT if first else Verdict.LOOK, told))
        elif (
            profile.asking.assurance_by in {"acr_values", "claims_essential"} and profile.token.assurance_claim == "acr"
        ):
            findings.append(_all_of(name, asked, document, "acr_values_supported"))
        else:
            told = f"{' '.join(asked)} by {profile.asking.assurance_by}; answered in {profile.token.assurance_claim}"
            findings.append(Finding(name, Verdict.LOOK, told))
    return findings


def _client(profile: Profile, clock: Clock) -> Finding:
    left, proof = days_left(profile, clock), profile.client
    told = f"kid {proof.key_id}, {proof.algorithm}" if isinstance(proof, ClientKey) else f"a secret by {proof.method}"
    if left is None:
        return Finding("our key", Verdict.LOOK, f"{told}; nobody said when it expires (client_expires)")
    if left < 0:
        return Finding("our key", Verdict.MISFIT, f"{told}; expired on {profile.client_expires}")
    verdict = Verdict.LOOK if left <= WARN_DAYS else Verdict.FITS
    return Finding("our key", verdict, f"{told}; expires on {profile.client_expires}, in {left} days")


def _client_at_provider(profile: Profile, document: Mapping[str, object]) -> list[Finding]:
    """Unsaid means client_secret_basic (OpenID Connect Discovery 1.0 §3)."""
    field = "token_endpoint_auth_methods_supported"
    said = document if field in document else {field: ["client_secret_basic"]}
    findings = [_all_of("client authentication", (method_name(profile),), said, field)]
    if isinstance(profile.client, ClientKey):
        algorithms = "token_endpoint_auth_signing_alg_values_supported"
        findings.append(_all_of("assertion algorithm", (profile.client.algorithm,), document, algorithms))
    return findings


def _keys(profile: Profile, keys: tuple[PublicKey, ...]) -> Finding:
    kinds = {RSAKey: ("RS", "PS"), ECKey: ("ES",)}
    fitting = [key for key in keys if any(one[:2] in kinds[type(key)] for one in profile.token.algorithms)]
    if not fitting:
        return Finding("provider's keys", Verdict.MISFIT, f"{len(keys)} found, none fits the profile's algorithms")
    return Finding("provider's keys", Verdict.FITS, f"{len(fitting)}: {_told([key.kid or '-' for key in fitting])}")


def _logout(profile: Profile, metadata: Metadata, document: Mapping[str, object]) -> list[Finding]:
    rules = profile.logout
    ends = metadata.end_session_endpoint is not None
    front = document.get("frontchannel_logout_supported") is True
    back = document.get("backchannel_logout_supported") is True
    return [
        Finding(
            "logout here ends there",
            Verdict.FITS if rules.rp_initiated == "none" or ends else Verdict.MISFIT,
            f"profile {rules.rp_initiated}, provider {'has' if ends else 'lacks'} an end_session_endpoint",
        ),
        Finding(
            "front-channel logout",
            Verdict.FITS if front == (rules.front_channel != "none") else Verdict.LOOK,
            f"profile {rules.front_channel}, provider {'does' if front else 'does not say so'}",
        ),
        Finding(
            "back-channel logout",
            Verdict.FITS if back else Verdict.LOOK,
            f"by {rules.back_channel_match}, provider {'does' if back else 'does not say so'}",
        ),
    ]


def _origins(metadata: Metadata, form_targets: tuple[str, ...]) -> Finding:
    if missing := [origin for origin in metadata.origins() if origin not in form_targets]:
        return Finding("form targets", Verdict.MISFIT, f"browsers would block {' '.join(missing)}: add to form_targets")
    return Finding("form targets", Verdict.FITS, " ".join(metadata.origins()))
