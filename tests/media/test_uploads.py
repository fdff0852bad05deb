"""Uploading: what comes back, who may, how much, and that nothing is left half done."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.config import ROOT, Config
from app.kernel.db import Base
from app.media.cleaning import take_away
from app.media.models import Upload
from app.media.pictures import pictures_without_text
from app.media.rendering import render_text
from app.media.store import name_for, write
from app.neighbours import TEXTS
from tests.factories.people import make_user
from tests.factories.practices import make_practice

Make = Callable[..., bytes]
LogIn = Callable[[User], FlaskClient]


def send(
    browser: FlaskClient, data: bytes, name: str = "a.png", *, to: str = "pictures", text: str = "", html: bool = False
) -> TestResponse:
    """Send a file as a form of the page does. Built by hand: the test client leaves a temporary file open for a large one."""
    body = b"".join(
        (
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + text.encode() + b"\r\n",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + _in_header(name) + b'"\r\n\r\n' + data,
            b"\r\n--b--\r\n",
        )
    )
    return browser.post(
        f"/media/{to}",
        data=body,
        content_type="multipart/form-data; boundary=b",
        headers={"Accept": "text/html" if html else "application/json"},
    )


def _in_header(name: str) -> bytes:
    """As browsers write it (HTML Standard, 4.10.21.8)."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22").encode()


def fetch(browser: FlaskClient, url: str) -> TestResponse:
    return browser.get(url, buffered=True)


@pytest.fixture
def lin(app: Flask, log_in: LogIn) -> FlaskClient:
    return log_in(make_user("Lin Yue"))


def test_a_picture_comes_back_as_what_goes_into_the_text(
    lin: FlaskClient, make_picture: Make, session: Session
) -> None:
    answer = send(lin, make_picture("PNG", (64, 48)), "board.png", text="The board [on] Monday")

    told = answer.get_json()
    assert answer.status_code == 201
    assert (told["width"], told["height"], told["name"]) == (64, 48, "board.png")
    assert told["markdown"] == rf"![The board \[on\] Monday]({told['url']})"
    shown = fetch(lin, told["url"])
    assert shown.mimetype == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    upload = session.execute(select(Upload)).scalar_one()
    assert (upload.kind, upload.original_name, upload.bytes) == ("picture", "board.png", len(shown.data))
    rendered = render_text(told["markdown"], "en").html
    assert 'alt="The board [on] Monday"' in rendered
    assert 'width="64" height="48"' in rendered


def test_an_attachment_is_saved_under_its_name_and_shown_with_type_and_size(lin: FlaskClient) -> None:
    data = b"%PDF-1.7\n" + b"x" * 1_200_000
    told = send(lin, data, "部署 checklist [v2].pdf", to="attachments").get_json()

    saved = fetch(lin, told["url"])
    assert saved.data == data
    assert saved.mimetype == "application/pdf"
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert quote("部署 checklist [v2].pdf") in saved.headers["Content-Disposition"].replace("%5B", "%5B")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    html = render_text(told["markdown"], "en").html
    assert 'class="attachment">部署 checklist [v2].pdf <span class="attachment-size">(PDF, 1.2 MB)</span></a>' in html


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\evil.pdf",
        "a\u202efdp.exe",
        '"><script>.pdf',
        "\r\nSet-Cookie: x",
        "x" * 500,
        ".",
        "con.pdf",
    ],
)
def test_a_name_is_only_a_name(lin: FlaskClient, name: str) -> None:
    told = send(lin, b"%PDF-1.7", name, to="attachments").get_json()

    assert told["name"].endswith(".pdf")
    assert len(told["name"]) <= 120
    assert set(told["name"]).isdisjoint('<>"/\\\r\n\u202e')
    saved = fetch(lin, told["url"])
    assert (saved.status_code, saved.data) == (200, b"%PDF-1.7")
    assert "script" not in saved.headers.get("Set-Cookie", "")


