"""The code of one's own, page by page: what it hides, what it never hides, and that nobody can tell who has one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.demo.reference_core import core_id
from portal.domain.people import Realm
from portal.identity.slow import SlowHash
from portal.store.tables import audit_event, own_code, session
from portal.web.cookies import SESSION_COOKIES
from portal.web.rule import GatedRule
from tests.house import House, build
from tests.inspector import HTML, Browser, hidden_fields, parsed, text_of

CODE = "4711"
SOFIE = core_id("fjordvik", "case", "sofie")
TALK = f"/cases/{SOFIE}/messages"
PLAN = f"/cases/{SOFIE}/plan"
STORY = "Jeg vil ha ro når jeg gjør lekser."
SAID = {
    "message": "Jeg vil bo hos mormor.",
    "remark": "Leksehjelpen er for tidlig.",
    "help": "Noen roper hele natta.",
    "written on": "Og så er det en ting til.",
    "more": "Jeg lurer på brevet fra mars.",
    "begun message": "Det jeg ikke tør å",
    "begun remark": "Planen er teit fordi",
    "begun help": "Kan dere komme når",
    "begun more": "Får jeg se det om",
}
SHOWN = {kind: words for kind, words in SAID.items() if kind not in {"help", "more"}} | {"story": STORY}
"""What some page shows to whoever has no code. The other two go to the worker and come back on no page."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    quick = SlowHash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return build(tmp_path_factory.mktemp("house"), slow=quick)


@pytest.fixture
def house(built: House) -> Iterator[House]:
    """Nobody has a code, before and after."""
    yield built
    with built.parts.store.write() as connection:
        connection.execute(own_code.delete())
        connection.execute(update(session).values(locked=False))
    built.clock.pass_(minutes=10)  # a new window of every limit


def sets_code(browser: Browser, code: str = CODE, now: str = "") -> TestResponse:
    page = browser.get("/account/code")
    return browser.submit(page, {"code": now, "new_code": code, "again": code}, "/account/code")


def with_code(house: House, key: str = "sofie") -> Browser:
    """Somebody who has a code and has just signed in."""
    assert sets_code(house.signed_in(key)).status_code == 303
    return house.signed_in(key)


def unlocks(browser: Browser, page: TestResponse, code: str = CODE) -> TestResponse:
    return browser.submit(page, {"code": code}, "/account/unlock")


def heading(page: TestResponse) -> str:
    return text_of(next(parsed(page).iter(f"{HTML}h1")))


def is_asked(page: TestResponse) -> bool:
    return page.status_code in {403, 422} and 'action="/account/unlock"' in page.get_data(as_text=True)


def plain(page: TestResponse) -> str:
    """A page without what is other each time: tokens and the ids of forms."""
    return re.sub(r'name="(csrf_token|submission_id)" value="[^"]+"', "", page.get_data(as_text=True))


def journal(house: House) -> list[tuple[str, str]]:
    with house.parts.store.read() as connection:
        rows = connection.execute(select(audit_event.c.event, audit_event.c.outcome).order_by(audit_event.c.sequence))
        return [(row.event, row.outcome) for row in rows if row.event.startswith("code_")]


def write_everything(house: House) -> tuple[str, ...]:
    """Sofie sends and begins something of every kind, and it arrives. The addresses of what she sent."""
    browser = house.signed_in("sofie")
    browser.submit(browser.get(TALK), {"body": SAID["message"]}, TALK)
    plan = browser.get(PLAN)
    browser.submit(plan, {"body": SAID["remark"]}, f"{PLAN}/comments")
    browser.submit(browser.get(f"/cases/{SOFIE}/ask-to-see-more"), {"body": SAID["more"]})
    answer_help(browser, SAID["help"])
    browser.submit(browser.get("/ask-for-help/check"), {}, "/ask-for-help/send")
    house.deliver()
    asked = next(path for path in links(browser.get("/sent")) if path.startswith("/asked/"))
    browser.submit(browser.get(asked), {"body": SAID["written on"]}, asked)
    house.deliver()
    begins(browser)
    return tuple(path for path in links(browser.get("/sent")) if path.startswith(("/sent/", "/asked/")))


def links(page: TestResponse) -> list[str]:
    return [link.get("href") or "" for link in parsed(page).iter(f"{HTML}a")]


