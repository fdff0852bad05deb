"""Repositories are followed; zip files are brought in."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.exchange import trees
from app.exchange.sources.jobs import bring_what_is_due
from app.exchange.sources.models import ContentSource
from app.kernel.db import db
from app.practices.models import Practice
from tests.factories.people import make_user
from tests.factories.training import NOW

pytestmark = pytest.mark.usefixtures("clock")
LogIn = Callable[[User], FlaskClient]
TEXT = "# Short branches\n\nMerge each day, so that nobody waits for a week.\n"


@pytest.fixture
def editor(app: Flask, log_in: LogIn, configure: Callable[..., None]) -> FlaskClient:
    configure(source_hosts="git.example.com")
    return log_in(make_user("Editor", Role.EDITOR))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that stands behind an address which only exists in this test: git itself is told where it is."""
    place = tmp_path / "origin"
    place.mkdir()
    real = trees._git

    def local(*arguments: str, env: dict[str, str] | None = None) -> str:
        settings = (
            "-c",
            "protocol.file.allow=always",
            "-c",
            f"url.file://{place}.insteadOf=https://git.example.com/docs.git",
        )
        return real(*settings, *arguments, env=env)

    monkeypatch.setattr(trees, "_git", local)
    git(place, "init", "-q", "-b", "main")
    git(place, "config", "user.email", "a@example.com")
    git(place, "config", "user.name", "A")
    commit(place, "docs/short-branches.md", TEXT)
    return place


def git(place: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=place, check=True)


def commit(place: Path, name: str, text: str) -> None:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text)
    git(place, "add", "-A")
    git(place, "commit", "-qm", "x")


def follow(editor: FlaskClient, **changes: str) -> int:
    form = {
        "url": "https://git.example.com/docs.git", "branch": "", "folder": "docs", "kind": "practice", "every_hours": "6",
    }  # fmt: skip
    return editor.post("/content/sources", data={**form, **changes}).status_code


def source() -> ContentSource:
    db.session.rollback()
    return db.session.execute(select(ContentSource)).scalar_one()


def titles() -> list[str]:
    db.session.rollback()
    return sorted(db.session.execute(select(Practice.title)).scalars())


def test_a_repository_is_brought_in_and_looked_at_again_in_time(repository: Path, editor: FlaskClient) -> None:
    assert follow(editor) == 303
    assert (bring_what_is_due(), bring_what_is_due()) == (1, 0)
    assert (titles(), source().problem) == (["Short branches"], "")
    assert "1 created" in editor.get("/content/sources").text
    commit(repository, "docs/short-branches.md", TEXT.replace("Short", "Shorter"))
    assert bring_what_is_due() == 0
    with time_machine.travel(NOW + timedelta(hours=6, minutes=1), tick=False):
        assert bring_what_is_due() == 1
    assert titles() == ["Shorter branches"]


def test_nothing_is_read_again_when_nothing_has_changed(repository: Path, editor: FlaskClient) -> None:
    follow(editor)
    bring_what_is_due()
    brought = source().commit
    with time_machine.travel(NOW + timedelta(hours=7), tick=False):
        bring_what_is_due()
    assert (source().commit, source().brought_at) == (brought, NOW + timedelta(hours=7))
    assert editor.post(f"/content/sources/{source().id}/now").status_code == 303
    assert source().commit == ""


def test_what_goes_wrong_is_said_and_tried_again(repository: Path, editor: FlaskClient) -> None:
    follow(editor, folder="nowhere")
    bring_what_is_due()
    assert source().problem == "There is no folder nowhere in it."
    assert "There is no folder nowhere in it." in editor.get("/content/sources").text
    assert source().due_at == NOW + timedelta(hours=6)


def test_what_comes_from_it_stays_when_it_is_not_followed_any_more(repository: Path, editor: FlaskClient) -> None:
    follow(editor)
    bring_what_is_due()
    assert editor.post(f"/content/sources/{source().id}/delete").status_code == 303
    assert titles() == ["Short branches"]
    assert db.session.execute(select(ContentSource)).first() is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"url": "file:///etc"}, 422), ({"url": ""}, 422), ({"branch": "--x"}, 422), ({"folder": "../x"}, 422)],
)
def test_what_cannot_be_followed_is_refused(editor: FlaskClient, changes: dict[str, str], status: int) -> None:
    assert follow(editor, **changes) == status


