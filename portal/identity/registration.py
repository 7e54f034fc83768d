"""What an operator registers with a provider and puts into a policy: addresses and origins, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from portal.domain.people import Realm
from portal.identity.inspection import Finding, Verdict
from portal.identity.profile import Profile

PREFIX = {Realm.FAMILY: "", Realm.STAFF: "/staff"}
ADDRESSES = {
    "redirect": "/sign-in/callback",
    "after logout": "/signed-out",
    "front-channel logout": "/sign-in/front-channel",
    "back-channel logout": "/sign-in/back-channel",
}


def addresses(profile: Profile, origin: str) -> dict[str, str]:
    """What to register for one service, by what it is for; what this provider does not call is left out."""
    given = {name: origin + PREFIX[profile.realm] + path for name, path in ADDRESSES.items()}
    if profile.logout.rp_initiated == "none":
        del given["after logout"]
    if profile.logout.front_channel == "none":
        del given["front-channel logout"]
    return given


def report(
    profile: Profile, origin: str, form_targets: tuple[str, ...], findings: tuple[Finding, ...]
) -> Iterator[str]:
    """The whole report for one service, line by line. No secret stands in it."""
    yield f"{profile.id} ({profile.realm}) at {origin}"
    for finding in findings:
        yield f"  {finding.verdict:<7} {finding.name:<24} {finding.told}"
    yield "  Register with the provider:"
    for name, address in addresses(profile, origin).items():
        yield f"    {name:<22} {address}"
    yield "  Origins in the content security policy:"
    yield f"    form-action            {' '.join(form_targets)}"
    if profile.logout.front_channel != "none":
        yield f"    frame-ancestors        {' '.join(form_targets)} (the front-channel address only)"
    misfits = [finding.name for finding in findings if finding.verdict is Verdict.MISFIT]
    yield f"  {'Misfit: ' + ', '.join(misfits) if misfits else 'Everything fits.'}"