def answer_help(browser: Browser, words: str) -> None:
    start = browser.get("/ask-for-help")
    browser.submit(start, {"who": "child"}, "/ask-for-help")
    answer = browser.post("/ask-for-help/tell", {"csrf_token": browser.token(), "body": words})
    assert answer.status_code == 303


def begins(browser: Browser) -> None:
    """Half-written texts, kept by the page itself."""
    token = {"csrf_token": browser.token(), "keep_for_later": "1"}
    field = hidden(browser.get(PLAN), f"{PLAN}/comments")
    assert browser.post(TALK, token | {"body": SAID["begun message"]}).status_code == 204
    assert browser.post(f"{PLAN}/comments", field | token | {"body": SAID["begun remark"]}).status_code == 204
    more = f"/cases/{SOFIE}/ask-to-see-more"
    assert browser.post(more, token | {"body": SAID["begun more"]}).status_code == 204
    answer_help(browser, SAID["begun help"])


def hidden(page: TestResponse, action: str) -> dict[str, str]:
    return hidden_fields(next(each for each in parsed(page).iter(f"{HTML}form") if each.get("action") == action))


def everything_seen(house: House, browser: Browser, sent: tuple[str, ...]) -> str:
    """Every page of the family's side and every public one, as one long text."""
    target = hidden(browser.get(PLAN), f"{PLAN}/comments")["target_id"]
    paths = [f"{PLAN}?write=goal-{target}", *sent]
    for rule in house.app.url_map.iter_rules():
        assert isinstance(rule, GatedRule)
        ours = rule.access.realm in {None, Realm.FAMILY} and "GET" in (rule.methods or ())
        if ours and rule.endpoint not in {"public.leave", "public.static"}:
            paths += [filled(rule.rule, sent)]
    assert len(paths) > 20
    return "\n".join(browser.get(path).get_data(as_text=True) for path in paths)


def filled(rule: str, sent: tuple[str, ...]) -> str:
    asked = next(path for path in sent if path.startswith("/asked/")).removeprefix("/asked/")
    ids = {"case_id": SOFIE, "referral_id": asked, "submission_id": sent[0].removeprefix("/sent/"), "code": "tell"}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids.get(found[1], SOFIE), rule)


def test_behind_the_code_no_page_shows_a_word_that_was_written(house: House) -> None:
    sent = write_everything(house)
    seen = everything_seen(house, house.signed_in("sofie"), sent)
    for kind, words in SHOWN.items():
        assert words in seen, f"the walk does not come by {kind}"
    locked = with_code(house)
    seen = everything_seen(house, locked, sent)
    for kind, words in {**SAID, "story": STORY}.items():
        assert words not in seen, kind
    assert not any(f'href="{path}"' in seen for path in sent), "not even that something was sent"
    unlocks(locked, locked.get(TALK))
    seen = everything_seen(house, locked, sent)
    assert all(words in seen for words in SHOWN.values())


def test_a_form_with_a_mistake_shows_no_other_word_either(house: House) -> None:
    sent = write_everything(house)
    asked = next(path for path in sent if path.startswith("/asked/"))
    locked = with_code(house)
    remark = hidden(locked.get(PLAN), f"{PLAN}/comments")
    for path, form in ((TALK, {}), (f"{PLAN}/comments", remark), (asked, {})):
        answer = locked.post(path, form | {"csrf_token": locked.token(), "body": ""})
        assert answer.status_code == 422, path
        assert not any(words in answer.get_data(as_text=True) for words in (*SAID.values(), STORY)), path


def test_settings_and_what_is_for_everybody_are_the_same_with_a_code_and_without(house: House) -> None:
    paths = ("/", "/account/code", "/privacy", "/help")
    without = house.signed_in("sofie")
    before = [plain(without.get(path)) for path in paths]
    locked = with_code(house)
    assert is_asked(locked.get(TALK))
    assert [plain(locked.get(path)) for path in paths] == before
    unlocks(locked, locked.get(TALK))
    assert [plain(locked.get(path)) for path in paths] == before


