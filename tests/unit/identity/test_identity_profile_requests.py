"""What each provider is asked, in its own words; and that nothing a profile adds weakens what protects the request."""

from __future__ import annotations

from typing import Any

import pytest

from portal.domain.people import Assurance, Realm
from portal.identity.errors import ProfileError
from portal.identity.profile import Profile
from portal.identity.profile_reader import EXTRA_PARAMETERS, read_profile
from portal.identity.request import request_parameters
from tests.fakes.provider import FakeProvider

FAKE = FakeProvider(9)
OURS = [
    "client_id", "client_assertion", "client_secret", "code_challenge", "code_challenge_method", "nonce", "prompt",
    "max_age", "redirect_uri", "request", "request_uri", "response_mode", "response_type", "scope", "state", "claims",
]  # fmt: skip
BY_PARAMETER = {"assurance_request": "param:idp_params", "acr_request": {"high": ["x"]}}
BY_SECRET = {"only_secrets": True, "client_auth": "client_secret_post", "client_key": None}


def profile(**changes: Any) -> Profile:
    return read_profile(FAKE.profile_values(**changes), allow_loopback=True)


def refused(**changes: Any) -> ProfileError:
    with pytest.raises(ProfileError) as error:
        profile(**changes)
    return error.value


def asked(wanted: Profile, assurance: Assurance = Assurance.HIGH, language: str = "nb") -> dict[str, str]:
    return dict(request_parameters(wanted, assurance, language, "n"))


def test_as_a_rule_acr_values_prompt_and_the_language() -> None:
    assert asked(profile()) == {"acr_values": "loa-high", "ui_locales": "nb", "prompt": "login", "nonce": "n"}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        (
            {"assurance_request": "claims_essential"},
            {"claims": '{"id_token":{"acr":{"essential":true,"value":"loa-high"}}}'},
        ),
        (
            {
                "assurance_request": "claims_essential",
                "assurance_claim": "loa",
                "acr_request": {"high": ["loa-high", "loa-low"]},
            },
            {"claims": '{"id_token":{"loa":{"essential":true,"values":["loa-high","loa-low"]}}}'},
        ),
        ({"assurance_request": "vtr", "acr_request": {"high": ["Cl.Cm.P2"]}}, {"vtr": '["Cl.Cm.P2"]'}),
        ({"assurance_request": "scope", "acr_request": {"high": ["idcard"]}}, {"scope": "openid idcard"}),
        ({"assurance_request": "param:idp_params", "acr_request": {"high": ['{"a":1}']}}, {"idp_params": '{"a":1}'}),
        ({"assurance_request": "none"}, {}),
    ],
    ids=["one claim", "claims", "vtr", "scope", "parameter", "none"],
)  # fmt: skip
def test_assurance_is_asked_in_the_providers_words(changes: dict[str, Any], wanted: dict[str, str]) -> None:
    """Item 20: the asking differs, what is demanded of the answer does not."""
    rest = {"ui_locales": "nb", "prompt": "login", "nonce": "n"}
    assert asked(profile(**changes)) == wanted | rest


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("prompt_login", {"prompt": "login"}),
        ("max_age", {"max_age": "0"}),
        ("both", {"prompt": "login", "max_age": "0"}),
        ("isolated", {}),
    ],
)
def test_a_fresh_sign_in_is_asked_for(how: str, wanted: dict[str, str]) -> None:
    """Item 21."""
    got = asked(profile(reauthentication=how))
    assert {name: got[name] for name in ("prompt", "max_age") if name in got} == wanted


def test_families_never_sign_in_by_somebody_elses_single_sign_on() -> None:
    """Item 21 and rules.md: a provider that cannot ask anew is refused, with the reason."""
    error = refused(reauthentication="none")
    assert error.field == "reauthentication"
    assert "the next person at the device" in error.reason
    assert profile(reauthentication="none", realm="staff").realm is Realm.STAFF


def test_the_language_goes_along_in_the_providers_words_or_not_at_all() -> None:
    danish = profile(locale_parameter="language", locales={"nb": "da", "en": "en"})
    assert (asked(danish)["language"], "ui_locales" in asked(danish)) == ("da", False)
    assert "language" not in asked(danish, language="se")
    assert "ui_locales" not in asked(profile(locale_parameter=""))


def test_a_profile_may_add_what_the_list_allows() -> None:
    extra = dict.fromkeys(EXTRA_PARAMETERS, "x")
    assert {name: asked(profile(extra=extra))[name] for name in extra} == extra


