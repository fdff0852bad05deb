"""Frameworks and crosswalk as files: what ships, and every refusal with its line."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from app.capabilities.checking import MOST_GUESSED, check
from app.capabilities.documents import areas_of, capabilities_of
from app.capabilities.files import (
    RefusedFrameworkError,
    parse_framework,
    read_crosswalk,
    read_framework,
    write_framework,
)
from app.capabilities.yaml_lines import read_placed
from app.config import ROOT
from app.kernel.frontmatter import RefusedFileError
from app.kernel.markup import count_han

FOLDER = ROOT / "content" / "frameworks"
DORA = """
clear-and-communicated-ai-stance generative-organizational-culture job-satisfaction learning-culture transformational-leadership
well-being code-maintainability continuous-delivery continuous-integration database-change-management deployment-automation
flexible-infrastructure healthy-data-ecosystems loosely-coupled-teams pervasive-security platform-engineering
streamlining-change-approval teams-empowered-to-choose-tools test-automation test-data-management trunk-based-development
version-control working-in-small-batches ai-accessible-internal-data customer-feedback documentation-quality
monitoring-and-observability monitoring-systems proactive-failure-notification team-experimentation user-centric-focus
visual-management wip-limits work-visibility-in-value-stream
""".split()

FRAMEWORK = """\
slug: small
name: {en: Small, zh: 小}
summary: {en: A small one}
areas:
  - slug: one
    name: {en: One}
    summary: {en: The first}
    capabilities:
      - slug: testing
        name: {en: Testing}
        summary: {en: To test}
        levels: {1: {en: a}, 2: {en: b}, 3: {en: c}, 4: {en: d}, 5: {en: e}}
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def is_complete(texts: dict[str, str]) -> bool:
    return set(texts) == {"en", "zh"} and count_han(texts["zh"]) > 0 and count_han(texts["en"]) == 0


def test_the_main_framework_has_seven_areas_and_fourteen_capabilities_at_five_levels() -> None:
    framework = read_framework(FOLDER / "continuous-delivery.yaml")
    assert {slug: len(area["capabilities"]) for slug, area in areas_of(framework).items()} == {
        "configuration-management": 2,
        "build-and-integration": 2,
        "test-management": 3,
        "deployment-and-release": 2,
        "environment-management": 1,
        "data-management": 2,
        "measurement-and-feedback": 2,
    }
    capabilities = capabilities_of(framework).values()
    assert len(capabilities) == 14
    assert all(set(capability["levels"]) == set("12345") for capability in capabilities)
    texts = [text for each in capabilities for text in (each["name"], each["summary"], *each["levels"].values())]
    texts += [text for area in framework["areas"] for text in (area["name"], area["summary"])]
    assert all(map(is_complete, [*texts, framework["name"], framework["summary"], framework["notice"]]))
    described = [text[code] for each in capabilities for text in each["levels"].values() for code in ("en", "zh")]
    assert len(set(described)) == 14 * 5 * 2
    assert framework["official"] is False
    assert "unofficial" in framework["notice"]["en"].lower()


def test_in_the_main_framework_nothing_stands_alone() -> None:
    """Every capability needs another or is needed; what everything begins with needs nothing."""
    needs = {
        slug: each["needs"]
        for slug, each in capabilities_of(read_framework(FOLDER / "continuous-delivery.yaml")).items()
    }
    assert {slug for slug, wanted in needs.items() if not wanted} == {
        "version-control",
        "metrics",
        "layered-test-strategy",
    }
    needed = set(itertools.chain.from_iterable(needs.values()))
    assert [slug for slug, wanted in needs.items() if not wanted and slug not in needed] == []


def test_the_dora_catalogue_has_its_34_names() -> None:
    capabilities = capabilities_of(read_framework(FOLDER / "dora.yaml"))
    assert len(capabilities) == 34
    assert sorted(capabilities) == sorted(DORA)
    assert all(is_complete(each["name"]) and is_complete(each["summary"]) for each in capabilities.values())


def test_the_crosswalk_links_every_capability_of_the_main_framework() -> None:
    crosswalk = read_crosswalk(FOLDER / "crosswalk.yaml")
    origins, targets = (
        set(capabilities_of(read_framework(FOLDER / f"{slug}.yaml")))
        for slug in (crosswalk.from_framework, crosswalk.to_framework)
    )
    assert {link.from_slug for link in crosswalk.links} == origins
    assert {link.to_slug for link in crosswalk.links} <= targets
    assert all(is_complete(dict(link.note.texts)) for link in crosswalk.links)


