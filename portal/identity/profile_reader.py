"""Reads a provider's profile from plain values (a services file). Refuses what is unsafe and names the faulty field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

from portal.domain.people import Assurance, Realm
from portal.identity.profile import (
    SIGNING_ALGORITHMS,
    AccessTokenHash,
    Asking,
    Limits,
    LogoutRules,
    Outcome,
    Par,
    PersonRule,
    PersonSource,
    Profile,
    Reauthentication,
    ResponseIssuer,
    TokenRules,
    usable_url,
)
from portal.identity.profile_client import read_client
from portal.identity.profile_fields import Fields

EXTRA_PARAMETERS = frozenset(
    {"authorization_details", "domain_hint", "idp_params", "idp_values", "kc_idp_hint", "onbehalfof"}
)
"""What a profile may add to a request. Nothing that protects it, and nothing that names a person, stands here."""

_LEVELS = {level.name.lower(): level for level in Assurance}
_ASSURANCE_BY = r"acr_values|claims_essential|vtr|scope|none|param:[a-z_]{1,40}"
_PARAMETER = r"[a-z_]{1,40}"
_OURS = frozenset(
    {"client_id", "client_assertion", "client_assertion_type", "client_secret", "claims", "code_challenge"}
    | {"code_challenge_method", "max_age", "nonce", "prompt", "redirect_uri", "request", "request_uri"}
    | {"response_mode", "response_type", "scope", "state"}
)
_ERRORS: Mapping[str, Outcome] = {
    "access_denied": "cancelled",
    "login_required": "relogin",
    "temporarily_unavailable": "down",
    "server_error": "down",
}


def read_profile(values: Mapping[str, object], *, allow_loopback: bool) -> Profile:
    """A profile from one table of the services file; `client_key` is our private key for this provider as a JWK.

    Raises `ProfileError` naming the field. `allow_loopback` (never in production) admits http on this machine and
    providers for tests, at which anybody can be anybody.
    """
    fields = Fields(values)
    for name in ("profile", "shipped_fields", "client_key_file", "client_secret_file", "form_targets", "placeholders"):
        fields.get(name)  # the settings' own: what they came from, and what the pages' policy needs
    issuer, realm = _issuer(fields, allow_loopback=allow_loopback), _realm(fields)
    _environment(fields, allow_loopback=allow_loopback)
    assurances = _assurances(fields)
    profile = Profile(
        id=fields.matching("id", r"[a-z0-9-]{1,40}"),
        realm=realm,
        names=_names(fields),
        issuer=issuer,
        discovery_url=_discovery_url(fields, issuer, allow_loopback=allow_loopback),
        client_id=fields.text("client_id"),
        client=read_client(fields),
        client_expires=fields.day("client_expires"),
        scope=_scope(fields),
        asking=_asking(fields, assurances, realm),
        token=_token(fields),
        assurances=assurances,
        person=_person(fields),
        trusted_audiences=fields.texts("trusted_audiences", ()),
        par=fields.choice("par", Par, "if_advertised"),
        response_iss=fields.choice("response_iss", ResponseIssuer, "always"),
        errors=_errors(fields),
        limits=_limits(fields),
        user_agent=fields.matching("user_agent", r"[A-Za-z0-9 ./;:()+_-]{1,100}", "lytt"),
        logout=_logout(fields.table("logout")),
        allow_loopback=allow_loopback,
    )
    fields.refuse_others()
    return profile


def _issuer(fields: Fields, *, allow_loopback: bool) -> str:
    issuer = fields.text("issuer")
    if not usable_url(issuer, allow_loopback=allow_loopback):
        raise fields.fault("issuer", "must be https without query (this machine only in a demo or a test)")
    return issuer


def _discovery_url(fields: Fields, issuer: str, *, allow_loopback: bool) -> str:
    """OpenID Connect Discovery 1.0 §4, or where the provider keeps it instead."""
    url = fields.text("discovery_url", issuer.rstrip("/") + "/.well-known/openid-configuration")
    if not usable_url(url, allow_loopback=allow_loopback):
        raise fields.fault("discovery_url", "must be https without query")
    return url


def _realm(fields: Fields) -> Realm:
    realm = fields.text("realm")
    if realm not in tuple(Realm):
        raise fields.fault("realm", f"must be one of {', '.join(Realm)}")
    if realm not in fields.texts("realms", tuple(Realm)):
        raise fields.fault("realm", "is not the one this provider is for")
    return Realm(realm)


def _environment(fields: Fields, *, allow_loopback: bool) -> None:
    environment = fields.choice("environment", Literal["production", "test"], "production")
    if environment == "test" and not allow_loopback:
        raise fields.fault("environment", "is a provider for tests, where anybody can be anybody: not in production")


def _names(fields: Fields) -> Mapping[str, str]:
    names = fields.words("name")
    if not names:
        raise fields.fault("name", "must hold the provider's name in at least one language")
    return names


def _scope(fields: Fields) -> str:
    scope = fields.text("scope", "openid")
    if "openid" not in scope.split():
        raise fields.fault("scope", "must hold openid")
    return scope


def _assurances(fields: Fields) -> Mapping[str, Assurance]:
    found = {acr: _level(fields, "acr", level) for acr, level in fields.mapping("acr").items()}
    if not found:
        raise fields.fault("acr", "must map the provider's acr values to low, substantial or high")
    return found


def _asking(fields: Fields, assurances: Mapping[str, Assurance], realm: Realm) -> Asking:
    by = fields.matching("assurance_request", _ASSURANCE_BY, "acr_values")
    locale = fields.get("locale_parameter", "ui_locales")
    extra = fields.words("extra")
    if locale and (not isinstance(locale, str) or not re.fullmatch(_PARAMETER, locale) or locale in _OURS):
        raise fields.fault("locale_parameter", "must be the name of a parameter that is not ours, or empty for none")
    if by.startswith("param:") and by.removeprefix("param:") in _OURS | {locale}:
        raise fields.fault("assurance_request", "must not name a parameter of ours")
    if not EXTRA_PARAMETERS.issuperset(extra) or extra.keys() & {locale, by.removeprefix("param:")}:
        raise fields.fault("extra", f"may hold only {', '.join(sorted(EXTRA_PARAMETERS))}, and each just once")
    reauthentication: Reauthentication = fields.choice("reauthentication", Reauthentication, "prompt_login")
    if reauthentication == "none" and realm is Realm.FAMILY:
        raise fields.fault(
            "reauthentication",
            "none is refused for families: the provider's single sign-on would let the next person at the device in",
        )
    return Asking(
        assurance_by=by,
        levels=_request_levels(fields, by, assurances),
        locale_parameter=str(locale or ""),
        locales=fields.words("locales"),
        reauthentication=reauthentication,
        extra=extra,
    )


def _request_levels(
    fields: Fields, by: str, assurances: Mapping[str, Assurance]
) -> Mapping[Assurance, tuple[str, ...]]:
    asked: dict[Assurance, tuple[str, ...]] = {}
    same_words = by in {"acr_values", "claims_essential"}
    if not same_words and by != "none" and not fields.mapping("acr_request"):
        raise fields.fault("acr_request", f"must say what to send, since the assurance is asked by {by}")
    if by == "none" and fields.mapping("acr_request"):
        raise fields.fault("acr_request", "is of no use when assurance_request is none: leave it out")
    for level, values in fields.mapping("acr_request").items():
        wanted = _level(fields, "acr_request", level)
        if not isinstance(values, (list, tuple)) or not values or not all(isinstance(one, str) for one in values):
            raise fields.fault("acr_request", "must list texts")
        if same_words and any(acr not in assurances for acr in values):
            raise fields.fault("acr_request", "must list values that stand in acr")
        asked[wanted] = tuple(values)
    return asked


def _token(fields: Fields) -> TokenRules:
    algorithms = fields.texts("id_token_algorithms", ("RS256",))
    if not algorithms or not SIGNING_ALGORITHMS.issuperset(algorithms):
        raise fields.fault("id_token_algorithms", "must be asymmetric signature algorithms (no HS*, no none)")
    types = tuple(one.lower() for one in fields.texts("id_token_types", ("JWT",)))
    if not types or any(one.removeprefix("application/") in {"logout+jwt", "at+jwt"} for one in types):
        raise fields.fault("id_token_types", "must name types of ID tokens, not of logout or access tokens")
    return TokenRules(
        algorithms=algorithms,
        types=types,
        at_hash=fields.choice("at_hash", AccessTokenHash, "verify"),
        required_claims=fields.texts("required_claims", ("sid",)),
        expected_claims=fields.words("expected_claims"),
        assurance_claim=fields.text("assurance_claim", "acr"),
        assurance_list=fields.truth("assurance_list", default=False),
        session_claim=fields.text("session_claim", "sid"),
    )


def _person(fields: Fields) -> PersonRule:
    claim = fields.get("person_claim")
    path = (claim,) if isinstance(claim, str) else fields.texts("person_claim", ())
    if not path or not all(path):
        raise fields.fault("person_claim", "must name the claim with the person's number, or the path to it")
    try:
        pattern = re.compile(fields.text("person_pattern"))
    except re.error:
        raise fields.fault("person_pattern", "must be a regular expression") from None
    prefix = fields.get("person_strip_prefix", "")
    if not isinstance(prefix, str):
        raise fields.fault("person_strip_prefix", "must be a text")
    return PersonRule(
        path=path,
        pattern=pattern,
        scheme=fields.matching("person_scheme", r"[a-z0-9-]{1,40}"),
        required=fields.truth("person_required", default=True),
        strip_prefix=prefix,
        source=fields.choice("person_from", PersonSource, "id_token"),
    )


def _errors(fields: Fields) -> Mapping[str, Outcome]:
    told = fields.words("errors")
    if any(word not in get_args(Outcome) for word in told.values()):
        raise fields.fault("errors", f"must map the provider's words to one of {', '.join(get_args(Outcome))}")
    return {**_ERRORS, **told}  # type: ignore[dict-item]  # checked above


def _limits(fields: Fields) -> Limits:
    return Limits(
        leeway=int(fields.number("leeway", 10, 60)),
        token_age=int(fields.number("max_token_age", 300, 3600)),
        connect=fields.number("connect_timeout", 3, 10),
        read=fields.number("read_timeout", 5, 10),
        total=fields.number("total_timeout", 8, 20),
    )


def _logout(fields: Fields) -> LogoutRules:
    rules = LogoutRules(
        rp_initiated=fields.choice("rp_initiated", Literal["GET", "none"], "GET"),
        front_channel=fields.choice("front_channel", Literal["required", "slash_tolerant", "absent", "none"], "none"),
        back_channel_type=fields.choice("back_channel_type", Literal["strict", "lenient"], "strict"),
        back_channel_match=fields.choice("back_channel_match", Literal["sid", "sub"], "sid"),
        back_channel_require_exp=fields.truth("back_channel_require_exp", default=False),
    )
    fields.refuse_others()
    return rules


def _level(fields: Fields, name: str, word: object) -> Assurance:
    if not isinstance(word, str) or word not in _LEVELS:
        raise fields.fault(name, f"must use {', '.join(_LEVELS)}")
    return _LEVELS[word]
