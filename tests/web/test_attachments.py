"""Files with messages, from the browser to the core and back: nothing hidden goes along, and nobody else opens them."""

from __future__ import annotations

import re
import sqlite3
import uuid
from dataclasses import replace
from io import BytesIO
from unittest.mock import Mock, patch

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from portal.core.errors import OutcomeUnknown, Unavailable
from portal.demo.reference_core import core_id
from portal.outbox.files import wiped
from portal.store.tables import seen_mark, submission, submission_file
from portal.uploads.desk import Desk, Limits
from portal.uploads.scanner import Clamd
from tests.house import House, build
from tests.unit.uploads.corpus import MARK
from tests.unit.uploads.documents_sent import pdf
from tests.unit.uploads.pictures_sent import drawing, exif, saved, zipped
from tests.unit.uploads.sounds_sent import recorded

SERVICE = "fjordvik"
PICTURE = saved(drawing(), "JPEG", exif=exif()) + MARK
OF_SOFIE = f"FROM attachment WHERE owner = '{core_id(SERVICE, 'person', 'sofie')}'"
NAKED = "Do not send naked pictures. You have done nothing wrong. Tell us, and we help."
FILE_ADDRESS = re.compile(r'(?:src|href)="((?:/en)?/[^"]*/files/[0-9a-f-]{36})"')


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(Limits(), None, seconds=120, wait=300)


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> House:
    """One for each test: what is sent in one must not lie in another."""
    return build(tmp_path_factory.mktemp("house"), uploads=desk)


def talk(child: str = "sofie") -> str:
    return f"/cases/{core_id(SERVICE, 'case', child)}/messages"


def thread(who: str = "sofie", child: str = "sofie") -> str:
    return f"/staff/threads/{core_id(SERVICE, 'thread', child, who)}"


def write(
    house: House, content: bytes = PICTURE, words: str = "Se her", who: str = "sofie", **fields: str
) -> TestResponse:
    """Send the message form of a person's conversation with a file, as a browser does."""
    browser = house.signed_in(who, language="en")
    return browser.submit(browser.get(talk()), fields | {"body": words, "file": named(content)}, talk())


def named(content: bytes) -> FileStorage:
    return FileStorage(BytesIO(content), f"{MARK.decode()}.docx", content_type="text/html")


def addresses(page: TestResponse) -> list[str]:
    return FILE_ADDRESS.findall(page.get_data(as_text=True))


def stored(house: House) -> sqlite3.Connection:
    return sqlite3.connect(house.plan.folder / "core-fjordvik.db")


def rows(house: House) -> int:
    with house.parts.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(submission_file)).scalar_one())


def test_a_picture_reaches_the_caseworker_without_what_was_hidden_in_it(house: House) -> None:
    """Feature M3: re-encoded, delivered into the core, blurred first for staff, and seen is noted."""
    assert write(house).status_code == 303
    assert rows(house) == 1
    house.deliver()
    assert rows(house) == 0  # wiped with the words
    kari = house.signed_in("kari", language="en")
    page = kari.get(thread())
    (address,) = addresses(page)
    text = page.get_data(as_text=True)
    assert '<div class="blurred"><input type="checkbox"' in text
    answer = kari.get(address)
    with Image.open(BytesIO(answer.data), formats=["JPEG"]) as picture:
        assert picture.size == drawing().size
    assert MARK not in answer.data
    assert answer.mimetype == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "inline; filename=picture-2026-11-19.jpg"
    with house.parts.store.read() as connection:
        seen = connection.execute(select(seen_mark.c.item)).scalars().all()
    assert f"attachment:{address.rsplit('/', 1)[1]}" in seen


def test_whoever_sent_it_sees_it_again_and_nobody_else_of_the_family_does(house: House) -> None:
    """Feature M3 and rules.md R13, R14: neither the picture nor a word of there being one."""
    before = house.signed_in("ingrid").get(talk()).data
    write(house)
    house.deliver()
    sofie = house.signed_in("sofie", language="en")
    (address,) = addresses(sofie.get(talk()))
    assert sofie.get(address).mimetype == "image/jpeg"
    ingrid = house.signed_in("ingrid")
    assert clean(ingrid.get(talk()).data) == clean(before)
    nothing = ingrid.get(f"{talk()}/files/{uuid.uuid4()}")
    hers = ingrid.get(address.removeprefix("/en"))
    assert (hers.status_code, clean(hers.data)) == (404, clean(nothing.data))