def test_a_small_framework_is_read() -> None:
    level = {number: {"en": letter} for number, letter in zip("12345", "abcde", strict=True)}
    common = {"was": [], "weight": 1.0}
    testing = {"slug": "testing", **common, "name": {"en": "Testing"}, "summary": {"en": "To test"}, "needs": []}
    one = {"slug": "one", **common, "name": {"en": "One"}, "summary": {"en": "The first"}}
    assert parse_framework(FRAMEWORK) == {
        "slug": "small",
        "version": "1",
        "official": False,
        "name": {"en": "Small", "zh": "小"},
        "summary": {"en": "A small one"},
        "notice": {},
        "source": {},
        "areas": [{**one, "capabilities": [{**testing, "levels": level}]}],
    }


def test_weights_needs_and_former_slugs_are_read() -> None:
    second = """\
      - {slug: second, was: [first, zeroth], weight: 2.5, needs: testing, name: {en: x}, summary: {en: x}}
  - {slug: two, was: zwei, weight: 0, name: {en: x}, summary: {en: x}, capabilities: []}
"""
    document = parse_framework(
        FRAMEWORK.replace("slug: small", "slug: small\nversion: 2026.10\nofficial: yes") + second
    )
    found = capabilities_of(document)["second"]
    assert (found["was"], found["weight"], found["needs"]) == (["first", "zeroth"], 2.5, ["testing"])
    assert (document["version"], document["official"]) == ("2026.10", True)
    assert [(area["was"], area["weight"]) for area in document["areas"]] == [([], 1.0), (["zwei"], 0.0)]


CAPABILITY = "areas[0].capabilities[0]"


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("slug: small", "slug: Small!", "slug: “Small!” must be lower-case letters, digits and hyphens", 1),
        ("slug: small", "slug:", "slug: “” must be lower-case letters, digits and hyphens", 1),
        ("slug: small", "slug: new", "slug: “new” is the address of something else", 1),
        ("name: {en: Small, zh: 小}", "name: Small", "name: needs a text in en or zh", 2),
        ("name: {en: Small, zh: 小}", "name: {fr: Petit}", "name: needs a text in en or zh", 2),
        ("name: {en: Small, zh: 小}", "name: {en: Small, zh: }", "name: needs a text in en or zh", 2),
        ("name: {en: Small, zh: 小}", "name: {en: {x: y}}", "name: needs a text in en or zh", 2),
        ("name: {en: Small, zh: 小}", f"name: {{en: {'x' * 201}}}", "name.en: has more than 200 characters", 2),
        ("summary: {en: A small one}\n", "", "summary: needs a text in en or zh", 1),
        ("summary:", "sumary: 1\nsummary:", "sumary: there is no such field; is summary meant?", 3),
        ("summary:", "summary: {en: x}\nsummary:", "summary: is given twice", 4),
        ("areas:", "areas: 1\nothers:", "areas: must be a list", 4),
        ("    name: {en: One}\n", "", "areas[0].name: needs a text in en or zh", 5),
        ("- slug: one", "- slug: one\n    weight: 101", "areas[0].weight: must be a number from 0 to 100", 6),
        ("- slug: one", "- slug: one\n    weight: nan", "areas[0].weight: must be a number from 0 to 100", 6),
        ("- slug: one", "- slug: one\n    was: one", "areas[0].was: one is still the slug of something here", 6),
        ("    capabilities:", "    capabilities: []\n    x:", "areas[0].x: there is no such field", 9),
        (
            "- slug: testing",
            "- slug: 'a b'",
            f"{CAPABILITY}.slug: “a b” must be lower-case letters, digits and hyphens",
            9,
        ),
        ("- slug: testing", "- slug: edit", f"{CAPABILITY}.slug: “edit” is the address of something else", 9),
        (
            "- slug: testing",
            "- slug: testing\n        needs: {a: b}",
            f"{CAPABILITY}.needs: must be a list of slugs",
            10,
        ),
        (
            "- slug: testing",
            "- slug: testing\n        needs: [tasting]",
            f"{CAPABILITY}.needs: there is no capability tasting here; is testing meant?",
            10,
        ),
        (
            "- slug: testing",
            "- slug: testing\n        needs: [testing]",
            f"{CAPABILITY}.needs: needs itself in the end: testing → testing",
            10,
        ),
        (", 5: {en: e}", "", f"{CAPABILITY}.levels: must be 1 to 5, or left out; there is no 5", 12),
        ("5: {en: e}", "5: {en: e}, 6: {en: f}", f"{CAPABILITY}.levels.6: there is no such field", 12),
        ("levels: {", "levels: [{", "no YAML: expected ',' or ']', but got '<stream end>'", 13),
        ("1: {en: a}", "1: a", f"{CAPABILITY}.levels.1: needs a text in en or zh", 12),
        ("slug: small", "slug: [x", "no YAML: expected ',' or ']', but got ':'", 2),
        ("slug: small", "official: perhaps\nslug: small", "official: must be true or false", 1),
        ("slug: small", "version: [1]\nslug: small", "version: must be a single word or line", 1),
    ],
)
def test_a_wrong_framework_is_refused_with_its_place_and_line(old: str, new: str, reason: str, line: int) -> None:
    assert FRAMEWORK.count(old) >= 1
    with pytest.raises(RefusedFrameworkError) as caught:
        parse_framework(FRAMEWORK.replace(old, new, 1))
    assert (line, reason) in caught.value.problems


