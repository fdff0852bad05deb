"""Which part of somebody's story is which."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_studies.rules import PARTS
from app.case_studies.splitting import part_of, split_story


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("Challenge", "challenge"),
        ("Problems and requirements", "challenge"),
        ("Our solution", "approach"),
        ("Why Kubernetes", "approach"),
        ("Benefits", "results"),
        ("Lessons learned", "lessons"),
        ("Conclusion", "lessons"),
        ("Future plans", "next_steps"),
        ("Background", "context"),
        ("项目背景", "context"),
        ("问题与挑战", "challenge"),
        ("解决方案", "approach"),
        ("应用效果", "results"),
        ("总结", "lessons"),
        ("未来演进方向", "next_steps"),
        ("Satellites", None),
        ("云边协同", None),
    ],
)
def test_headings_say_what_follows(heading: str, part: str | None) -> None:
    assert part_of(heading) == part


def test_a_story_in_its_own_form_becomes_one_in_ours() -> None:
    text = "Who we are.\n\n## Challenge\n\nToo slow.\n\n## Solution\n\nSmaller steps.\n\n### Details\n\nMany.\n\n## Benefits\n\nFast.\n"
    assert split_story(text) == {
        "context": "Who we are.\n",
        "challenge": "Too slow.\n",
        "approach": "Smaller steps.\n\n#### Details\n\nMany.\n",
        "results": "Fast.\n",
    }


def test_a_heading_that_says_more_than_the_part_stays() -> None:
    text = "## 为什么选择小步交付\n\n因为快。\n\n## 云边协同\n\n协同。\n"
    assert split_story(text) == {"approach": "### 为什么选择小步交付\n\n因为快。\n\n### 云边协同\n\n协同。\n"}


def test_headings_in_code_are_none() -> None:
    text = "## Solution\n\n```\n## Benefits\n```\n"
    assert split_story(text) == {"approach": "```\n## Benefits\n```\n"}


def test_a_text_without_headings_is_the_context() -> None:
    assert split_story("Only this.\n") == {"context": "Only this.\n"}


pieces = st.lists(
    st.one_of(
        st.sampled_from(["## Challenge", "## Solution", "## 效果", "### Details", "## Satellites", "```\n## x\n```"]),
        st.text(alphabet="ab 挑战\n", min_size=1, max_size=20),
    ),
    max_size=12,
)


@given(pieces)
def test_no_word_is_lost(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    names = re.compile(r"^##[ \t]+(?:Challenge|Solution|效果)[ \t]*$", re.MULTILINE)
    told = split_story(text)
    assert set(told) <= set(PARTS)

    def letters(text: str) -> list[str]:
        return sorted(re.sub(r"[\s#]", "", text))

    # Headings that only name a part are what the part is called now.
    outside = "\n\n".join(part for part in re.split(r"(?s)```.*?```", text))
    dropped = "".join(names.findall(outside))
    assert letters("".join(told.values())) == sorted(letter for letter in _without(letters(text), letters(dropped)))


def _without(letters: list[str], taken: list[str]) -> list[str]:
    rest = list(letters)
    for letter in taken:
        rest.remove(letter)
    return rest


@pytest.mark.parametrize("text", ["\x01", "a\x01b\n\n## Results\n\nx", "## Results\n\n\x01y\x01x"])
def test_signs_that_cannot_be_seen_part_nothing(text: str) -> None:
    parts = split_story(text)
    assert "".join(parts.values()).replace("\n", "") == text.replace("\x01", "").replace("## Results", "").replace(
        "\n", ""
    )