def test_before_the_code_nothing_tells_that_somebody_wrote_or_answered_or_was_here(house: House) -> None:
    """R20: that an answer is due, that one came, and when the owner was here, all tell that a child has written."""
    for key in ("sofie", "ingrid"):
        house.signed_in(key)
    case, mine, last = f"/cases/{SOFIE}", "/account", "Last time you were here"
    telling = ("answers by", "You got a message", "for you to read.", last)
    wrote = house.signed_in("sofie", language="en")
    assert any(words in wrote.get(case).text for words in telling), "Sofie waits for an answer"
    assert last in wrote.get(mine).text
    assert sets_code(wrote).status_code == 303
    locked = house.signed_in("sofie", language="en")
    for path in (case, mine):
        assert not any(words in locked.get(path).text for words in telling), path
    unlocks(locked, locked.get(TALK))
    assert any(words in locked.get(case).text for words in telling)
    assert last in locked.get(mine).text
    mother = house.signed_in("ingrid", language="en")
    assert last in mother.get("/home").text
    assert sets_code(mother).status_code == 303
    home = house.signed_in("ingrid", language="en").get("/home")
    assert home.status_code == 200
    assert not any(words in home.text for words in telling)


def test_no_browser_offers_to_keep_the_code(house: House) -> None:
    """What a browser keeps it types for the next person, too; fields of type password are kept whatever is asked."""
    for page in (house.signed_in("sofie").get("/account/code"), with_code(house).get(TALK)):
        fields = [field for field in parsed(page).iter(f"{HTML}input") if field.get("type") != "hidden"]
        assert fields
        assert {(field.get("type"), field.get("autocomplete")) for field in fields} == {("text", "off")}


def test_whoever_has_no_code_never_meets_the_question(house: House) -> None:
    browser = house.signed_in("sofie")
    assert browser.get(TALK).status_code == browser.get("/sent").status_code == 200
    asked = browser.get(f"/account/unlock?next={TALK}")
    assert (asked.status_code, asked.headers["Location"]) == (303, TALK)
    answer = browser.post("/account/unlock", {"csrf_token": browser.token(), "next": "https://elsewhere.example/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    assert journal(house) == [] or journal(house)[-1][0] != "code_refused"


def test_the_right_code_leads_on_with_a_new_cookie_and_half_written_forms_still_count(house: House) -> None:
    locked = with_code(house)
    token, cookie = locked.token(), locked.session_cookie()
    page = locked.get(TALK)
    assert page.status_code == 403
    opened = unlocks(locked, page)
    assert (opened.status_code, opened.headers["Location"]) == (303, TALK)
    assert locked.session_cookie() != cookie
    assert locked.get(TALK).status_code == 200
    old = house.browser()
    old.client.set_cookie(SESSION_COOKIES[Realm.FAMILY], cookie, domain=old.host, secure=True)
    assert old.get("/sent").status_code == 303, "the old cookie is dead"
    form = {"csrf_token": token, "submission_id": "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8fc0de", "body": "Fra en annen fane."}
    assert locked.post(TALK, form).status_code == 303


def test_the_code_may_be_typed_with_spaces_and_in_other_digits(house: House) -> None:
    locked = with_code(house)
    assert unlocks(locked, locked.get(TALK), "\u0664\u0667 \u0661\u0661").status_code == 303


def test_nobody_is_sent_to_another_site_by_the_question(house: House) -> None:
    locked = with_code(house)
    answer = locked.post(
        "/account/unlock", {"csrf_token": locked.token(), "code": CODE, "next": "//elsewhere.example/"}
    )
    assert answer.headers["Location"] == "/home"


def test_wrong_codes_are_told_at_the_field_and_wait_and_close_neither_writing_nor_help(house: House) -> None:
    locked = with_code(house)
    page = locked.get(TALK)
    for _ in range(3):
        page = unlocks(locked, page, "0000")
        assert is_asked(page)
        assert 'aria-invalid="true"' in page.get_data(as_text=True)
    assert "30" in text_of(next(parsed(page).iter(f"{HTML}main")))
    house.clock.pass_(seconds=29)
    assert is_asked(unlocks(locked, page))
    assert {f"{TALK}/new", "/ask-for-help", "/home"} <= set(links(page))
    for path in (f"{TALK}/new", "/ask-for-help", "/home", "/help", PLAN):
        assert locked.get(path).status_code in {200, 303}, path
    wrote = locked.submit(locked.get(f"{TALK}/new"), {"body": "Dette går alltid."})
    assert wrote.status_code == 200
    assert "Dette går alltid." not in wrote.get_data(as_text=True)
    house.deliver()
    house.clock.pass_(seconds=2)
    assert unlocks(locked, page).status_code == 303
    assert "Dette går alltid." in locked.get(TALK).get_data(as_text=True)
    assert journal(house)[-5:] == [
        ("code_set", "ok"),
        *[("code_refused", "wrong")] * 3,
        ("code_refused", "waiting"),
    ]


def test_asking_for_help_goes_all_the_way_without_the_code(house: House) -> None:
    write_everything(house)
    locked = with_code(house)
    assert "/ask-for-help/tell" not in locked.get("/ask-for-help").get_data(as_text=True), "what was begun is not told"
    before = len(sent_ids(house))
    answer_help(locked, "Kom nå.")
    check = locked.get("/ask-for-help/check")
    assert "Kom nå." in check.get_data(as_text=True)
    assert SAID["begun help"] not in check.get_data(as_text=True)
    done = locked.submit(check, {}, "/ask-for-help/send")
    assert done.status_code == 200
    assert "Kom nå." not in done.get_data(as_text=True)
    again = locked.post("/ask-for-help/send", hidden(check, "/ask-for-help/send") | {"csrf_token": locked.token()})
    assert (again.status_code, heading(again)) == (200, heading(done)), "sent again it is still sent once"
    assert len(sent_ids(house)) == before + 1
    unlocks(locked, locked.get("/sent"))
    seen = locked.get("/ask-for-help/check").get_data(as_text=True)
    assert SAID["begun help"] in seen, "what was begun before waits where it was"
    assert "Kom nå." not in seen


def sent_ids(house: House) -> set[str]:
    return set(re.findall(r"/sent/([0-9a-f-]{36})", sent_page(house)))


def sent_page(house: House) -> str:
    browser = house.signed_in("sofie")
    page = browser.get("/sent")
    if is_asked(page):
        unlocks(browser, page)
        page = browser.get("/sent")
    return page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "body"),
    [(TALK, "En melding."), (f"{PLAN}/comments", "En kommentar."), (f"/cases/{SOFIE}/ask-to-see-more", "Et ønske.")],
)
def test_what_is_sent_behind_the_code_is_kept_and_says_so_without_a_word_of_it(
    house: House, path: str, body: str
) -> None:
    locked = with_code(house)
    fields = hidden(locked.get(PLAN), f"{PLAN}/comments")
    sent = locked.post(path, fields | {"csrf_token": locked.token(), "body": body})
    assert sent.status_code == 200
    assert body not in sent.get_data(as_text=True)
    assert "/sent/" not in sent.get_data(as_text=True)
    assert locked.post(path, fields | {"csrf_token": locked.token(), "body": body}).status_code == 200
    assert fields["submission_id"] in sent_ids(house)


