"""Passkeys against honest and hostile devices, alike on both databases."""

from __future__ import annotations

import json
import logging
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from portal.identity.passkey_answers import LONGEST_ANSWER, PasskeyError, RelyingParty, verified_count
from portal.identity.passkeys import CHALLENGE_LIFE, Passkeys, UsedPasskey
from portal.outbox.purge import purge
from portal.store.tables import account, credential, passkey_challenge
from portal.store.unit import Store
from tests.fakes.authenticator import MADE, PRESENT, VERIFIED, Authenticator, Wrong, decoded, encoded
from tests.fakes.clock import ManualClock
from tests.fakes.identity import SERVICE, Desk, identified

PARTY = RelyingParty(SERVICE, "lytt.example", "https://lytt.example", "Lytt")
OTHER = RelyingParty("lillevik", "b.lytt.example", "https://b.lytt.example", "Lytt")
CHILD, WORKER = "person-1", str(uuid.uuid4())
SUBJECT = "pairwise-1"
BROWSER = "a browser's secret"


@dataclass
class Bench:
    """Passkeys over a database, and a child's phone."""

    store: Store
    clock: ManualClock
    phone: Authenticator = field(default_factory=lambda: Authenticator(PARTY.origin))

    def __post_init__(self) -> None:
        self.passkeys = Passkeys(self.store, secrets.token_bytes(32), self.clock)
        self.account = Desk(self.store, self.clock).bind(identified()).id

    def asked_new(self, person_id: str = CHILD) -> str:
        return self.passkeys.ask_new(PARTY, BROWSER, person_id)

    def make(self, phone: Authenticator | None = None) -> None:
        """A caseworker lets the child in, and the phone makes a passkey."""
        answer = (phone or self.phone).make(self.asked_new())
        new = self.passkeys.made(PARTY, BROWSER, answer)
        with self.store.write() as connection:
            self.passkeys.keep(connection, SERVICE, new, self.account, WORKER)

    def use(self, wrong: Wrong = Wrong(), party: RelyingParty = PARTY) -> str:  # noqa: B008 frozen
        """Whom the phone lets in."""
        return self.open(self.used(self.phone.use(self.passkeys.ask(party, BROWSER), wrong), party))

    def used(self, answer: str, party: RelyingParty = PARTY, browser: str | None = BROWSER) -> UsedPasskey:
        return self.passkeys.used(party, browser, answer)

    def open(self, used: UsedPasskey) -> str:
        """The subject of the account that is let in."""
        with self.store.write() as connection:
            self.passkeys.open(connection, SERVICE, used)
        return used.account_subject

    def take_away(self) -> None:
        with self.store.write() as connection:
            connection.execute(update(credential).values(revoked_at=self.clock()))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def bench(store: Store, clock: ManualClock) -> Bench:
    return Bench(store, clock)


@pytest.fixture
def made(bench: Bench) -> Bench:
    """A child who has a passkey."""
    bench.make()
    return bench


def test_a_passkey_is_made_and_opens_its_account_again_and_again(made: Bench, clock: ManualClock) -> None:
    assert [made.use(), made.use()] == [SUBJECT] * 2
    with made.store.read() as connection:
        row = connection.execute(select(credential)).one()
    assert (row.kind, row.lookup, row.made_by) == ("passkey", encoded(made.phone.identifier), WORKER)
    assert (row.sign_count, row.last_used_at, row.secret) == (2, clock.now, None)


def test_what_a_device_shows_its_owner_says_nothing(bench: Bench) -> None:
    """Neutral: the product's name and nothing else, whoever picks the phone up."""
    asked = json.loads(bench.asked_new())
    assert asked["rp"] == {"name": "Lytt", "id": "lytt.example"}
    assert (asked["user"]["name"], asked["user"]["displayName"]) == ("Lytt", "Lytt")
    assert asked["attestation"] == "none"
    chosen = asked["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["requireResidentKey"], chosen["userVerification"]) == (
        "required",
        True,
        "required",
    )
    assert asked["timeout"] == 300_000
    assert not asked["excludeCredentials"]


