"""The library that ships with the product keeps the rules of docs/writing.md."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from app.capabilities.documents import placed_capabilities
from app.capabilities.files import read_framework
from app.config import ROOT
from app.kernel.markup import Rendered
from app.practices.files import PracticeFile, Target, read_practice, render_practice
from app.practices.rules import PARTS

FOLDER = ROOT / "content" / "practices"
PATHS = sorted(FOLDER.rglob("*.md"))
NAMES = [path.relative_to(FOLDER).as_posix() for path in PATHS]
FRAMEWORK = read_framework(ROOT / "content" / "frameworks" / "continuous-delivery.yaml")
AREA_OF = {capability["slug"]: area for area, capability in placed_capabilities(FRAMEWORK)}
SOURCES = {"en": "Sources", "zh": "来源"}
AT_LEAST = {"en": 600, "zh": 900}
LEAST_PRACTICES = 30

every_file = pytest.mark.parametrize("name", NAMES)


@cache
def load(name: str) -> tuple[PracticeFile, Rendered]:
    """Raises RefusedFileError for whatever `flask content sync` would refuse."""
    file = read_practice(FOLDER, FOLDER / name)
    targets = {other: Target(*Path(other).name.removesuffix(".md").rsplit(".", 1)) for other in NAMES}
    return file, render_practice(file, targets, _keep)


def _keep(place: str) -> str:
    if not (FOLDER / place).is_file():
        raise FileNotFoundError(place)
    return "/media/0.png"


@every_file
def test_the_front_matter_says_all_that_a_starter_article_has_to(name: str) -> None:
    file, _rendered = load(name)
    missing = [
        field
        for field in (
            "capability",
            "level",
            "tags",
            "time",
            "difficulty",
            "participants",
            "owner",
            "reviewed",
            "review_by",
        )
        if not file.document.fields.get(field)
    ]
    assert missing == []
    assert AREA_OF[file.text("capability")] == Path(name).parent.name
    assert 3 <= len(file.words("tags")) <= 6
    assert file.language == "zh" or file.words("tags") == [tag.lower() for tag in file.words("tags")]
    assert (file.day("reviewed") or date.max) < (file.day("review_by") or date.min)


@every_file
def test_the_text_is_long_enough(name: str) -> None:
    file, rendered = load(name)
    counted = rendered.words if file.language == "en" else rendered.han
    assert counted >= AT_LEAST[file.language]


@every_file
def test_the_parts_stand_in_their_order_and_end_with_the_sources(name: str) -> None:
    file, rendered = load(name)
    headings = [heading.text for heading in rendered.headings if heading.level == 2]
    assert headings == [*PARTS[file.language], SOURCES[file.language]]
    assert "<h1" not in rendered.html


@every_file
def test_there_is_a_table_a_list_of_steps_and_a_named_source(name: str) -> None:
    _file, rendered = load(name)
    assert "<table>" in rendered.html
    how = rendered.html.split("<h2")[3]
    assert len(re.findall(r"<li>", "".join(re.findall(r"<ol.*?</ol>", how, re.DOTALL)))) >= 3
    sources = rendered.html.split("<h2")[-1]
    assert len(re.findall(r"<li>", sources)) >= 1
    assert re.search(r"(?:19|20)\d\d", sources)


@every_file
def test_no_mark_of_a_list_or_a_table_is_left_in_the_text(name: str) -> None:
    """What the writer meant as a list and the renderer took for a paragraph."""
    _file, rendered = load(name)
    prose = re.sub(r"<(pre|code)\b.*?</\1>", "", rendered.html, flags=re.DOTALL)
    assert re.findall(r"^(?:\d+[.)]|[-*+]|!!!|\|) .{0,40}|```.{0,20}|\[\^.{0,20}", prose, re.MULTILINE) == []


@every_file
def test_code_names_its_language_and_pictures_say_what_they_show(name: str) -> None:
    file, rendered = load(name)
    fences = re.findall(r"^ *(?:```+|~~~+)(.*)$", file.document.body, re.MULTILINE)
    assert all(opening.strip() for opening in fences[::2])
    assert 'alt=""' not in rendered.html
    assert "<img src" not in rendered.html or "alt=" in rendered.html


@every_file
def test_chinese_is_written_with_full_width_punctuation(name: str) -> None:
    file, rendered = load(name)
    if file.language == "zh":
        prose = re.sub(r"<(pre|code)\b.*?</\1>", "", rendered.html, flags=re.DOTALL)
        assert re.findall(r"[一-鿿][,;!?][一-鿿]", prose) == []


def test_every_article_has_its_translation() -> None:
    files = [load(name)[0] for name in NAMES]
    languages: dict[str, set[str]] = {}
    for file in files:
        languages.setdefault(file.slug, set()).add(file.language)
    assert {slug: found for slug, found in languages.items() if found != {"en", "zh"}} == {}
    originals = Counter(file.slug for file in files if not file.text("translation_of"))
    assert {slug for slug in languages if originals[slug] != 1} == set()


def test_translations_agree_on_what_is_no_text() -> None:
    files = {(file.slug, file.language): file for file in (load(name)[0] for name in NAMES)}
    differing = [
        (slug, field)
        for slug, language in files
        if language == "en" and (slug, "zh") in files
        for field in ("capability", "level", "difficulty", "reviewed", "review_by")
        if files[slug, "en"].document.fields.get(field) != files[slug, "zh"].document.fields.get(field)
    ]
    assert differing == []


def test_there_are_enough_and_every_capability_has_some_at_different_levels() -> None:
    files = [file for file in (load(name)[0] for name in NAMES) if file.language == "en"]
    assert len(files) >= LEAST_PRACTICES
    levels: dict[str, Counter[int | None]] = {slug: Counter() for slug in AREA_OF}
    for file in files:
        levels[file.text("capability")][file.level] += 1
    assert {slug for slug, found in levels.items() if not found} == set()
    assert {slug for slug, found in levels.items() if found.total() > 1 and len(found) == 1} == set()
