"""Other people's Markdown, made ready: what is taken out is told, and code is left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_studies.splitting import split_story
from app.practices.cleaning import clean_source, outside_code


@pytest.mark.parametrize(
    ("text", "left", "note"),
    [
        ("a {{< note >}} b", "a  b", "1 × shortcode taken out"),
        ('a {{% tab name="x" %}} b', "a  b", "1 × shortcode taken out"),
        ("a {{{< badge >}}} b", "a  b", "1 × shortcode taken out"),
        ("a {{ page.title }} b {{x}}", "a  b", "2 × template variable taken out"),
        ("a {% raw %}b{% endraw %}", "a b", "2 × template tag taken out"),
        ("a\n{% include 'foot.html' %}\nb", "a\n\nb", "1 × include taken out"),
        ('a\n--8<-- "snippets/a.md"\nb', "a\n\nb", "1 × include taken out"),
        ("a\n{!docs/a.md!}\nb", "a\n\nb", "1 × include taken out"),
        ("a\n{{#include a.rs}}\nb", "a\n\nb", "1 × include taken out"),
        ("a\n!include other.md\nb", "a\n\nb", "1 × include taken out"),
        ("a <!-- todo\nmore --> b", "a  b", "1 × comment taken out"),
        ("a {/* todo */} b {# jinja #}", "a  b", "2 × comment taken out"),
        ("## Title {#anchor}\n\nx", "## Title\n\nx", "1 × attribute list taken out"),
        ("x{: .lead}\ny {:toc}", "x\ny", "2 × attribute list taken out"),
        (":::tip\nx\n:::", "x", "2 × container mark taken out"),
        ('<section class="a" markdown="1">\nx\n</section>', "x", "2 × wrapper element taken out"),
        ('a <Tabs items={["x"]}>b</Tabs> <Icon.Star />', "a b", "3 × component taken out"),
        ("a\n<script>\nalert(1)\n</script>\nb", "a\nb", "1 × script or style taken out"),
        ("import Tabs from '@theme/Tabs';\n\na", "a", "1 × import taken out"),
    ],
)
def test_what_only_the_old_home_understood_is_taken_out_and_told(text: str, left: str, note: str) -> None:
    cleaned = clean_source(text)
    assert (cleaned.text.strip(), cleaned.notes) == (left, (note,))


@pytest.mark.parametrize(
    "text",
    [
        "```\n{{ x }}\nimport a from 'b';\n<Foo/>\n# comment\n```\n",
        "~~~yaml\n{% if x %}\n~~~\n",
        "Write `{{ site.title }}` and ``a `<Foo/>` b``.\n",
        "1. Step\n\n   ```sh\n   # {{ x }}\n   ```\n",
        "We import goods from abroad and export them.\n",
        "```\nnever closed {{ x }}\n",
        "A set {1, 2} and {a: b}.\n",
        "Line of ```inline {{ x }}``` code\n",
    ],
)
def test_code_and_plain_prose_are_left_alone(text: str) -> None:
    cleaned = clean_source(text)
    assert (cleaned.text, cleaned.notes) == (text, ())


def test_prose_after_a_span_of_three_backticks_is_no_code() -> None:
    assert clean_source("```a``` b\n\n{{ x }}\n").text == "```a``` b\n"


def test_a_program_in_mdx_reaches_to_the_blank_line() -> None:
    text = "import A from 'a'\nexport const meta = {\n  title: 'x',\n}\n\n# Title\n\nText.\n"
    cleaned = clean_source(text, is_mdx=True)
    assert (cleaned.title, cleaned.text, cleaned.notes) == ("Title", "Text.\n", ("1 × import taken out",))


def test_a_reference_of_hugo_stays_a_link() -> None:
    assert clean_source('[x]({{< ref "/docs/a.md#part" >}})').text == "[x](/docs/a.md#part)\n"


@pytest.mark.parametrize(
    ("text", "title", "left"),
    [
        ("# One #\n\ntext", "One", "text\n"),
        ("One\n===\n\ntext", "One", "text\n"),
        ("\n\n# One\n\n## Two", "One", "## Two\n"),
        ("text\n\n# One", "", "text\n\n## One\n"),
        ("# One\n\n# Two\n\n## Three\n\n###### Six", "One", "## Two\n\n### Three\n\n###### Six\n"),
        ("#hashtag", "", "#hashtag\n"),
        ("```\n# One\n```", "", "```\n# One\n```\n"),
    ],
)
def test_headings_move_under_the_title(text: str, title: str, left: str) -> None:
    cleaned = clean_source(text)
    assert (cleaned.title, cleaned.text) == (title, left)


@given(st.text(alphabet=st.sampled_from("ab `~{}%<>/#!\n\x00[]()-=*:A中")))
def test_cleaning_takes_any_text(text: str) -> None:
    clean_source(text)
    assert outside_code(text.replace("\x00", ""), lambda prose: prose) == text.replace("\x00", "")


@pytest.mark.parametrize(
    "text",
    [
        " " * 300_000, "{% " * 100_000, "{!a" * 100_000, "<!--" * 100_000, "{/*" * 100_000, "<script " * 40_000, "<div\n" * 60_000,
        "import = " + "; " * 100_000 + "x", "# a" + " " * 100_000 + "b", "## " + "# " * 100_000 + "b",
        " ".join("`" * number for number in range(1, 900)), "{{< " * 100_000,
    ],
)  # fmt: skip
def test_no_text_takes_longer_than_it_is(text: str) -> None:
    began = time.process_time()
    clean_source(text, is_mdx=False)
    split_story(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{% a\n\n{{ x }} b", "{% a\n\n b"), ("{{ a\n\n{{ b }} c", "{{ a\n\n c"), ("{! a\n{! b !} c", "{! a\n c"),
        ("<!-- a <b> c", "<!-- a <b> c"), ("{% a %} {% b", " {% b"), ("<STYLE>x</Style >y", "y"),
        ("import x = y and z", "import x = y and z"), ("a {#b c\n#} d", "a {#b c\n#} d"),
    ],
)  # fmt: skip
def test_what_nothing_closes_stays(text: str, left: str) -> None:
    assert clean_source(text).text.strip("\n") == left.strip("\n")
