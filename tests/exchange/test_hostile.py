"""Exports that nobody exported: zip files that say of themselves whatever they like."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db
from app.practices.models import Practice
from app.writing.keeping.models import FormerAddress
from tests.factories.people import make_user

pytestmark = pytest.mark.both_databases
LogIn = Callable[[User], FlaskClient]
ROW = "{{kind: {kind}, slug: {slug}, title: {title}, retired: {retired}, to: {to}, note: {note}, left_at: '{left_at}'}}"
GOOD = {
    "kind": "practice", "slug": "old", "title": "Old", "retired": "false", "to": "'practice:short'", "note": "''",
    "left_at": "2026-11-02T00:00:00+00:00",
}  # fmt: skip
TEXT = "---\ntitle: {title}\nslug: short\nlanguage: en\n{more}---\n\nText.\n"


@pytest.fixture
def editor(app: Flask, log_in: LogIn) -> FlaskClient:
    return log_in(make_user("Editor", Role.EDITOR))


def send(editor: FlaskClient, manifest: bytes, **texts: str) -> tuple[int, str]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("guildhall.yaml", manifest)
        for name, text in texts.items():
            file.writestr(f"practices/{name}.en.md", text)
    form = {"kind": "practice", "archive": (io.BytesIO(made.getvalue()), "docs.zip")}
    answer = editor.post("/content/archive", data=form, content_type="multipart/form-data")
    return answer.status_code, answer.text


def manifest(*rows: dict[str, str]) -> bytes:
    return f"format: 1\nformer_addresses: [{', '.join(ROW.format(**{**GOOD, **row}) for row in rows)}]\n".encode()


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"- 1", b"format: 2", b"\xff\xfe", b"{" * 5_000, b"format: 1\nformer_addresses: 7",
        b"format: 1\nformer_addresses: [1]", b"format: 1\nformer_addresses: [{kind: practice}]",
        b"a: &a [x, x]\nb: &b [*a, *a]\nformat: 1",
        manifest({"kind": "nothing"}), manifest({"slug": "'../x'"}), manifest({"title": "[1]"}), manifest({"title": "x" * 300}),
        manifest({"to": "'nothing:x'"}), manifest({"to": "null"}), manifest({"left_at": "yesterday"}),
        manifest({"retired": "7"}), manifest({"note": "x" * 2_000}),
    ],
)  # fmt: skip
def test_a_manifest_that_cannot_be_read_is_refused_and_nothing_comes_in(editor: FlaskClient, text: bytes) -> None:
    status, page = send(editor, text, short=TEXT.format(title="Short", more=""))
    assert (status, "This is no export that can be read here" in page) == (422, True)
    assert db.session.execute(select(Practice)).first() is None


def test_addresses_of_an_export_lead_in_no_circle_and_hide_nothing(editor: FlaskClient) -> None:
    rows: tuple[dict[str, str], ...] = (
        {},
        {"slug": "self", "to": "'practice:self'"},
        {"slug": "there", "to": "'practice:back'"},
        {"slug": "back", "to": "'practice:there'"},
        {"slug": "short", "to": "'practice:old'"},
    )
    assert send(editor, manifest(*rows), short=TEXT.format(title="Short", more=""))[0] == 200
    kept = db.session.execute(select(FormerAddress.slug).order_by(FormerAddress.slug)).scalars().all()
    assert kept == ["old", "there"]
    assert [editor.get(f"/practices/{slug}").status_code for slug in ("old", "self", "short")] == [301, 404, 200]


def test_a_text_that_no_column_holds_is_refused_and_the_rest_comes_in(editor: FlaskClient) -> None:
    long = TEXT.format(title="x" * 300, more="").replace("slug: short", "slug: long")
    odd = TEXT.format(title="Odd", more="translation_of: en\n").replace("slug: short", "slug: odd")
    status, page = send(editor, manifest(), short=TEXT.format(title="Short", more=""), long=long, odd=odd)
    assert (status, page.count("a field of it is too long") > 0) == (200, True)
    assert "Short" in db.session.execute(select(Practice.title)).scalars().all()
    assert db.session.execute(select(Practice).where(Practice.slug == "odd")).first() is None


def test_a_day_without_a_zone_is_one_of_ours(editor: FlaskClient) -> None:
    row = {"left_at": "2026-11-02T00:00:00"}
    assert send(editor, manifest(row), short=TEXT.format(title="Short", more=""))[0] == 200
    assert db.session.execute(select(FormerAddress.left_at)).scalar_one() == datetime(2026, 11, 2, tzinfo=UTC)