@pytest.mark.parametrize("name", [*OURS, "ui_locales", "login_hint", "acr_values", "id_token_hint"])
def test_nothing_that_is_added_can_take_the_place_of_ours(name: str) -> None:
    """Item 1: also not in the disguise of a language or an assurance."""
    assert refused(extra={name: "x"}).field == "extra"
    if name in OURS:
        assert refused(locale_parameter=name).field == "locale_parameter"
        request = {"assurance_request": f"param:{name}", "acr_request": {"high": ["x"]}}
        assert refused(**request).field == "assurance_request"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("acr_request", {"assurance_request": "vtr"}),
        ("acr_request", {"assurance_request": "none", "acr_request": {"high": ["loa-high"]}}),
        ("acr_request", {"assurance_request": "vtr", "acr_request": {"high": [1]}}),
        ("assurance_request", {"assurance_request": "guess"}),
        ("assurance_request", {"assurance_request": "param:ui_locales", "acr_request": {"high": ["x"]}}),
        ("extra", {"extra": {"idp_params": "x"}} | BY_PARAMETER),
        ("extra", {"extra": {"idp_values": 1}}),
        ("locale_parameter", {"locale_parameter": "a b"}),
        ("locales", {"locales": {"nb": ""}}),
        ("reauthentication", {"reauthentication": "sometimes"}),
        ("realm", {"realms": ["staff"]}),
        ("name", {"name": {"nb": 1}}),
        ("discovery_url", {"discovery_url": "http://id.example/x"}),
        ("user_agent", {"user_agent": "a\r\nX: y"}),
        ("at_hash", {"at_hash": "maybe"}),
        ("id_token_types", {"id_token_types": ["logout+jwt"]}),
        ("id_token_types", {"id_token_types": ["JWT", "application/at+jwt"]}),
        ("id_token_types", {"id_token_types": []}),
        ("expected_claims", {"expected_claims": {"tid": 1}}),
        ("assurance_list", {"assurance_list": "yes"}),
        ("person_from", {"person_from": "access_token"}),
        ("person_strip_prefix", {"person_strip_prefix": 1}),
        ("person_scheme", {"person_scheme": "No Scheme"}),
        ("errors", {"errors": {"user_cancel": "fine"}}),
        ("client_expires", {"client_expires": "2027-05-01"}),
        ("client_algorithm", {"client_algorithm": "HS256"}),
        ("client_algorithm", {"client_algorithm": "RS256"}),
        ("client_key", {"assertion_key_name": "x5c"}),
        ("assertion_key_name", {"assertion_key_name": "jwk"}),
        ("client_auth", {"client_auth": "client_secret_jwt"}),
        ("client_auth", {"client_auth": "client_secret_basic", "client_secret": "s" * 32}),
        ("client_secret", {"client_secret": "s" * 32}),
        ("client_key", {"only_secrets": True, "client_auth": "client_secret_basic", "client_secret": "s" * 32}),
        ("client_secret", BY_SECRET),
        ("client_secret", BY_SECRET | {"client_secret": "short"}),
        ("client_secret", BY_SECRET | {"client_secret": b"\xff" * 32}),
        ("client_secret", BY_SECRET | {"client_secret": "with\nmore than one line"}),
        ("logout.front_channel", {"logout": {"front_channel": "maybe"}}),
        ("logout.back_channel", {"logout": {"back_channel": True}}),
        ("logout.back_channel_require_exp", {"logout": {"back_channel_require_exp": "yes"}}),
        ("environment", {"environment": "staging"}),
    ],
)  # fmt: skip
def test_what_a_profile_cannot_do_is_refused_with_a_sentence(field: str, changes: dict[str, Any]) -> None:
    error = refused(**changes)
    assert error.field == field
    assert len(error.reason.split()) >= 3


def test_a_provider_for_tests_and_this_machine_are_refused_in_production() -> None:
    """Item 42."""
    good = FAKE.profile_values(issuer="https://id.example")
    assert read_profile(good, allow_loopback=False).issuer == "https://id.example"
    for changes, field in (
        ({"environment": "test"}, "environment"),
        ({"issuer": "https://id.localhost"}, "issuer"),
        ({"issuer": "https://127.0.0.1:8443"}, "issuer"),
        ({"issuer": "http://id.example"}, "issuer"),
        ({"id_token_algorithms": ["HS256"]}, "id_token_algorithms"),
    ):
        with pytest.raises(ProfileError) as error:
            read_profile(good | changes, allow_loopback=False)
        assert error.value.field == field