def test_signing_in_names_nobody(bench: Bench) -> None:
    asked = json.loads(bench.passkeys.ask(PARTY, BROWSER))
    assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == ("lytt.example", "required", [])
    assert asked.keys() == {"rpId", "userVerification", "allowCredentials", "challenge", "timeout"}


def test_a_childs_handle_is_the_same_for_a_new_passkey_and_tells_nothing(bench: Bench, clock: ManualClock) -> None:
    """The same: a device replaces the old passkey, so that a child never has to choose between two."""
    handles = [json.loads(bench.asked_new(person))["user"]["id"] for person in (CHILD, CHILD, "person-2")]
    other_service = json.loads(bench.passkeys.ask_new(OTHER, BROWSER, CHILD))["user"]["id"]
    other_key = Passkeys(bench.store, b"another key", clock).ask_new(PARTY, BROWSER, CHILD)
    everybody = {*handles, other_service, json.loads(other_key)["user"]["id"]}
    assert handles[0] == handles[1]
    assert len(everybody) == 4
    assert all(len(decoded(handle)) == 32 for handle in everybody)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Wrong(client={"challenge": encoded(b"of our own")}), "unreadable"),
        (Wrong(client={"origin": "https://lytt.example.evil.example"}), "unreadable"),
        (Wrong(client={"origin": "http://lytt.example"}), "unreadable"),
        (Wrong(client={"origin": "https://lytt.example:8443"}), "unreadable"),
        (Wrong(client={"type": "webauthn.get"}), "unreadable"),
        (Wrong(client={"crossOrigin": True, "topOrigin": "https://evil.example"}), "frame"),
        (Wrong(host="example"), "unreadable"),
        (Wrong(flags=PRESENT | MADE), "unreadable"),
        (Wrong(flags=VERIFIED | MADE), "unreadable"),
        (Wrong(flags=PRESENT | VERIFIED), "unreadable"),
        (Wrong(identifier=b"somebody else's"), "id"),
        (Wrong(key=b"\x04"), "unreadable"),
        (Wrong(key=b"\xa1\x01\x02"), "unreadable"),
        (Wrong(attestation={"attStmt": {"sig": b"x"}}), "unreadable"),
        (Wrong(attestation={"fmt": "tpm"}), "attestation"),
        (Wrong(attestation={"fmt": "android-safetynet", "attStmt": {"ver": "1", "response": b"x"}}), "attestation"),
        (Wrong(attestation={"authData": b"short"}), "unreadable"),
    ],
    ids=lambda given: given if isinstance(given, str) else repr(given)[:60],
)
def test_a_wrong_answer_makes_no_passkey_and_uses_the_challenge_up(bench: Bench, wrong: Wrong, code: str) -> None:
    asked = bench.asked_new()
    with pytest.raises(PasskeyError) as refused:
        bench.passkeys.made(PARTY, BROWSER, bench.phone.make(asked, wrong))
    assert refused.value.code == code
    with pytest.raises(PasskeyError, match="challenge"):
        bench.passkeys.made(PARTY, BROWSER, bench.phone.make(asked))


def test_a_device_may_vouch_for_itself_but_not_falsely(bench: Bench) -> None:
    bench.passkeys.made(PARTY, BROWSER, bench.phone.self_attested(bench.asked_new(), tampered=False))
    with pytest.raises(PasskeyError):
        bench.passkeys.made(PARTY, BROWSER, bench.phone.self_attested(bench.asked_new(), tampered=True))


def test_an_id_that_is_too_long_is_refused(bench: Bench) -> None:
    """§4: at most 1023 bytes."""
    bench.phone.identifier = secrets.token_bytes(1023)
    bench.make()
    phone = Authenticator(PARTY.origin, identifier=secrets.token_bytes(1024))
    with pytest.raises(PasskeyError, match="id"):
        bench.make(phone)


