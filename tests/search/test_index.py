"""The index: what is found, in which order, how it is counted, and for whom."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.search.index import FACETS, Question, Results, SearchIndex
from app.search.query import parse
from app.search.sources import MEMBER, Document
from tests.thorough import examples

LIBRARY = (
    Document("practice", "1", "Deployment pipeline as code", "Jenkins 流水线入门", "Stages run in order.", area="release", levels=[3]),
    Document("practice", "2", "自动部署", "", "把部署交给流水线，生产环境也一样。", languages=["zh"], area="release", levels=[4]),
    Document("practice", "3", "Trunk based work", "", "Short branches. Based on trunk, tests run.", tags=["git", "CI/CD"], area="code"),
    Document("coach", "1", "Tomás Varga", "Pipelines that people trust", "Deployment since 2015.", languages=["en", "zh"], levels=[3, 4]),
    Document("coach", "2", "林岳", "灰度发布", "看板上线之前先写测试。", languages=["zh"]),
)  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return filled(tmp_path / "search", *LIBRARY)


def filled(folder: Path, *documents: Document) -> SearchIndex:
    index = SearchIndex(folder)
    with index.writing():
        index.rebuild(documents)
    return index


def ask(index: SearchIndex, text: str, *audience: str, limit: int = 10, offset: int = 0, **filters: Any) -> Results:
    marks = audience or ("public",)
    return index.search(Question(parse(text), frozenset(marks), filters, limit, offset))


def found(index: SearchIndex, text: str, *audience: str, **filters: Any) -> set[str]:
    answer = ask(index, text, *audience, limit=100, **filters)
    assert answer.total == len(answer.hits)
    return {f"{hit.kind}:{hit.key}" for hit in answer.hits}


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("deployments", {"practice:1", "coach:1"}),
        ("Jenkins 流水线", {"practice:1", "practice:2"}),
        ("流水线", {"practice:1", "practice:2"}),
        ("流水", {"practice:1", "practice:2"}),
        ("部署", {"practice:2"}),
        ("灰度", {"coach:2"}),
        ("看板", {"coach:2"}),
        ("上线", {"coach:2"}),
        ("林岳", {"coach:2"}),
        ("tomas", {"coach:1"}),
        ("TOMÁS", {"coach:1"}),
        ("ci", {"practice:3"}),
        ("ci/cd", {"practice:3"}),
        ("2015", {"coach:1"}),
        ('"trunk based"', {"practice:3"}),
        ('"run tests"', set()),
        ('"part trunk"', set()),
        ('"as code jenkins"', set()),
        ('"生产环境"', {"practice:2"}),
        ("pipe*", {"practice:1", "coach:1"}),
        ("pipeline*", {"practice:1", "coach:1"}),
        ("deployme*", {"practice:1", "coach:1"}),
        ("流水*", {"practice:1", "practice:2"}),
        ("run -trunk", {"practice:1"}),
        ('run -"short branches"', {"practice:1"}),
        ("部署 -流水", set()),
        ("nothing", set()),
    ],
)
def test_what_is_found(index: SearchIndex, text: str, hits: set[str]) -> None:
    assert found(index, text) == hits


def test_the_title_counts_for_more_than_the_text(tmp_path: Path) -> None:
    index = filled(
        tmp_path,
        Document("p", "body", "Other", "", "canary release and more words"),
        Document("p", "title", "Canary release", "", "some words about what it is"),
        Document("p", "summary", "Another", "canary release", "some words about what it is"),
    )
    for text in ("canary", "canar*", '"canary release"'):
        assert [hit.key for hit in ask(index, text).hits] == ["title", "summary", "body"]


def test_words_that_no_document_has_together_find_what_has_some(index: SearchIndex) -> None:
    answer = ask(index, "trunk 灰度")
    assert ({hit.title for hit in answer.hits}, answer.loosened) == ({"Trunk based work", "林岳"}, True)
    assert not ask(index, "trunk branches").loosened
    assert not ask(index, "nothing").loosened
    assert not ask(index, "nothing nowhere").loosened


def test_a_filter_that_leaves_nothing_does_not_loosen_the_words(index: SearchIndex) -> None:
    answer = ask(index, "trunk branches", kind=["coach"])
    assert (answer.total, answer.loosened) == (0, False)
    assert answer.facets["kind"] == {"practice": 1}


def test_facets_count_without_their_own_choice(index: SearchIndex) -> None:
    everything = "deployment OR pipeline"
    answer = ask(index, "pipelines")
    assert answer.facets == {
        "kind": {"practice": 1, "coach": 1},
        "area": {"release": 1},
        "level": {"3": 2, "4": 1},
        "language": {"en": 1, "zh": 1},
        **{name: {} for name in ("capability", "tag", "coach", "year")},
    }
    narrowed = ask(index, "pipelines", kind=["coach"], level=["4"])
    assert (narrowed.total, narrowed.facets["kind"]) == (1, Counter({"coach": 1}))
    assert narrowed.facets["level"] == {"3": 1, "4": 1}
    assert ask(index, "pipelines", kind=["coach", "practice"]).total == 2
    assert ask(index, "pipelines", area=["nowhere"]).total == 0
    assert ask(index, everything, language=["zh' OR 1"]).total == 0


def test_pages_do_not_overlap_and_have_an_exact_total(tmp_path: Path) -> None:
    index = filled(tmp_path, *(Document("p", str(number), f"Pipeline {number}") for number in range(25)))
    pages = [ask(index, "pipeline", limit=10, offset=offset) for offset in (0, 10, 20, 30)]
    assert [page.total for page in pages] == [25] * 4
    assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
    assert len({hit.key for page in pages for hit in page.hits}) == 25


def test_what_is_written_replaces_what_was_there(index: SearchIndex) -> None:
    with index.writing():
        index.apply([Document("practice", "1", "Canary release")], ["coach:1", "coach:99"])
    assert found(index, "canary") == {"practice:1"}
    assert found(index, "deployment") == set()
    assert index.count_by_kind() == {"practice": 3, "coach": 1}
    for _again in range(3):
        with index.writing():
            index.apply([Document("practice", "1", "Canary release")], [])
    assert found(index, "canary") == {"practice:1"}
    assert index.count_by_kind() == {"practice": 3, "coach": 1}


def test_an_empty_index_answers(tmp_path: Path) -> None:
    index = filled(tmp_path)
    assert ask(index, "anything") == Results([], 0, {name: Counter() for name in FACETS})
    assert ask(index, "any*").total == 0
    assert index.suggest("any", frozenset({"public"}), 5) == []
    assert index.count_by_kind() == {}


def test_two_indexes_side_by_side_do_not_mix(tmp_path: Path, index: SearchIndex) -> None:
    other = filled(tmp_path / "other", Document("practice", "7", "Deployment"))
    assert found(other, "deployment") == {"practice:7"}
    assert found(index, "deployment") == {"practice:1", "coach:1"}


@pytest.fixture
def guarded(tmp_path: Path) -> SearchIndex:
    """The same words for everybody, for members, for a team and for one person."""
    audiences = {"public": {"public"}, "member": {MEMBER}, "team": {"team:7", "role:editor"}, "own": {"user:1"}}
    return filled(
        tmp_path / "guarded",
        *(
            Document(name, str(number), f"Secret {name}", area=name, levels=[number], audience=frozenset(marks))
            for number, (name, marks) in enumerate(audiences.items(), 1)
        ),
    )


@pytest.mark.parametrize(
    ("audience", "kinds"),
    [
        (("public",), {"public"}),
        (("public", MEMBER), {"public", "member"}),
        (("public", MEMBER, "user:11", "team:77"), {"public", "member"}),
        (("public", MEMBER, "user:1"), {"public", "member", "own"}),
        (("public", MEMBER, "role:editor"), {"public", "member", "team"}),
        (("public", MEMBER, "team:7", "role:editor"), {"public", "member", "team"}),
        ((), set()),
    ],
)
def test_counts_facets_and_pages_know_only_what_the_reader_may_find(
    guarded: SearchIndex, audience: tuple[str, ...], kinds: set[str]
) -> None:
    for text in ("secret", "secr*", '"secret"', "secret nowhere", "secret -nowhere"):
        answer = guarded.search(Question(parse(text), frozenset(audience)))
        assert {hit.kind for hit in answer.hits} == kinds
        assert answer.total == len(kinds)
        assert set(answer.facets["kind"]) == set(answer.facets["area"]) == kinds
        assert answer.facets["level"].total() == len(kinds)
    for kind in {"member", "team", "own"} - kinds:
        hidden = guarded.search(Question(parse(f"secret {kind}"), frozenset(audience), {"kind": [kind]}))
        assert (hidden.total, hidden.hits, hidden.facets["area"], hidden.facets["kind"][kind]) == (0, [], {}, 0)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.text(alphabet='adeploy"*-+ 部署流水线“”|&()~^:[]{}\\/?', max_size=40))
def test_any_query_has_an_answer(index: SearchIndex, text: str) -> None:
    parsed = parse(text)
    if not parsed.is_empty:
        answer = index.search(Question(parsed, frozenset({"public"}), {"kind": [text[:5]], "area": []}))
        assert answer.total == 0
        ask(index, text)