def test_the_name_in_the_address_cannot_make_it_another_type(lin: FlaskClient) -> None:
    url = send(lin, b"%PDF-1.7", "a.pdf", to="attachments").get_json()["url"]

    for name in ("a.html", "a.svg", "a.txt", "a", "a.pdf.html"):
        assert fetch(lin, url.replace("a.pdf", name)).status_code == 404
    for stem in ("..", "0" * 32, "%2e%2e", url.split("/")[3].upper()):
        assert fetch(lin, f"/media/files/{stem}/a.pdf").status_code == 404


def test_visitors_upload_nothing(client: FlaskClient, make_picture: Make) -> None:
    assert send(client, make_picture()).status_code == 401
    assert send(client, b"%PDF-", to="attachments").status_code == 401
    assert client.get("/media/uploads").status_code == 303


def test_members_only_covers_attachments(lin: FlaskClient, client: FlaskClient, configure: Callable[..., None]) -> None:
    url = send(lin, b"%PDF-1.7", "a.pdf", to="attachments").get_json()["url"]
    assert fetch(client, url).status_code == 200
    configure(visitors="none")

    assert fetch(client, url).status_code == 303
    assert "private" in fetch(lin, url).headers["Cache-Control"]


def test_without_script_the_line_to_copy_stands_on_the_page(lin: FlaskClient, make_picture: Make) -> None:
    answer = send(lin, make_picture(), "board.png", html=True, text="A board")
    assert answer.status_code == 303
    page = lin.get(answer.location).text
    assert 'value="![A board](/media/' in page
    assert "board.png" in page

    refused = send(lin, b"nothing", "a.png", html=True, text="Kept words")
    assert refused.status_code == 422
    assert "no picture that can be shown" in refused.text
    assert 'value="Kept words"' in refused.text
    assert send(lin, b"", "", html=True, to="attachments").status_code == 422


def test_only_ones_own_uploads_are_listed(lin: FlaskClient, log_in: LogIn, make_picture: Make) -> None:
    send(lin, make_picture(), "of-lin.png")

    assert "of-lin.png" not in log_in(make_user("Marta")).get("/media/uploads").text


def test_too_many_bytes_are_refused_with_a_sentence(
    lin: FlaskClient, client: FlaskClient, configure: Callable[..., None]
) -> None:
    for size in (10_000_001, 12_000_000):
        answer = send(lin, b"x" * size)
        assert answer.status_code == 413
        assert "10 MB" in answer.get_json()["error"]
    configure(max_attachment_mb=1)
    assert "1 MB" in send(lin, b"%PDF-" + b"x" * 1_000_000, to="attachments").get_json()["error"]
    assert client.post("/login", data={"email": "x" * 2_000_001}).status_code == 413


@pytest.mark.both_databases
def test_an_account_uploads_so_much_a_day_and_no_more(
    clock: Any, lin: FlaskClient, log_in: LogIn, configure: Callable[..., None], session: Session
) -> None:
    configure(uploads_a_day_mb=1)
    half = b"%PDF-" + b"x" * 599_995
    assert send(lin, half, to="attachments").status_code == 201
    refused = send(lin, b"%PDF-" + b"y" * 599_995, to="attachments")
    assert refused.status_code == 409
    assert "1 MB within a day" in refused.get_json()["error"]
    assert len(session.execute(select(Upload)).all()) == 1
    assert send(log_in(make_user("Marta")), half, to="attachments").status_code == 201

    clock.shift(24 * 3600 + 1)
    assert send(lin, b"%PDF-" + b"y" * 599_995, to="attachments").status_code == 201


