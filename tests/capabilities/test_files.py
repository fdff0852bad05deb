"""Frameworks and crosswalk as files: what ships, and every refusal with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.capabilities.files import read_crosswalk, read_framework
from app.config import ROOT
from app.kernel.frontmatter import RefusedFileError
from app.kernel.markup import count_han
from app.kernel.types import Localized

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


def is_complete(text: Localized) -> bool:
    return set(text.texts) == {"en", "zh"} and count_han(text.texts["zh"]) > 0 and count_han(text.texts["en"]) == 0


def test_the_main_framework_has_seven_areas_and_fourteen_capabilities_at_five_levels() -> None:
    framework = read_framework(FOLDER / "continuous-delivery.yaml")
    assert {area.slug: len(area.capabilities) for area in framework.areas} == {
        "configuration-management": 2,
        "build-and-integration": 2,
        "test-management": 3,
        "deployment-and-release": 2,
        "environment-management": 1,
        "data-management": 2,
        "measurement-and-feedback": 2,
    }
    capabilities = [capability for area in framework.areas for capability in area.capabilities]
    assert len(capabilities) == 14
    assert all(set(capability.levels) == {1, 2, 3, 4, 5} for capability in capabilities)
    texts = [text for each in capabilities for text in (each.name, each.summary, *each.levels.values())]
    texts += [text for area in framework.areas for text in (area.name, area.summary)]
    assert all(map(is_complete, [*texts, framework.name, framework.summary, framework.notice]))
    described = [
        text.texts[language] for each in capabilities for text in each.levels.values() for language in ("en", "zh")
    ]
    assert len(set(described)) == 14 * 5 * 2
    assert framework.is_official is False
    assert "unofficial" in framework.notice.texts["en"].lower()


def test_the_dora_catalogue_has_its_34_names() -> None:
    framework = read_framework(FOLDER / "dora.yaml")
    capabilities = [capability for area in framework.areas for capability in area.capabilities]
    assert len(capabilities) == 34
    assert sorted(capability.slug for capability in capabilities) == sorted(DORA)
    assert all(is_complete(each.name) and is_complete(each.summary) for each in capabilities)


def test_the_crosswalk_links_every_capability_of_the_main_framework() -> None:
    crosswalk = read_crosswalk(FOLDER / "crosswalk.yaml")
    origins, targets = (
        {capability.slug for area in read_framework(FOLDER / f"{slug}.yaml").areas for capability in area.capabilities}
        for slug in (crosswalk.from_framework, crosswalk.to_framework)
    )
    assert {link.from_slug for link in crosswalk.links} == origins
    assert {link.to_slug for link in crosswalk.links} <= targets
    assert all(is_complete(link.note) for link in crosswalk.links)


def test_a_small_framework_is_read(tmp_path: Path) -> None:
    framework = read_framework(write(tmp_path, FRAMEWORK))
    assert (framework.slug, framework.version, framework.name.in_("zh"), framework.summary.in_("zh")) == (
        "small",
        "1",
        "小",
        "A small one",
    )
    assert framework.areas[0].capabilities[0].levels[5].in_("en") == "e"


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("slug: small", "slug: Small!", "the file: slug 'Small!' must be lower-case letters, digits and hyphens", 1),
        ("slug: small", "slug:", "the file: slug '' must be lower-case letters, digits and hyphens", 1),
        ("name: {en: Small, zh: 小}", "name: Small", "the file.name: must be a mapping", 1),
        ("name: {en: Small, zh: 小}", "name: {fr: Petit}", "the file.name: needs a text in en or zh", 2),
        ("name: {en: Small, zh: 小}", "name: {en: Small, zh: }", "the file.name: needs a text in en or zh", 2),
        ("summary: {en: A small one}", "other: 1", "the file.summary: must be a mapping", 1),
        ("areas:", "regions:", "the file: areas must be a list", 1),
        ("    name: {en: One}\n", "", "areas[0].name: must be a mapping", 5),
        ("    capabilities:", "    skills:", "areas[0]: capabilities must be a list", 5),
        (
            "- slug: testing",
            "- slug: 'a b'",
            "areas[0].capabilities[0]: slug 'a b' must be lower-case letters, digits and hyphens",
            9,
        ),
        (", 5: {en: e}", "", "areas[0].capabilities[0].levels: must be 1 to 5, or left out", 12),
        ("levels: {", "levels: [{", "no YAML: expected ',' or ']', but got '<stream end>'", 13),
        ("1: {en: a}", "1: a", "areas[0].capabilities[0].levels.1: must be a mapping", 12),
        ("slug: small", "slug: [x", "no YAML: expected ',' or ']', but got ':'", 2),
    ],
)
def test_a_wrong_framework_is_refused_with_its_place_and_line(
    tmp_path: Path, old: str, new: str, reason: str, line: int
) -> None:
    assert FRAMEWORK.count(old) >= 1
    with pytest.raises(RefusedFileError) as caught:
        read_framework(write(tmp_path, FRAMEWORK.replace(old, new, 1)))
    assert caught.value.reason == reason
    assert caught.value.line == line


@pytest.mark.parametrize("kind", ["area", "capability"])
def test_a_slug_given_twice_is_refused(tmp_path: Path, kind: str) -> None:
    area = FRAMEWORK.partition("areas:\n")[2]
    second = area.replace("slug: testing", "slug: other") if kind == "area" else area.replace("slug: one", "slug: two")
    with pytest.raises(RefusedFileError, match=f"{kind} given twice"):
        read_framework(write(tmp_path, FRAMEWORK + second))


@pytest.mark.parametrize("text", ["", "- a", "text", "\x00"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    for read in (read_framework, read_crosswalk):
        with pytest.raises(RefusedFileError):
            read(write(tmp_path, text))


@pytest.mark.parametrize(
    ("links", "reason", "line"),
    [
        ("links: 1", "the file: links must be a list", 1),
        ("links:\n  - 1", "links[0]: must be a mapping", 1),
        ("links:\n  - {from: a, to: b}", "links[0]: strength must be one of same, part, supports", 4),
        ("links:\n  - {from: a, to: b, strength: same, note: x}", "links[0].note: must be a mapping", 4),
    ],
)
def test_a_wrong_crosswalk_is_refused_with_its_line(tmp_path: Path, links: str, reason: str, line: int) -> None:
    with pytest.raises(RefusedFileError) as caught:
        read_crosswalk(write(tmp_path, f"from: a\nto: b\n{links}\n"))
    assert (caught.value.reason, caught.value.line) == (reason, line)
