"""Bringing in trees that were written elsewhere."""

from __future__ import annotations

import string
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.config import Config
from app.kernel.db import current_revision, db, transaction
from app.kernel.report import Report
from app.practices.importer import import_practices
from app.practices.models import Practice
from tests.factories.practices import THEN, make_practice
from tests.thorough import examples

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000003000000020802000000")
TEXT = "Some words about the deployment pipeline.\n"
CHINESE = "部署流水线把构建、测试和发布连在一起，每次提交都走同一条路。\n"


@pytest.fixture
def tree(app: Flask, tmp_path: Path) -> Path:
    (tmp_path / "wiki").mkdir()
    return tmp_path / "wiki"


def write(tree: Path, place: str, text: str | bytes = TEXT) -> None:
    path = tree / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def bring(tree: Path, config: Config, *, language: str | None = None) -> list[str]:
    """The report, a line a file."""
    report = Report()
    with transaction() as session:
        import_practices(
            session, tree, config.media_dir, report, now=THEN, language=language, capabilities={"version-control": 7}
        )
    return [str(line) for line in report.lines]


def practice(slug: str, language: str = "en") -> Practice:
    found = db.session.execute(select(Practice).where(Practice.slug == slug, Practice.language == language))
    return found.scalar_one()


def addresses() -> list[tuple[str, str, str]]:
    rows = db.session.execute(select(Practice).order_by(Practice.origin)).scalars()
    return [(row.origin.removeprefix("import:wiki:"), row.slug, row.language) for row in rows]


def test_a_bare_text_comes_in(tree: Path, config: Config) -> None:
    write(tree, "guides/Deploy_often.md", f"# Deploy *often*\n\n{TEXT}")
    assert bring(tree, config) == ["created  guides/Deploy_often.md"]
    found = practice("deploy-often")
    assert (found.title, found.summary, found.language, found.level) == ("Deploy *often*", TEXT.strip(), "en", None)


def test_fields_are_read_generously(tree: Path, config: Config) -> None:
    front = """---
Title: ignored
title: 'Deploy  often'
description: Short words.
tags: git, "ci/cd"，部署
categories: [Delivery, null, 3]
authors:
  - {name: Lin Yue, url: x}
  - Amara
author: Zhou
duration: 10
difficulty: Easy
level: 4
participants: everybody
reviewed: 2026-11-02 10:00:00
review_by: never
unknown: {a: [1, 2]}
date: 2019-01-01
---
"""
    write(tree, "a.md", front + TEXT)
    bring(tree, config)
    found = practice("a")
    assert (found.title, found.summary, found.level, found.difficulty) == (
        "Deploy  often".replace("  ", " "),
        "Short words.",
        4,
        "easy",
    )
    assert found.tags == ["git", '"ci/cd"', "部署", "Delivery", "3"]
    assert (found.owner_name, found.time, found.participants) == ("Lin Yue, Amara, Zhou", "10", ["everybody"])
    assert (found.reviewed_on, found.review_by) == (date(2026, 11, 2), None)


@pytest.mark.parametrize(
    "front",
    [
        "title:\nsummary:\ntags:\nauthors:\nlevel:\nlanguage:\nslug:\ndraft:\n",
        "title: true\ntags: true\nauthors: 3\nlevel: high\nslug: [a]\nlanguage: {a: b}\ndraft: soon\n",
        "title: [a, [b]]\ntags: {name: x}\nauthors: [[a]]\nlevel: 2.5\nslug: 2026-11-02\n",
        "1: 2\n? [a, b]\n: c\n".replace("? [a, b]\n: c\n", ""),
        'title: "\\0\\ud800"\ntags: ["\\0"]\n',
        "",
    ],
)
def test_odd_and_null_fields_do_no_harm(tree: Path, config: Config, front: str) -> None:
    write(tree, "odd.md", f"---\n{front}---\n{TEXT}")
    assert bring(tree, config) == ["created  odd.md"]
    assert bring(tree, config) == ["left     odd.md"]