def test_a_full_disk_says_so_and_nothing_is_lost(
    lin: FlaskClient, make_picture: Make, monkeypatch: pytest.MonkeyPatch, session: Session, config: Config
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = send(lin, make_picture())
    assert (answer.status_code, "disk of the site is full" in answer.get_json()["error"]) == (503, True)
    monkeypatch.undo()

    assert session.execute(select(Upload)).all() == []
    assert [path for path in config.media_dir.rglob("*") if path.is_file()] == []
    assert send(lin, make_picture()).status_code == 201


def test_whoever_is_killed_while_writing_leaves_nothing_half(tmp_path: Path) -> None:
    """A process writes one large file after the other until it is killed; each that is there is whole."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom app.media.store import name_for, write\n"
        "for number in range(10**6):\n    data = bytes([number % 256]) * 3_000_000 + str(number).encode()\n"
        "    write(Path(sys.argv[1]), name_for(data, '.pdf'), data)\n    print(number, flush=True)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "0\n"
    time.sleep(0.15)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()

    kept = list(tmp_path.glob("*.pdf"))
    assert kept
    assert [path.name for path in kept if name_for(path.read_bytes(), ".pdf") != path.name] == []


def test_every_column_of_html_is_looked_through() -> None:
    known = {(column.class_.__tablename__, column.key) for column in TEXTS}
    shown = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name == "html" or column.name.endswith("_html")
    }
    assert shown <= known
    assert {("version", "content"), ("autosave", "typed")} <= known
    # What is uploaded has an address, and people give it where a link is asked for.
    assert {("adoption_event", "link"), ("material", "url"), ("remark_entry", "text")} <= known


@pytest.mark.both_databases
def test_what_no_text_shows_goes_after_thirty_days(
    clock: Any, config: Config, log_in: LogIn, session: Session, make_picture: Make
) -> None:
    person = make_user("Lin Yue")
    lin = log_in(person)
    shown = send(lin, make_picture(size=(10, 10))).get_json()
    unused = send(lin, make_picture(size=(11, 11))).get_json()
    attached = send(lin, b"%PDF-1", "a.pdf", to="attachments").get_json()
    lost = send(lin, b"%PDF-2", "b.pdf", to="attachments").get_json()
    make_practice(body=f"{shown['markdown']} {attached['markdown']}")
    write(config.media_dir, "0" * 32 + ".png", b"of the library, uploaded by nobody")
    clock.shift(29 * 24 * 3600)
    assert take_away() == 0
    again = send(lin, make_picture(size=(12, 12))).get_json()
    clock.shift(2 * 24 * 3600)

    assert take_away() == 2

    lin = log_in(person)
    there = [fetch(lin, each["url"]).status_code for each in (shown, unused, attached, lost, again)]
    assert there == [200, 404, 200, 404, 200]
    assert fetch(lin, f"/media/{'0' * 32}.png").status_code == 200
    assert len(session.execute(select(Upload)).all()) == 3
    assert take_away() == 0


def test_what_was_uploaded_once_more_stays(clock: Any, log_in: LogIn, make_picture: Make, session: Session) -> None:
    person = make_user("Lin Yue")
    url = send(log_in(person), make_picture()).get_json()["url"]
    clock.shift(40 * 24 * 3600)
    lin = log_in(person)
    assert send(lin, make_picture()).get_json()["url"] == url

    assert take_away() == 0
    assert fetch(lin, url).status_code == 200


def test_what_a_killed_process_was_writing_goes_after_a_day(app: Flask, config: Config) -> None:
    config.media_dir.mkdir()
    old, young = (config.media_dir / f"{'1' * 32}.png.{name}.new" for name in ("old", "young"))
    old.touch()
    young.touch()
    before = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(old, (before, before))

    take_away()

    assert (old.exists(), young.exists()) == (False, True)


def test_pictures_that_say_nothing_are_named() -> None:
    source = (
        "![](/media/a.png) ![ ](b.png) ![A board](c.png) ![][ref]\n\n`![](code.png)`\n\n```\n![](fenced.png)\n```\n\n"
        '<img src="d.png"> <img alt="" src=e.png> <img src=\'f.png\' alt="Words">\n'
    )

    assert pictures_without_text(source) == ["/media/a.png", "b.png", "ref", "d.png", "e.png"]