def test_writing_on_an_asking_for_help_needs_no_code(house: House) -> None:
    sent = write_everything(house)
    asked = next(path for path in sent if path.startswith("/asked/"))
    locked = with_code(house)
    page = locked.get(asked)
    assert f"{asked}/new" in page.get_data(as_text=True)
    wrote = locked.submit(locked.get(f"{asked}/new"), {"body": "En ting til."})
    assert wrote.status_code == 200
    house.deliver()
    unlocks(locked, page)
    assert "En ting til." in locked.get(asked).get_data(as_text=True)


def test_an_open_page_that_asks_for_news_gets_none(house: House) -> None:
    answer = with_code(house).get(f"{TALK}/news?after=x")
    assert (answer.status_code, answer.get_data()) == (401, b"")


def test_the_answers_to_a_wrong_code_are_the_same_with_a_code_and_without(house: House) -> None:
    def tries() -> list[tuple[int, str]]:
        browser = house.signed_in("jakob")
        forms = [{"code": "0000", "new_code": "1357", "again": "1357"}, {"code": "0000", "remove": "1"}] * 2
        answers = [browser.submit(browser.get("/account/code"), form, "/account/code") for form in forms]
        return [(answer.status_code, plain(answer)) for answer in answers]

    without = tries()
    house.clock.pass_(seconds=31)
    sets_code(house.signed_in("jakob"))
    assert tries() == without
    assert [status for status, _ in without] == [422] * 4


