"""Signing out: here first whatever the provider does, and on the provider's word only when it is really its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from portal.domain.people import Realm
from portal.identity.accounts import Account
from portal.identity.errors import SignInError
from portal.identity.logout import EVENT, Record, SignOut
from portal.identity.session import Session
from portal.identity.sessions import NewSession
from portal.identity.sign_in import Identified
from portal.outbox.purge import purge
from portal.store.tables import change_cursor, dead_provider_session, session
from tests.fakes.clock import ManualClock
from tests.fakes.identity import SERVICE, Desk, Door
from tests.fakes.provider import PID, REMOVED, Answer, FakeProvider, provider_key

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

SIGNED_OUT = "http://localhost:8000/signed-out"


class House:
    """Sign-in, sessions and sign-out of one service."""

    def __init__(self, door: Door, desk: Desk) -> None:
        self.door = door
        self.desk = desk
        self.recorded: list[str] = []
        self.accounts: list[str] = []
        self.sign_out = SignOut(desk.store, desk.sessions, {(SERVICE, "national"): door.provider}, desk.clock)

    def record(self, connection: Connection) -> None:
        """The journal's row, in the same transaction."""
        self.recorded.append("sign-out" if connection.in_transaction() else "outside")

    def come_in(self) -> str:
        """A whole sign-in; the session's token."""
        return self.desk.sign_in(self.door.through())

    def token(self, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """A logout token with changes."""
        fake = self.door.fake
        now = int(self.door.clock.now.timestamp())
        claims = {
            "iss": fake.origin,
            "aud": "portal",
            "sub": PID,
            "sid": "provider-session-1",
            "iat": now,
            "exp": now + 120,
            "jti": "logout-1",
            "events": {EVENT: {}},
        } | changes
        fake.header = {"typ": "logout+jwt"} | (header or {})
        signed = fake.signed({name: value for name, value in claims.items() if value is not REMOVED})
        fake.header = {}
        return signed

    def record_of(self, account_id: str) -> Record:
        """The same, for one account."""
        self.accounts.append(account_id)
        return self.record

    def back_channel(self, token: object, service: str = SERVICE, profile: str = "national") -> int:
        """The provider calls."""
        return self.sign_out.end_by_provider(service, profile, token, self.record_of)

    def front_channel(self, issuer: str | None, sid: str, service: str = SERVICE, profile: str = "national") -> int:
        """A frame in the provider's page calls."""
        return self.sign_out.end_by_front_channel(service, profile, issuer, sid, self.record_of)

    def at(self, **rules: str | bool) -> House:
        """The same house at a provider whose profile has these rules for signing out."""
        self.door.open(logout=rules, required_claims=[])
        return House(self.door, self.desk)


@pytest.fixture
def house(door: Door, desk: Desk) -> House:
    """One service."""
    return House(door, desk)


def test_signed_out_here_and_then_at_the_provider(house: House, fake: FakeProvider) -> None:
    """Item 33: no ID token and no number in the address."""
    token = house.come_in()
    ended = house.sign_out.end(house.desk.live(token), SIGNED_OUT, house.record)
    assert house.desk.read(token) is None
    assert house.recorded == ["sign-out"]
    parts = urlsplit(ended.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{fake.origin}/logout"
    assert ended.state is not None
    assert dict(parse_qsl(parts.query)) == {
        "client_id": "portal",
        "post_logout_redirect_uri": SIGNED_OUT,
        "state": ended.state,
    }
    assert ended.state not in repr(ended)


@pytest.mark.parametrize("fault", ["no endpoint", "down", "profile gone"])
def test_signed_out_here_even_when_the_provider_cannot(house: House, fake: FakeProvider, fault: str) -> None:
    """Item 33."""
    token = house.come_in()
    live = house.desk.live(token)
    house.door.clock.advance(minutes=1)
    if fault == "no endpoint":
        fake.metadata = {"end_session_endpoint": REMOVED}
        house.door.open()
    elif fault == "down":
        fake.answers["/.well-known/openid-configuration"] = Answer(status=503)
        house.door.open()
    providers = {} if fault == "profile gone" else {(SERVICE, "national"): house.door.provider}
    sign_out = SignOut(house.desk.store, house.desk.sessions, providers, house.door.clock)
    ended = sign_out.end(live, SIGNED_OUT, house.record, "left")
    assert (ended.url, ended.state) == (SIGNED_OUT, None)
    assert house.desk.read(token) is None


def test_a_provider_that_signs_nobody_out_is_not_asked_to(house: House) -> None:
    """Item 33: its profile says so, whatever its discovery document advertises."""
    house = house.at(rp_initiated="none")
    token = house.come_in()
    ended = house.sign_out.end(house.desk.live(token), SIGNED_OUT, house.record)
    assert (ended.url, ended.state) == (SIGNED_OUT, None)


def test_signed_out_everywhere(house: House) -> None:
    """Every session of the account, and nobody else's."""
    first, second = house.come_in(), house.come_in()
    house.door.fake.claims = {"sub": "pairwise-2"}
    other = house.come_in()
    house.sign_out.end(house.desk.live(first), SIGNED_OUT, house.record, "everywhere", everywhere=True)
    assert (house.desk.read(first), house.desk.read(second)) == (None, None)
    assert house.desk.opens(other)
    assert house.recorded == ["sign-out"]


def test_without_its_row_in_the_journal_nothing_is_ended(house: House) -> None:
    token = house.come_in()

    def failing(connection: Connection) -> None:
        connection.execute(change_cursor.insert().values(service_id=None))

    with pytest.raises(IntegrityError):
        house.sign_out.end(house.desk.live(token), SIGNED_OUT, failing)
    assert isinstance(house.desk.read(token), Session)


def test_the_provider_signs_somebody_out(house: House) -> None:
    """Items 35 and 38: by the session's id alone; another session of the same person stays."""
    token, (who, account) = house.come_in(), _other_session(house)
    with house.desk.store.write() as connection:
        other = house.desk.sessions.create(connection, NewSession(account, who))
    assert house.back_channel(house.token()) == 1
    assert house.desk.read(token) is None
    assert house.desk.opens(other)
    assert house.recorded == ["sign-out"]
    assert house.accounts == [account.id]
    assert house.back_channel(house.token(jti="logout-2")) == 0


def _other_session(house: House) -> tuple[Identified, Account]:
    house.door.fake.claims = {"sid": "provider-session-2"}
    who = house.door.through()
    return who, house.desk.bind(who)


def test_signed_out_before_the_sign_in_has_ended(house: House) -> None:
    """Item 36."""
    assert house.back_channel(house.token()) == 0
    with pytest.raises(SignInError, match="signed_out_meanwhile"):
        house.come_in()


def test_the_same_order_counts_once(house: House) -> None:
    """Item 35."""
    order = house.token()
    house.back_channel(order)
    with pytest.raises(SignInError, match="logout_replayed"):
        house.back_channel(order)


def test_an_order_is_remembered_as_long_as_it_is_believed(house: House, fake: FakeProvider) -> None:
    """Item 35: at a provider whose tokens are believed for an hour, too, and with the purge."""
    house.door.open(max_token_age=3600, logout={"back_channel_match": "sub"}, required_claims=[])
    house = House(house.door, house.desk)
    now = int(fake.clock().timestamp())
    order = house.token(sub="pairwise-1", exp=now + 3600)
    house.back_channel(order)
    fake.clock.advance(minutes=50)
    purge(house.door.store, fake.clock())
    token = house.come_in()
    with pytest.raises(SignInError, match="logout_replayed"):
        house.back_channel(order)
    assert house.desk.read(token) is not None


BAD: list[tuple[dict[str, Any], str]] = [
    ({"iss": "https://other.example"}, "issuer"),
    ({"iss": REMOVED}, "issuer"),
    ({"aud": "other"}, "audience"),
    ({"aud": ["portal", "other"]}, "audience"),
    ({"aud": REMOVED}, "audience"),
    ({"iat": REMOVED}, "token_too_old"),
    ({"iat": 0}, "token_too_old"),
    ({"exp": 0}, "token_expired"),
    ({"exp": "later"}, "token_expired"),
    ({"iat": 10**11}, "token_from_future"),
    ({"events": REMOVED}, "logout_event"),
    ({"events": {}}, "logout_event"),
    ({"events": {EVENT: "yes"}}, "logout_event"),
    ({"events": [EVENT]}, "logout_event"),
    ({"events": {"http://schemas.openid.net/event/other": {}}}, "logout_event"),
    ({"nonce": "n"}, "logout_event"),
    ({"sid": REMOVED}, "logout_session"),
    ({"sid": ""}, "logout_session"),
    ({"sid": 7}, "logout_session"),
    ({"jti": REMOVED}, "logout_session"),
    ({"jti": "j" * 256}, "logout_session"),
    ({"header": {"typ": "JWT"}}, "token_type"),
    ({"header": {"typ": REMOVED}}, "token_type"),
    ({"header": {"typ": "logout+jwt", "kid": "unknown"}}, "token_signature"),
]


@pytest.mark.parametrize(("changes", "code"), BAD, ids=lambda value: str(value)[:50])
def test_an_order_that_is_not_one_ends_nothing(house: House, changes: dict[str, Any], code: str) -> None:
    """Item 35."""
    token = house.come_in()
    with pytest.raises(SignInError) as refused:
        house.back_channel(house.token(**changes))
    assert refused.value.code == code
    assert house.desk.opens(token)
    assert house.recorded == []


@pytest.mark.parametrize("token", [None, "", "x.y.z", 7, "a" * 80_001], ids=lambda value: str(value)[:10])
def test_what_is_no_token_at_all(house: House, token: object) -> None:
    with pytest.raises(SignInError, match="token_format"):
        house.back_channel(token)


def test_an_order_signed_by_somebody_else(house: House, fake: FakeProvider) -> None:
    """Item 35."""
    token = house.come_in()
    honest, fake.signing = fake.signing, provider_key("thief")
    forged = house.token({"kid": "key-1"})
    fake.signing = honest
    with pytest.raises(SignInError, match="token_signature"):
        house.back_channel(forged)
    assert house.desk.opens(token)


def test_an_id_token_is_no_order_and_an_order_no_id_token(house: House, fake: FakeProvider) -> None:
    fake.id_token = lambda claims: house.token(**claims)
    with pytest.raises(SignInError, match="token_type"):
        house.come_in()


def test_an_order_may_have_no_end(house: House) -> None:
    token = house.come_in()
    assert house.back_channel(house.token(exp=REMOVED)) == 1
    assert house.desk.read(token) is None


def test_an_order_at_another_service_or_profile(house: House) -> None:
    token = house.come_in()
    for service, profile in (("lillevik", "national"), (SERVICE, "staff")):
        with pytest.raises(SignInError, match="profile_unknown"):
            house.back_channel(house.token(), service, profile)
    assert house.desk.opens(token)


def test_nothing_of_an_order_is_kept(house: House, clock: ManualClock) -> None:
    """The `sub` of a real provider's logout token is a person number."""
    house.come_in()
    house.back_channel(house.token())
    with house.desk.store.read() as connection:
        rows = connection.execute(select(session)).all()
    assert rows[0].revoked_at == clock.now
    assert PID not in str(rows)
    assert rows[0].realm == Realm.FAMILY


def test_a_provider_that_names_the_person_ends_all_that_they_have(house: House) -> None:
    """Item 35, where the profile says `sub`: a token without `sid`, and without its own type where that is allowed."""
    house = house.at(back_channel_match="sub", back_channel_type="lenient")
    house.door.fake.claims = {"sid": REMOVED}
    tokens = [house.come_in(), house.come_in()]
    house.door.fake.claims = {"sub": "pairwise-2"}
    other = house.come_in()
    order = house.token({"typ": REMOVED}, sub="pairwise-1", sid=REMOVED)
    assert house.back_channel(order) == 2
    assert [house.desk.read(token) for token in tokens] == [None, None]
    assert house.desk.opens(other)
    with pytest.raises(SignInError, match="logout_session"):
        house.back_channel(house.token(sub=REMOVED, jti="logout-2"))


def test_the_person_named_before_the_sign_in_has_ended(house: House) -> None:
    """Item 36: what began before the order ends with it, and whoever comes again later is let in."""
    house = house.at(back_channel_match="sub")
    begun = house.door.through()
    house.back_channel(house.token(sub="pairwise-1"))
    with pytest.raises(SignInError, match="signed_out_meanwhile"):
        house.desk.sign_in(begun)
    house.door.clock.advance(seconds=1)
    later = house.come_in()
    assert house.desk.opens(later)
    house.back_channel(house.token(sub="pairwise-1", jti="logout-2"))
    assert house.desk.read(later) is None


def test_an_order_must_end_where_the_profile_says_so(house: House) -> None:
    house = house.at(back_channel_require_exp=True)
    token = house.come_in()
    with pytest.raises(SignInError, match="token_expired"):
        house.back_channel(house.token(exp=REMOVED))
    assert house.desk.opens(token)


SID = "provider-session-1"


@pytest.mark.parametrize(
    ("rule", "issuer", "ends"),
    [
        ("required", "", True),
        ("required", "/", False),
        ("required", None, False),
        ("slash_tolerant", "/", True),
        ("slash_tolerant", "", True),
        ("slash_tolerant", ".evil.example", False),
        ("slash_tolerant", None, False),
        ("absent", None, True),
        ("absent", ".evil.example", False),
        ("none", "", False),
    ],
)
def test_the_front_channel_ends_by_issuer_and_session(
    house: House, rule: str, issuer: str | None, *, ends: bool
) -> None:
    """Item 37: as exactly as the profile says."""
    house = house.at(front_channel=rule)
    token = house.come_in()
    named = None if issuer is None else house.door.fake.origin + issuer
    assert house.front_channel(named, SID) == int(ends)
    assert house.desk.opens(token) is not ends
    assert house.recorded == ["sign-out"] * int(ends)


@pytest.mark.parametrize("sid", ["", "provider-session-2", "s" * 256, "provider-session-1\n"])
def test_whoever_does_not_know_the_session_ends_nothing_and_writes_nothing(house: House, sid: str) -> None:
    """Item 37: nobody can sign others out, nor fill the database."""
    house = house.at(front_channel="required")
    token = house.come_in()
    assert house.front_channel(house.door.fake.origin, sid) == 0
    with pytest.raises(SignInError, match="profile_unknown"):
        house.front_channel(house.door.fake.origin, SID, "lillevik")
    assert house.desk.opens(token)
    with house.desk.store.read() as connection:
        assert connection.execute(select(dead_provider_session)).first() is None


def test_where_a_frame_may_stand(house: House, fake: FakeProvider) -> None:
    """Item 37: in the pages of the provider; its issuer is known even while it is down."""
    fake.metadata = {"end_session_endpoint": "https://login.example/out"}
    house.door.open()
    sign_out = House(house.door, house.desk).sign_out
    assert sign_out.frame_origins(SERVICE, "national") == (fake.origin, "https://login.example")
    fake.answers["/.well-known/openid-configuration"] = Answer(status=503)
    house.door.open()
    assert House(house.door, house.desk).sign_out.frame_origins(SERVICE, "national") == (fake.origin,)