def test_windows_files_come_in_like_others(tree: Path, config: Config) -> None:
    write(tree, "a.md", f"\ufeff---\r\ntitle: Über uns\r\n---\r\n\r\n## One\r\n\r\n{TEXT}")
    assert bring(tree, config) == ["created  a.md"]
    assert (practice("a").title, practice("a").source) == ("Über uns", f"## One\n\n{TEXT}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"\xff\xfea", "refused  a.md: not UTF-8 (byte 0)"),
        ("---\ntitle: 'x\n---\ny", "refused  a.md:3: front matter is no YAML: found unexpected end of stream"),
        ("---\ntitle: x\n---\n\n<!-- nothing -->\n", "refused  a.md:5: there is no text in it"),
        ("", "refused  a.md:1: there is no text in it"),
        (f"---\ntitle: x\ndraft: true\n---\n{TEXT}", "refused  a.md:3: it says that it is a draft"),
        ("x" * 400_001, "refused  a.md: The text has 400,002 characters; at most 400,000 can be shown."),
        (
            "---\na: !!int x\n---\ny",
            "refused  a.md:2: front matter is no YAML: invalid literal for int() with base 10: 'x'",
        ),
    ],
)
def test_what_cannot_be_taken_is_named_and_the_rest_comes_in(
    tree: Path, config: Config, text: str | bytes, reason: str
) -> None:
    write(tree, "a.md", text)
    write(tree, "b.md")
    assert sorted(bring(tree, config)) == sorted([reason, "created  b.md"])
    assert addresses() == [("b.md", "b", "en")]


def test_only_documents_are_read(tree: Path, config: Config) -> None:
    for place in ("notes.txt", ".git/a.md", "node_modules/x/b.md", "README.md", "c.MDX", "d.markdown"):
        write(tree, place)
    (tree / "e.md").symlink_to("/etc/passwd")
    assert bring(tree, config) == [
        "left     README.md: a README is about the folder, not a document of it",
        "refused  e.md: a link to a file outside of the folder",
        "created  c.MDX",
        "created  d.markdown",
    ]


def test_leaf_bundles_are_called_after_their_folder(tree: Path, config: Config) -> None:
    write(tree, "trunk/index.md", f"{TEXT}\n![Flow](flow.png) [other](../merge/index.mdx)")
    write(tree, "trunk/flow.png", PNG)
    write(tree, "merge/index.mdx", f"import X from 'x'\n\n# Merge\n\n{TEXT}")
    write(tree, "_index.md")
    assert bring(tree, config) == [
        "created  _index.md",
        "created  merge/index.mdx\n         - 1 × import taken out",
        "created  trunk/index.md",
    ]
    (picture,) = config.media_dir.iterdir()
    html = practice("trunk").html
    assert f'src="/media/{picture.name}"' in html
    assert 'width="3" height="2"' in html
    assert 'href="/practices/merge?lang=en"' in html


def test_what_is_missing_is_in_the_report(tree: Path, config: Config) -> None:
    write(tree, "a.md", f"{TEXT}\n{{{{< x >}}}} ![Flow](flow.png) [b](b.md) [c d](c d.md)")
    (line,) = bring(tree, config)
    assert line.split("\n         - ") == [
        "created  a.md",
        "1 × shortcode taken out",
        "picture left out: flow.png: missing",
        "1 × link reduced to its text: b.md",
        "1 × address left out: c d.md",
    ]
    assert "flow.png" not in practice("a").html


def test_the_language_is_told_from_the_text(tree: Path, config: Config) -> None:
    write(tree, "en/a.md", CHINESE)
    write(tree, "b.md", f"{CHINESE}\n```sh\nkubectl apply -f deployment.yaml && kubectl rollout status deploy\n```\n")
    write(tree, "c.md", f"---\nlang: zh_CN\n---\n{TEXT}")
    write(tree, "d.md", f"{TEXT * 3} 部署")
    bring(tree, config)
    assert addresses() == [("b.md", "b", "zh"), ("c.md", "c", "zh"), ("d.md", "d", "en"), ("en/a.md", "a", "zh")]
    bring(tree, config, language="en")
    assert {language for _place, _slug, language in addresses()} == {"en"}


def test_translations_are_paired_by_folder(tree: Path, config: Config) -> None:
    for place in ("en/trunk/index.md", "guide/merge.en.md", "build/index.en.md"):
        write(tree, place)
    for place in ("zh-CN/trunk/index.md", "guide/merge.zh.md", "build/index.zh.md"):
        write(tree, place, CHINESE)
    bring(tree, config)
    assert addresses() == [
        ("build/index.en.md", "build", "en"),
        ("build/index.zh.md", "build", "zh"),
        ("en/trunk/index.md", "trunk", "en"),
        ("guide/merge.en.md", "merge", "en"),
        ("guide/merge.zh.md", "merge", "zh"),
        ("zh-CN/trunk/index.md", "trunk", "zh"),
    ]
    assert (practice("trunk").translation_of, practice("trunk", "zh").translation_of) == (None, "en")


