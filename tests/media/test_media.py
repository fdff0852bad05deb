"""Pictures: kept once under the hash of what they contain, sized, and served so that they can do nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Config
from app.media.store import MAX_BYTES, MediaError, keep, with_sizes

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000003000000020802000000")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"><script>alert(1)</script></svg>'


def picture(folder: Path, name: str, data: bytes = PNG) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    store = tmp_path / "media"
    first = keep(store, picture(tmp_path, "a.png"))
    assert keep(store, picture(tmp_path, "b.PNG")) == first
    assert keep(store, picture(tmp_path, "c.png", PNG + b"!")) != first
    assert len(list(store.iterdir())) == 2
    assert (store / first.removeprefix("/media/")).read_bytes() == PNG


@pytest.mark.parametrize("name", ["a.exe", "a", "a.html", ".png"])
def test_what_is_no_picture_by_its_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(MediaError, match=r"is no PNG, JPEG, GIF, WebP or SVG"):
        keep(tmp_path / "media", picture(tmp_path, name))
    assert not (tmp_path / "media").exists()


def test_a_picture_has_an_end(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="larger than 10 MB"):
        keep(tmp_path / "media", picture(tmp_path, "a.png", b"x" * (MAX_BYTES + 1)))


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("a.png", PNG, ' width="3" height="2"'),
        ("a.svg", SVG, ' width="10" height="20"'),
        ("a.png", b"", ""),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00", ""),
        ("a.svg", b"<svg", ""),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", ""),
        ("a.gif", b"GIF89a", ""),
    ],
)
def test_pictures_get_their_size_where_it_can_be_read(tmp_path: Path, name: str, data: bytes, size: str) -> None:
    url = keep(tmp_path / "media", picture(tmp_path, name, data))
    html = f'<p><img alt="A" src="{url}"></p>'
    assert with_sizes(html, tmp_path / "media") == f'<p><img alt="A" src="{url}"{size}></p>'


def test_a_size_that_is_given_stays(tmp_path: Path) -> None:
    url = keep(tmp_path / "media", picture(tmp_path, "a.png"))
    html = f'<img width="7" src="{url}">'
    assert with_sizes(html, tmp_path / "media") == html
    assert with_sizes(html.replace(' width="7"', ""), tmp_path / "nowhere") == f'<img src="{url}">'


def test_a_picture_is_served_for_ever_and_can_do_nothing(client: FlaskClient, config: Config, tmp_path: Path) -> None:
    answer = client.get(keep(config.media_dir, picture(tmp_path, "a.svg", SVG)), buffered=True)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/svg+xml", SVG)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.cache_control.immutable
    assert answer.cache_control.public
    assert int(answer.cache_control.max_age or 0) >= 31_536_000
    again = client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
    assert again.status_code == 304


@pytest.mark.parametrize(
    "name",
    ["0" * 32 + ".png", "../secret_key", "..%2Fsecret_key", "a.png", "0" * 32 + ".png.new", "0" * 32 + ".html"],
)
def test_nothing_else_is_served(client: FlaskClient, config: Config, name: str) -> None:
    config.media_dir.mkdir(parents=True, exist_ok=True)
    (config.media_dir / ("0" * 32 + ".png.new")).write_bytes(PNG)
    (config.media_dir / ("0" * 32 + ".html")).write_bytes(b"<script>")
    assert client.get(f"/media/{name}").status_code == 404


def test_members_only_covers_pictures(app: Flask, client: FlaskClient, config: Config, tmp_path: Path) -> None:
    url = keep(config.media_dir, picture(tmp_path, "a.png"))
    app.config["GUILDHALL"] = dataclasses.replace(config, visitors="none")
    try:
        assert client.get(url).status_code == 303
    finally:
        app.config["GUILDHALL"] = config