def test_a_folder_is_followed_once(editor: FlaskClient) -> None:
    assert (follow(editor), follow(editor)) == (303, 409)


def test_only_editors_bring_documents_in(app: Flask, log_in: LogIn) -> None:
    browser = log_in(make_user("Member"))
    assert [browser.get("/content/sources").status_code, follow(browser)] == [403, 403]
    assert browser.post("/content/archive").status_code == 403


def send(editor: FlaskClient, data: bytes, name: str = "docs.zip", **fields: str) -> tuple[int, str]:
    form = {"kind": "practice", "archive": (io.BytesIO(data), name), **fields}
    answer = editor.post("/content/archive", data=form, content_type="multipart/form-data")
    return answer.status_code, answer.text


def archive(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in files.items():
            file.writestr(f"{name}.md", text)
    return made.getvalue()


def test_a_zip_file_is_tried_first_and_then_brought_in(editor: FlaskClient) -> None:
    data = archive(short=TEXT, empty="")
    status, page = send(editor, data, only_try="y")
    assert (status, "What would happen" in page, titles()) == (200, True, [])
    status, page = send(editor, data)
    assert (status, "What happened" in page, titles()) == (200, True, ["Short branches"])
    assert "there is no text in it" in page


@pytest.mark.parametrize("data", [b"no zip", b""])
def test_what_is_no_zip_file_is_said_beside_the_field(editor: FlaskClient, data: bytes) -> None:
    status, page = send(editor, data)
    assert (status, "field-error" in page) == (422, True)


@pytest.mark.parametrize("host", ["evil.example.com", "127.0.0.1", "git.example.com.evil.example.com"])
def test_where_hosts_are_named_no_other_is_followed(editor: FlaskClient, host: str) -> None:
    for url in (f"https://{host}/docs.git", f"ssh://git@{host}/docs.git", f"git@{host}:docs.git"):
        assert follow(editor, url=url) == 422
    assert follow(editor, url="https://GIT.example.com:8443/docs.git") == 303


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x.git",
        "https://[::1]/x.git",
        "https://169.254.169.254/latest/",
        "git@localhost:x",
        "https://0/x",
    ],
)
def test_without_named_hosts_git_does_not_go_inside(
    editor: FlaskClient, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    configure(source_hosts="")
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(trees, "_git", lambda *arguments, **_more: asked.append(arguments))
    assert follow(editor, url=url) == 303
    bring_what_is_due()
    assert "SOURCE_HOSTS" in source().problem
    assert asked == []


def test_a_host_that_is_taken_off_the_list_is_asked_no_more(
    repository: Path, editor: FlaskClient, configure: Callable[..., None]
) -> None:
    follow(editor)
    configure(source_hosts="other.example.com")
    bring_what_is_due()
    assert (titles(), source().problem) == ([], "Repositories can be followed on these hosts alone: other.example.com.")


def test_a_password_in_an_address_is_not_shown(editor: FlaskClient) -> None:
    follow(editor, url="https://me:secret@git.example.com/docs.git")
    assert "secret" not in editor.get("/content/sources").text


def test_a_zip_file_may_be_larger_than_a_form(editor: FlaskClient) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as file:
        file.writestr("short.md", TEXT)
        file.writestr("picture.png", bytes(3_000_000))
    # Built by hand: the test client leaves a temporary file open for a large one.
    head = b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\npractice\r\n'
    head += b'--b\r\nContent-Disposition: form-data; name="archive"; filename="docs.zip"\r\n\r\n'
    body = head + made.getvalue() + b"\r\n--b--\r\n"
    answer = editor.post("/content/archive", data=body, content_type="multipart/form-data; boundary=b")
    assert (answer.status_code, titles()) == (200, ["Short branches"])