def test_an_id_that_is_known_is_not_kept_twice(made: Bench) -> None:
    """§7.1 step 26: nobody takes over a passkey by registering its id with a key of their own."""
    thief = Authenticator(PARTY.origin, identifier=made.phone.identifier)
    with pytest.raises(PasskeyError, match="known_already"):
        made.make(thief)
    assert made.use() == SUBJECT


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(client={"challenge": encoded(b"of our own")}),
        Wrong(client={"origin": "https://evil.example"}),
        Wrong(client={"type": "webauthn.create"}),
        Wrong(client={"crossOrigin": True}),
        Wrong(host="evil.example"),
        Wrong(flags=PRESENT),
        Wrong(flags=VERIFIED),
        Wrong(spoil=True),
        Wrong(handle=b""),
        Wrong(handle=b"another child's"),
        Wrong(identifier=b"unknown"),
    ],
    ids=lambda given: repr(given)[:60],
)
def test_a_wrong_answer_opens_nothing(made: Bench, wrong: Wrong) -> None:
    with pytest.raises(PasskeyError):
        made.use(wrong)
    assert made.use() == SUBJECT


def test_an_answer_is_good_once(made: Bench) -> None:
    answer = made.phone.use(made.passkeys.ask(PARTY, BROWSER))
    made.open(made.used(answer))
    with pytest.raises(PasskeyError, match="challenge"):
        made.used(answer)
    made.passkeys.ask(PARTY, BROWSER)
    with pytest.raises(PasskeyError, match="not_proved"):
        made.used(answer)


def test_an_answer_that_failed_is_not_tried_again(made: Bench) -> None:
    asked = made.passkeys.ask(PARTY, BROWSER)
    with pytest.raises(PasskeyError, match="not_proved"):
        made.used(made.phone.use(asked, Wrong(flags=PRESENT)))
    with pytest.raises(PasskeyError, match="challenge"):
        made.used(made.phone.use(asked))


def test_a_counter_that_goes_back_is_a_copy(made: Bench) -> None:
    """§6.1.1. Devices that do not count say 0 for ever, and stay welcome."""
    made.use(Wrong(count=7))
    for count in (7, 3, 0):
        with pytest.raises(PasskeyError, match="not_proved"):
            made.use(Wrong(count=count))
    assert made.use(Wrong(count=8)) == SUBJECT


def test_a_device_that_does_not_count_is_welcome(made: Bench) -> None:
    assert [made.use(Wrong(count=0)), made.use(Wrong(count=0))] == [SUBJECT] * 2


def test_of_two_uses_at_once_one_opens(made: Bench) -> None:
    used = made.used(made.phone.use(made.passkeys.ask(PARTY, BROWSER)))
    assert made.open(used) == SUBJECT
    with pytest.raises(PasskeyError, match="taken_away"):
        made.open(used)


def test_a_passkey_opens_nothing_at_another_service(made: Bench) -> None:
    asked = made.passkeys.ask(OTHER, BROWSER)
    honest_there = Wrong(client={"origin": OTHER.origin})
    with pytest.raises(PasskeyError):
        made.used(made.phone.use(asked, honest_there), OTHER)
    with pytest.raises(PasskeyError, match="challenge"):
        made.used(made.phone.use(made.passkeys.ask(OTHER, BROWSER)), PARTY)


def test_the_kept_key_of_a_service_is_not_seen_by_another(made: Bench) -> None:
    """Even with the same host: the row belongs to its service."""
    twin = RelyingParty("lillevik", PARTY.host, PARTY.origin, PARTY.name)
    with pytest.raises(PasskeyError, match="not_proved"):
        made.use(party=twin)


@pytest.mark.parametrize("browser", [None, "", "another browser's secret"])
def test_another_browser_cannot_answer(made: Bench, browser: str | None) -> None:
    asked = made.passkeys.ask(PARTY, BROWSER)
    answer = made.phone.use(asked)
    with pytest.raises(PasskeyError, match="challenge"):
        made.used(answer, browser=browser)
    assert made.open(made.used(answer)) == SUBJECT


def test_a_challenge_is_for_one_purpose(bench: Bench) -> None:
    bench.asked_new()
    with pytest.raises(PasskeyError, match="challenge"):
        bench.used(bench.phone.use(json.dumps({"challenge": "AA", "rpId": PARTY.host})))