@pytest.mark.parametrize("who", ["thomas", "ingrid", "jakob"])
def test_other_peoples_files_are_the_one_no(house: House, who: str) -> None:
    write(house)
    house.deliver()
    (address,) = addresses(house.signed_in("sofie", language="en").get(talk()))
    browser = house.signed_in(who)
    for path in (address.removeprefix("/en"), address.removeprefix("/en").replace(talk(), talk("jakob"))):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert b"JFIF" not in answer.data


def test_a_worker_of_another_thread_and_a_wrong_thread_are_the_one_no(house: House) -> None:
    write(house)
    house.deliver()
    (address,) = addresses(house.signed_in("kari", language="en").get(thread()))
    file_id = address.rsplit("/", 1)[1]
    assert house.signed_in("kari").get(f"{thread('ingrid')}/files/{file_id}").status_code == 404
    assert house.signed_in("kari").get(f"{thread()}/files/{uuid.uuid4()}").status_code == 404
    assert house.signed_in("sofie").get(f"{thread()}/files/{file_id}").status_code in {302, 303, 404}


def test_evidence_goes_untouched_to_the_evidence_place_and_is_shown_to_nobody(house: House) -> None:
    """Feature M3 and rules.md, safety 7: "This shows something that happened"."""
    write(house, evidence="yes")
    house.deliver()
    with stored(house) as core:
        (row,) = core.execute(f"SELECT id, media_type, content {OF_SOFIE}").fetchall()
    assert (row[1], row[2]) == ("application/octet-stream", PICTURE)
    for who, page in (("sofie", talk()), ("kari", thread())):
        browser = house.signed_in(who, language="en")
        shown = browser.get(page)
        assert "A file is kept as evidence. It is not shown here." in shown.get_data(as_text=True)
        assert addresses(shown) == []
        assert browser.get(f"{page}/files/{row[0]}").status_code == 404


def test_a_picture_needs_no_words(house: House) -> None:
    assert write(house, words="").status_code == 303
    house.deliver()
    assert len(addresses(house.signed_in("kari").get(thread()))) == 1


def test_a_sound_is_played_in_pieces_and_a_document_is_fetched_under_a_name_that_tells_nothing(house: House) -> None:
    write(house, recorded("m4a", tags=True))
    write(house, pdf())
    house.deliver()
    kari = house.signed_in("kari", language="en")
    sound, document = addresses(kari.get(thread()))
    piece = kari.get(sound, Range="bytes=0-3")
    assert (piece.status_code, piece.data, piece.mimetype) == (206, b"OggS", "audio/ogg")
    fetched = kari.get(document)
    assert fetched.headers["Content-Disposition"] == "attachment; filename=document-2026-11-19.pdf"
    assert fetched.data.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\3\4" + b"\0" * 22 + b"[Content_Types].xml", "Make it a PDF, or take a photo of it."),
        (zipped("a.txt") + PICTURE, "You can send a photo, a sound or a PDF."),
        (PICTURE.ljust(16_000_000, b"\0"), "Try a smaller picture or a shorter recording."),
        (PICTURE[:200], "Try again, or take a photo of it."),
        (b"", "The file was empty."),
    ],
)
def test_a_file_that_is_not_taken_is_told_kindly_and_the_words_are_there(
    house: House, content: bytes, says: str
) -> None:
    """Feature M3: a broken upload says how to go on; the text is kept as a draft; nothing is sent."""
    page = write(house, content, "Dette er viktig")
    assert page.status_code == 422
    assert says in page.get_data(as_text=True)
    assert "Dette er viktig" in page.get_data(as_text=True)
    assert rows(house) == 0
    assert "Dette er viktig" in house.signed_in("sofie").get(talk()).get_data(as_text=True)


def test_ten_megabytes_of_text_with_a_file_get_a_page_and_not_a_wall(house: House) -> None:
    page = write(house, words="å" * 5_000_000)
    assert page.status_code == 422
    assert "Choose the file once more. It was not sent." in page.get_data(as_text=True)


def test_what_comes_with_a_form_never_lies_on_the_disk(house: House) -> None:
    with patch("werkzeug.formparser.SpooledTemporaryFile", Mock(side_effect=AssertionError)):
        assert write(house, PICTURE.ljust(2_000_000, b"\0")).status_code == 303


def test_more_than_the_route_takes_is_told(house: House) -> None:
    assert write(house, b"\xff\xd8\xff".ljust(40_000_000, b"\0")).status_code == 413


def test_a_file_of_two_faces_has_one_afterwards(house: House) -> None:
    write(house, saved(drawing(), "JPEG") + zipped("where.txt"))
    house.deliver()
    kari = house.signed_in("kari")
    assert b"PK\3\4" not in kari.get(addresses(kari.get(thread()))[0]).data


