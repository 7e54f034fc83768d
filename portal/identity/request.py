"""What an authorization request asks of one provider, in that provider's words. Sends nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping

from portal.domain.people import Assurance
from portal.identity.profile import Profile


def request_parameters(profile: Profile, assurance: Assurance, language: str, nonce: str) -> Mapping[str, str]:
    """All parameters but those that the code flow itself adds (`exchange.authorization_url`).

    What the profile adds comes first, so that nothing of it can stand in the place of ours.
    """
    asking = profile.asking
    wanted: dict[str, str] = {**asking.extra, **_assurance(profile, assurance)}
    locale = asking.locales.get(language) if asking.locales else language
    if asking.locale_parameter and locale:
        wanted[asking.locale_parameter] = locale
    if asking.reauthentication in {"prompt_login", "both"}:
        wanted["prompt"] = "login"
    if asking.reauthentication in {"max_age", "both"}:
        wanted["max_age"] = "0"
    return {**wanted, "nonce": nonce}


def _assurance(profile: Profile, assurance: Assurance) -> Mapping[str, str]:
    by, values = profile.asking.assurance_by, profile.acr_values(assurance)
    if not values or by == "none":
        return {}
    if by == "claims_essential":  # OpenID Connect Core 1.0 §5.5.1
        wanted = {"value": values[0]} if len(values) == 1 else {"values": list(values)}
        claim = {profile.token.assurance_claim: {"essential": True, **wanted}}
        return {"claims": json.dumps({"id_token": claim}, separators=(",", ":"))}
    if by == "vtr":
        return {"vtr": json.dumps(list(values), separators=(",", ":"))}
    if by == "scope":
        return {"scope": " ".join((profile.scope, *values))}
    return {by.removeprefix("param:"): " ".join(values)}
