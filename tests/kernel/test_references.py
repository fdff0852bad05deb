"""`[[links]]` and `@mentions` in a text, whoever answers for them."""

from __future__ import annotations

import pytest

from app.kernel.markup import Rendered, render
from app.kernel.references import MOST_NAMES, Reference, links_in, mentions_in, new_mentions


class Names:
    lost_note = "Not <here>"

    def link(self, name: str) -> Reference | None:
        return {
            "trunk": Reference("/practices/trunk", "Trunk & <friends>"),
            "主干开发": Reference("/practices/trunk", "主干开发"),
            "coach:lin": Reference("/coaches/lin", "Lin Yue"),
        }.get(name)

    def person(self, handle: str) -> Reference | None:
        return {"lin-yue": Reference("/coaches/lin", "Lin Yue"), "ou": Reference("", "Ou <b>")}.get(handle)


def shown(source: str) -> Rendered:
    return render(source, names=Names())


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[[trunk]]", '<a href="/practices/trunk" rel="noopener">Trunk &amp; &lt;friends&gt;</a>'),
        ("[[ trunk ]]", '<a href="/practices/trunk" rel="noopener">Trunk &amp; &lt;friends&gt;</a>'),
        ("[[trunk|this one]]", '<a href="/practices/trunk" rel="noopener">this one</a>'),
        ("先读[[主干开发]]。", '先读<a href="/practices/trunk" rel="noopener">主干开发</a>。'),
        ("[[coach:lin]]", '<a href="/coaches/lin" rel="noopener">Lin Yue</a>'),
        ("**[[trunk|a]]**", '<strong><a href="/practices/trunk" rel="noopener">a</a></strong>'),
        ("[[trunk|*a* & b]]", '<a href="/practices/trunk" rel="noopener">*a* &amp; b</a>'),
        ("[[trunk\\*x]]", "[[trunk*x]]"),
        ('<b title="[[trunk]] @ou">x</b>', '<b title="[[trunk]] @ou">x</b>'),
        ("[see [[trunk]]](/b)", '<a href="/b" rel="noopener">see [[trunk]]</a>'),
        ("[[gone]]", '<span class="lost-link" title="Not &lt;here&gt;">gone</span>'),
        ("[[gone|that one]]", '<span class="lost-link" title="Not &lt;here&gt;">that one</span>'),
        ("`[[trunk]]`", "<code>[[trunk]]</code>"),
        ("[[a](b)](c)", '<a href="c" rel="noopener">[a](b)</a>'),
        (
            "[[gone]][[trunk|a]]",
            '<span class="lost-link" title="Not &lt;here&gt;">gone</span><a href="/practices/trunk" rel="noopener">a</a>',
        ),
        ("[[trunk|a]][trunk]\n\n[trunk]: /b", '<a href="/b" rel="noopener">[trunk|a]</a>'),
        ("[[trunk]](https://e.example)", '<a href="https://e.example" rel="noopener">[trunk]</a>'),
        ("@lin-yue", '<a class="mention" href="/coaches/lin" rel="noopener">@Lin Yue</a>'),
        ("问@lin-yue吧", '问<a class="mention" href="/coaches/lin" rel="noopener">@Lin Yue</a>吧'),
        ("@Lin-Yue, look.", '<a class="mention" href="/coaches/lin" rel="noopener">@Lin Yue</a>, look.'),
        ("@ou.", '<span class="mention">@Ou &lt;b&gt;</span>.'),
        ("`@ou`", "<code>@ou</code>"),
        ("@nobody", "@nobody"),
        ("a@ou b.ou@ou.example @ou/pkg @ou_x /@ou @ou.js @@ou", "a@ou b.ou@ou.example @ou/pkg @ou_x /@ou @ou.js @@ou"),
        ("[@ou](b)", '<a href="b" rel="noopener">@ou</a>'),
    ],
)
def test_what_is_written_and_what_is_shown(source: str, html: str) -> None:
    assert shown(source).html == f"<p>{html}</p>"


def test_a_table_takes_links_with_their_bar_escaped() -> None:
    html = shown("| a | b |\n| --- | --- |\n| [[trunk\\|x]] | @ou |\n").html

    assert '<td><a href="/practices/trunk" rel="noopener">x</a></td>' in html
    assert '<td><span class="mention">@Ou &lt;b&gt;</span></td>' in html


def test_what_is_lost_and_who_is_mentioned_is_told_once_each() -> None:
    rendered = shown("[[gone]] [[trunk]] [[away|x]] [[gone]] @ou @lin-yue @ou @nobody\n\n```\n[[code]] @lin-yue\n```\n")

    assert rendered.lost == ("gone", "away")
    assert rendered.mentions == ("ou", "lin-yue")


def test_names_of_the_text_before_are_forgotten() -> None:
    assert shown("[[gone]] @ou").lost == ("gone",)
    assert (shown("[[trunk]]").lost, shown("[[trunk]]").mentions) == ((), ())


def test_without_anybody_to_ask_they_are_text() -> None:
    assert render("[[trunk]] @ou").html == "<p>[[trunk]] @ou</p>"


def test_a_resolver_of_addresses_is_not_asked_for_names() -> None:
    asked: list[str] = []

    def resolve(_kind: str, target: str) -> str | None:
        asked.append(target)
        return None

    html = render("[[trunk|a]] [b](c.md)", resolve, Names()).html

    assert asked == ["c.md"]
    assert html == '<p><a href="/practices/trunk" rel="noopener">a</a> <a rel="noopener">b</a></p>'


def test_names_are_found_before_they_are_asked_for() -> None:
    assert links_in("[[a]] [[ b |c]] [[a]] [[d\\|e]] [[]] [[f\ng]] [[h]](i)") == ["a", "b", "d"]
    assert mentions_in("@a-b @c @Dd @a-b a@e @f/g `@hh`\n```\n@ii\n```\n~~~\n@jj\n") == ["a-b", "dd"]
    assert len(links_in("".join(f"[[{number}]]" for number in range(1000)))) == MOST_NAMES


def test_who_is_new_in_a_text_is_told() -> None:
    assert new_mentions("@anna and @bert", "@bert, @carl, @CARL and `@code`") == ["carl"]
    assert new_mentions("", "no one") == []