def test_asking_again_kills_the_challenge_before(made: Bench) -> None:
    before = made.passkeys.ask(PARTY, BROWSER)
    made.passkeys.ask(PARTY, BROWSER)
    with pytest.raises(PasskeyError, match="not_proved"):
        made.used(made.phone.use(before))


def test_a_challenge_is_good_for_five_minutes(made: Bench, clock: ManualClock) -> None:
    asked = made.passkeys.ask(PARTY, BROWSER)
    clock.now += CHALLENGE_LIFE
    with pytest.raises(PasskeyError, match="challenge"):
        made.used(made.phone.use(asked))
    asked = made.passkeys.ask(PARTY, BROWSER)
    clock.now += CHALLENGE_LIFE - timedelta(seconds=1)
    assert made.open(made.used(made.phone.use(asked))) == SUBJECT


def test_challenges_nobody_answered_are_removed(bench: Bench, clock: ManualClock) -> None:
    bench.asked_new()
    purge(bench.store, clock())
    assert count(bench, passkey_challenge) == 1
    purge(bench.store, clock() + CHALLENGE_LIFE)
    assert count(bench, passkey_challenge) == 0


def test_what_is_taken_away_opens_nothing(made: Bench) -> None:
    used = made.used(made.phone.use(made.passkeys.ask(PARTY, BROWSER)))
    made.take_away()
    with pytest.raises(PasskeyError, match="taken_away"):
        made.open(used)
    with pytest.raises(PasskeyError, match="not_proved"):
        made.use()


def test_unknown_and_taken_away_are_one_answer_and_the_same_work(made: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature is verified in each case, and the code in the log does not tell them apart."""
    verified: list[str] = []

    def counting(*given: object) -> int:
        verified.append("once")
        return verified_count(*given)  # type: ignore[arg-type]  # what the real one is given

    monkeypatch.setattr("portal.identity.passkeys.verified_count", counting)
    codes = []
    for wrong in (Wrong(identifier=b"unknown"), Wrong(spoil=True)):
        with pytest.raises(PasskeyError) as refused:
            made.use(wrong)
        codes.append(refused.value.code)
    made.take_away()
    with pytest.raises(PasskeyError) as refused:
        made.use()
    assert {*codes, refused.value.code} == {"not_proved"}
    assert len(verified) == 3


def bare(client: str, **response: str) -> str:
    """An answer in the right shape with nothing in it."""
    members = {"clientDataJSON": client, "authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": members | response})


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '{"id": 7}',
        "\x00",
        "é" * 100,
        "[" * 5000,
        "x" * (LONGEST_ANSWER + 1),
        bare("AA"),
        bare("W10", attestationObject="o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA"),
    ],
    ids=range(12),
)
def test_nonsense_is_refused(bench: Bench, answer: str) -> None:
    bench.asked_new()
    bench.passkeys.ask(PARTY, BROWSER)
    with pytest.raises(PasskeyError):
        bench.passkeys.made(PARTY, BROWSER, answer)
    with pytest.raises(PasskeyError):
        bench.used(answer)


def test_a_passkey_of_an_account_that_is_gone_is_gone(made: Bench) -> None:
    with made.store.write() as connection:
        connection.execute(delete(account))
    assert count(made, credential) == 0


def test_nothing_secret_is_printed_or_kept_readable(made: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked = made.asked_new()
    new = made.passkeys.made(PARTY, BROWSER, Authenticator(PARTY.origin).make(asked))
    made.passkeys.ask(PARTY, BROWSER)
    with made.store.read() as connection:
        row = connection.execute(select(passkey_challenge)).one()
    assert BROWSER not in str(row)
    assert new.lookup not in repr(new)
    assert repr(new.public_key) not in repr(new)
    assert json.loads(asked)["challenge"] not in caplog.text


def count(bench: Bench, table: object) -> int:
    with bench.store.read() as connection:
        return len(connection.execute(select(table)).all())  # type: ignore[call-overload]  # any of our tables