def test_slugs_that_clash_are_told_apart(tree: Path, config: Config) -> None:
    make_practice("deploy")
    for place in ("one/deploy.md", "two/deploy.md", "two/Deploy/index.md", "部署.md", "zh/test.md", "en/test.md"):
        write(tree, place)
    write(tree, "given.md", f"---\nslug: chosen\n---\n{TEXT}")
    bring(tree, config)
    first = addresses()
    slugs = {place: slug for place, slug, _language in first if place[0] != "l"}
    assert (slugs["one/deploy.md"], slugs["two/Deploy/index.md"], slugs["given.md"]) == (
        "one-deploy",
        "two-deploy",
        "chosen",
    )
    assert slugs["部署.md"] == "document"
    assert slugs["en/test.md"] == "test"
    assert len(set(slugs.values())) == len(slugs)
    (tree / "one" / "a-new-one.md").write_text(TEXT)
    bring(tree, config)
    assert [each for each in addresses() if each[0] != "one/a-new-one.md"] == first


def test_a_second_run_changes_nothing(tree: Path, config: Config) -> None:
    write(tree, "a/index.md", f"{TEXT}[b](../b.md)")
    write(tree, "b.md", f"{CHINESE}![x](x.png)")
    bring(tree, config)
    revision = current_revision()
    assert all(line.startswith("left") for line in bring(tree, config))
    assert current_revision() == revision
    write(tree, "b.md", f"{CHINESE} 新的一句。")
    assert bring(tree, config) == ["left     a/index.md", "changed  b.md"]


def test_a_document_in_another_language_now_makes_room_for_its_translation(tree: Path, config: Config) -> None:
    write(tree, "en/a.md")
    write(tree, "zh/a.md", CHINESE)
    bring(tree, config)
    write(tree, "zh/a.md")
    bring(tree, config)
    (place, slug, language) = addresses()[1]
    assert (place, language, slug.startswith("a-")) == ("zh/a.md", "en", True)
    write(tree, "en/a.md", CHINESE)
    bring(tree, config)
    assert addresses()[0] == ("en/a.md", "a", "zh")


def test_two_documents_that_swap_their_languages_are_named(tree: Path, config: Config) -> None:
    write(tree, "en/a.md")
    write(tree, "zh/a.md", CHINESE)
    bring(tree, config)
    write(tree, "en/a.md", CHINESE)
    write(tree, "zh/a.md")
    assert bring(tree, config) == [
        f"refused  {place}: another document is at /practices/a in this language" for place in ("en/a.md", "zh/a.md")
    ]


def test_a_tree_of_another_name_is_another_tree(tree: Path, config: Config) -> None:
    write(tree, "a.md")
    bring(tree, config)
    other = tree.with_name("w_ki")
    tree.rename(other)
    assert bring(other, config) == ["created  a.md"]


LINE = st.text(alphabet=st.sampled_from(string.ascii_letters + " :-[]{}&*!|>'\"%@,#?~0159\t中\\"), max_size=30)
NAMES = st.sampled_from(
    ["title", "slug", "tags", "authors", "level", "language", "summary", "reviewed", "draft", "url", "aliases"]
)
VALUES = LINE | st.sampled_from(
    ["!!binary x", "!!set {a}", "!!int x", ".inf", "1:2:3", "2026-13-01", '"\\0"', "!!timestamp x", "0o9"]
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(st.tuples(NAMES, VALUES), max_size=6), body=st.text(max_size=60))
def test_any_front_matter_comes_in_or_is_refused(
    tree: Path, config: Config, fields: list[tuple[str, str]], body: str
) -> None:
    front = "".join(f"{name}: {value}\n" for name, value in fields)
    write(tree, "any.md", f"---\n{front}---\n{body}\n{TEXT}".encode("utf-8", "replace"))
    (line,) = bring(tree, config)
    assert line.split()[0] in {"created", "changed", "left", "refused"}