def test_all_errors_are_said_at_once_in_the_order_of_their_lines() -> None:
    wrong = (
        FRAMEWORK.replace("slug: testing", "slug: Testing")
        .replace("{en: One}", "One")
        .replace("slug: small", "slug: S")
    )
    with pytest.raises(RefusedFrameworkError) as caught:
        parse_framework(wrong)
    assert [line for line, _reason in caught.value.problems] == [1, 6, 9]
    assert (caught.value.line, caught.value.reason) == caught.value.problems[0]
    assert caught.value.notes == (
        "line 6: areas[0].name: needs a text in en or zh",
        f"line 9: {CAPABILITY}.slug: “Testing” must be lower-case letters, digits and hyphens",
    )


def test_a_circle_is_told_as_one_walks_it() -> None:
    area = "  - {slug: more, name: {en: x}, summary: {en: x}, capabilities: ["
    items = ", ".join(
        f"{{slug: {a}, needs: [{b}], name: {{en: x}}, summary: {{en: x}}}}" for a, b in ("ab", "bc", "ca")
    )
    with pytest.raises(RefusedFrameworkError) as caught:
        parse_framework(f"{FRAMEWORK}{area}{items}]}}\n")
    said = caught.value.reason.partition("in the end: ")[2].split(" → ")
    assert said[0] == said[-1]
    assert set(itertools.pairwise(said)) == {("a", "b"), ("b", "c"), ("c", "a")}


def test_what_is_written_reads_as_the_same_document() -> None:
    for name in ("continuous-delivery", "dora"):
        document = read_framework(FOLDER / f"{name}.yaml")
        assert parse_framework(write_framework(document)) == document
    text = write_framework(parse_framework(FRAMEWORK))
    assert "weight" not in text
    assert "notice" not in text


NASTY = (
    "a: &a [x]\nb: *a\n",
    "\n".join(
        f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9) if number else 'lol'}]" for number in range(9)
    ),
    "a: &a\n  <<: *a\n",
    "[" * 100_000,
    "{a: " * 5_000,
    "- " * 50_000,
    "!!python/object/apply:os.system ['true']",
    'slug: "\\UFFFFFFFF"',
    "? [a, b]\n: c\n",
    "a: b\n---\nc: d\n",
    "\x00",
    "\ud800",
    "x" * 1_000_001,
    "slug: small\n" * 90_000,
)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_whatever_is_pasted_is_refused_soon_and_with_few_words(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(RefusedFrameworkError) as caught:
        parse_framework(text)
    assert time.perf_counter() - began < 5
    assert len(caught.value.problems) <= 51


def test_texts_lose_what_no_database_takes() -> None:
    document = parse_framework(FRAMEWORK.replace("{en: One}", '{en: "O\\0n\\ud83de"}'))
    assert document["areas"][0]["name"]["en"] == "On?e"


@pytest.mark.parametrize("kind", ["area", "capability"])
def test_a_slug_given_twice_is_refused(kind: str) -> None:
    area = FRAMEWORK.partition("areas:\n")[2]
    second = area.replace("slug: testing", "slug: other") if kind == "area" else area.replace("slug: one", "slug: two")
    with pytest.raises(RefusedFrameworkError, match=f"{kind} .* is given twice"):
        parse_framework(FRAMEWORK + second)


@pytest.mark.parametrize("text", ["", "- a", "text", "\x00"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    for read in (read_framework, read_crosswalk):
        with pytest.raises(RefusedFileError):
            read(write(tmp_path, text))


@pytest.mark.parametrize(
    ("links", "reason", "line"),
    [
        ("links: 1", "links must be a list", 3),
        ("links:\n  - 1", "links[0]: must have fields of its own", 4),
        ("links:\n  - {from: a, to: b}", "links[0]: strength must be one of same, part, supports", 4),
        ("links:\n  - {from: a, to: b, strength: same, note: x}", "links[0].note: needs a text in en or zh", 4),
    ],
)
def test_a_wrong_crosswalk_is_refused_with_its_line(tmp_path: Path, links: str, reason: str, line: int) -> None:
    with pytest.raises(RefusedFileError) as caught:
        read_crosswalk(write(tmp_path, f"from: a\nto: b\n{links}\n"))
    assert (caught.value.reason, caught.value.line) == (reason, line)


def test_what_may_be_meant_is_looked_for_among_the_first_mistakes_alone() -> None:
    """For thousands of slugs among thousands it would take minutes."""
    needs = ", ".join(f"testin{number}" for number in range(200))
    checked = check(read_placed(f"{FRAMEWORK}        needs: [{needs}]\n").value)
    assert sum("is testing meant?" in each.text for each in checked.problems) == MOST_GUESSED
    assert len(checked.problems) == 200