def test_the_same_form_sent_twice_is_one_message_with_one_picture(house: House) -> None:
    sofie = house.signed_in("sofie", language="en")
    page = sofie.get(talk())
    for _ in range(2):
        sofie.submit(page, {"body": "Se her", "file": named(PICTURE)}, talk())
    house.deliver()
    assert len(addresses(house.signed_in("kari").get(thread()))) == 1


def test_the_limits_and_the_sentence_stand_beside_the_button(house: House) -> None:
    """Feature M3 and rules.md, safety 7."""
    child = house.signed_in("sofie", language="en").get(talk()).get_data(as_text=True)
    adult = house.signed_in("ingrid", language="en").get(talk()).get_data(as_text=True)
    for page in (child, adult):
        assert NAKED in page
        assert 'enctype="multipart/form-data"' in page
    assert "One file, up to 15 MB. A sound can last 2 minutes." in child
    assert "One file, at most 15 MB, 2 minutes of sound or 20 pages." in adult


def test_where_the_core_takes_no_files_there_is_a_sentence_a_number_and_no_field(house: House) -> None:
    gateway = house.parts.gateways[SERVICE]
    found = replace(gateway.capabilities(), attachments=False)
    with patch.object(gateway, "capabilities", lambda: found):
        page = house.signed_in("sofie", language="en").get(talk()).get_data(as_text=True)
        assert "You can not send files here. Do you have something to show us? Call" in page
        assert 'type="file"' not in page
        answer = write_blindly(house)
    assert answer.status_code == 422
    assert "Send your words now, and the file later." in answer.get_data(as_text=True)


def write_blindly(house: House) -> TestResponse:
    """A page that lay open from before."""
    sofie = house.signed_in("sofie", language="en")
    form = {"body": "Se her", "submission_id": str(uuid.uuid4()), "csrf_token": sofie.token()}
    return sofie.post(talk(), form | {"file": named(PICTURE)})


def test_a_scanner_that_is_away_lets_no_file_by_and_keeps_the_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    away = Desk(Limits(), Clamd(None, None, "/nowhere/clamd"))
    house = build(tmp_path_factory.mktemp("house"), uploads=away)
    page = write(house)
    assert page.status_code == 422
    assert "Send your words now, and the file later." in page.get_data(as_text=True)


def test_while_the_core_is_down_a_picture_waits_sealed_and_goes_when_it_is_back(house: House) -> None:
    sofie = house.signed_in("sofie", language="en")
    page = sofie.get(talk())
    with patch.object(house.parts.gateways[SERVICE], "standing", Mock(side_effect=Unavailable)):
        sofie.submit(page, {"body": "Se her", "file": named(PICTURE)}, talk())
        house.deliver()
    assert rows(house) == 1
    with house.parts.store.read() as connection:
        sealed = connection.execute(select(submission_file.c.sealed)).scalar_one()
    assert b"JFIF" not in sealed
    house.clock.pass_(minutes=10)
    house.deliver()
    house.clock.pass_(minutes=10)
    house.deliver()
    assert len(addresses(house.signed_in("kari").get(thread()))) == 1


def test_killed_between_the_picture_and_its_words_both_arrive_once(house: House) -> None:
    write(house)
    gateway = house.parts.gateways[SERVICE]
    with patch.object(gateway, "deliver", Mock(side_effect=OutcomeUnknown)):
        house.worker.run_once()
    with stored(house) as core:
        assert core.execute(f"SELECT item_id {OF_SOFIE}").fetchall() == [(None,)]
    assert addresses(house.signed_in("kari").get(thread())) == []
    house.clock.pass_(minutes=10)
    house.deliver()
    assert len(addresses(house.signed_in("kari").get(thread()))) == 1
    with stored(house) as core:
        assert core.execute(f"SELECT count(*) {OF_SOFIE}").fetchone() == (1,)


def test_whoever_looks_on_as_the_child_opens_no_file(house: House) -> None:
    write(house)
    house.deliver()
    child = core_id(SERVICE, "person", "sofie")
    page = house.signed_in("kari", language="en").get(
        f"/staff/preview/{core_id(SERVICE, 'case', 'sofie')}/{child}/messages"
    )
    assert page.status_code == 200
    assert addresses(page) == []
    assert 'alt="Your picture"' in page.get_data(as_text=True)


def test_a_body_that_is_over_takes_its_files_along(house: House) -> None:
    write(house)
    with house.parts.store.write() as connection:
        connection.execute(update(submission).values(sealed=None, wiped_at=house.clock()))
        connection.execute(wiped())
    assert rows(house) == 0


def clean(page: bytes) -> bytes:
    """A page without what is new in every answer."""
    return re.sub(rb'name="(?:csrf_token|submission_id)" value="[^"]*"', b"", page)