def test_a_code_is_changed_and_taken_away_only_with_the_one_there_is(house: House) -> None:
    browser = house.signed_in("sofie")
    saved = sets_code(browser)
    assert saved.headers["Location"] == "/account/code?saved=1"
    assert browser.get(TALK).status_code == 200, "this session stays open"
    assert sets_code(browser, "1357").status_code == 422
    assert sets_code(browser, "1357", "0000").status_code == 422
    assert sets_code(browser, "1357", CODE).status_code == 303
    locked = house.signed_in("sofie")
    assert is_asked(unlocks(locked, locked.get(TALK)))
    gone = locked.submit(locked.get("/account/code"), {"code": "1357", "remove": "1"}, "/account/code")
    assert gone.headers["Location"] == saved.headers["Location"]
    assert locked.get(TALK).status_code == 200
    assert house.signed_in("sofie").get(TALK).status_code == 200
    assert journal(house)[-1] == ("code_removed", "ok")


@pytest.mark.parametrize(
    ("new", "again", "field"),
    [("123", "123", "new_code"), ("123456789", "123456789", "new_code"), ("abcd", "abcd", "new_code"),
     ("", "", "new_code"), ("1357", "1358", "again")],
)  # fmt: skip
def test_a_code_that_does_not_do_is_told_before_anything_is_compared(
    house: House, new: str, again: str, field: str
) -> None:
    browser = house.signed_in("sofie")
    before = journal(house)
    form = {"code": "0000", "new_code": new, "again": again}
    answer = browser.submit(browser.get("/account/code"), form, "/account/code")
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.get_data(as_text=True)
    shown = [box.get("value") for box in parsed(answer).iter(f"{HTML}input") if "masked" in (box.get("class") or "")]
    assert shown == ["", "", ""], "what was typed is not shown again"
    assert journal(house) == before
    assert house.signed_in("sofie").get(TALK).status_code == 200


def test_an_expired_session_neither_opens_nor_changes_anything(house: House) -> None:
    locked = with_code(house)
    token = locked.token()
    house.clock.pass_(minutes=31)
    forms = {"/account/unlock": {"code": CODE}, "/account/code": {"code": CODE, "remove": "1"}}
    for path, form in forms.items():
        assert locked.post(path, form | {"csrf_token": token}).status_code == 401
    assert is_asked(house.signed_in("sofie").get(TALK))


def test_the_staff_have_no_such_code(house: House) -> None:
    kari = house.signed_in("kari")
    assert kari.get("/account/code").headers["Location"].startswith("/sign-in")
    form = {"csrf_token": kari.token(), "new_code": CODE, "again": CODE}
    assert kari.post("/account/code", form).status_code in {303, 401, 403}
    with house.parts.store.read() as connection:
        assert connection.execute(select(own_code)).all() == []
    assert kari.get("/staff").status_code == 200


def test_text_that_outlives_a_locked_session_is_there_after_the_code(house: House) -> None:
    locked = with_code(house)
    token = locked.token()
    house.clock.pass_(minutes=31)
    form = {"csrf_token": token, "body": "Midt i en setning", "submission_id": "5b0c6d2e-8a0e-4f5e-9c39-2b1f4a8fc0df"}
    assert locked.post(TALK, form).status_code == 401
    again = house.signed_in("sofie")
    assert "Midt i en setning" not in again.get(f"{TALK}/new").get_data(as_text=True)
    unlocks(again, again.get(TALK))
    assert "Midt i en setning" in again.get(TALK).get_data(as_text=True)


def test_a_session_ended_while_the_code_was_compared_opens_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = with_code(house)
    page = locked.get(TALK)
    honest = house.parts.own_codes.prove

    def slowly(*given: object, **named: object) -> object:
        proof = honest(*given, **named)  # type: ignore[arg-type]
        with house.parts.store.write() as connection:
            connection.execute(update(session).values(revoked_at=house.clock()))
        return proof

    monkeypatch.setattr(house.parts.own_codes, "prove", slowly)
    assert unlocks(locked, page).headers["Location"].startswith("/sign-in")
    assert locked.get(TALK).status_code == 303


def test_tries_are_limited_for_the_account_also_with_the_right_code(house: House) -> None:
    browser = house.signed_in("sofie")
    sets_code(browser)
    answers = [sets_code(browser, CODE, CODE) for _ in range(30)]
    assert {answer.status_code for answer in answers[:-1]} == {303}
    assert answers[-1].status_code == 429
    assert browser.get("/ask-for-help").status_code == 200
