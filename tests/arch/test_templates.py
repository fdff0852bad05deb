"""Templates compile, hold no inline style or script, and say nothing that a translator does not get."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(ROOT.glob("app/**/templates/**/*.html"))
MAX_LINES = 150
_TAG = re.compile(r"<style>.*?</style>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<[^>]+>|&\w+;", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]{2,}|[一-鿿]")
_SPOKEN = re.compile(r"(?:aria-label|placeholder|title|alt)=\"(?P<text>[^\"{]*[A-Za-z]{2,}[^\"{]*)\"")


def names() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in TEMPLATES]


def untranslated(source: str) -> list[str]:
    """Words that would be shown as they stand in the template."""
    words = [word for piece in _TAG.split(source) for word in _WORD.findall(piece)]
    return words + [match["text"] for match in _SPOKEN.finditer(source)]


def test_every_template_compiles(app: Flask) -> None:
    found = app.jinja_env.list_templates(extensions=["html"])
    assert len(found) == len(TEMPLATES)
    for name in found:
        app.jinja_env.get_template(name)


# Programs for mail know no style sheet of ours.
@pytest.mark.parametrize("name", [name for name in names() if name != "app/templates/mail.html"])
def test_nothing_is_inline(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", source) == []


@pytest.mark.parametrize("name", [name for name in names() if not name.endswith("/components.html")])
def test_every_word_goes_through_gettext(name: str) -> None:
    assert untranslated((ROOT / name).read_text(encoding="utf-8")) == []


def test_an_untranslated_word_would_be_noticed() -> None:
    assert untranslated("<p>{{ _('Fine') }} Oops</p>") == ["Oops"]
    assert untranslated('<a title="Read more">{{ x }}</a>') == ["Read more"]


@pytest.mark.parametrize("name", names())
def test_templates_stay_short(name: str) -> None:
    if not name.endswith("/components.html"):
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= MAX_LINES
