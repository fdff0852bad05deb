"""The reader on arrays against Whoosh's own searcher: over random documents, random queries have the same answers."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as wq

from app.search.index import Question, SearchIndex
from app.search.index.asking import ask
from app.search.index.matching import UnsupportedError, evaluate
from app.search.index.plan import plan
from app.search.index.postings import Cache
from app.search.index.sight import Sight
from app.search.index.stock import evaluate_with_whoosh
from app.search.index.view import View
from app.search.query import parse
from app.search.sources import Document
from tests.thorough import examples

WORDS = ("alpha", "alpine", "beta", "gamma", "gamut", "delta", "流水线", "部署", "持续集成", "自动部署", "c++", "ci/cd")
PUBLIC = frozenset({"public"})


def make_index(folder: Path, seed: int) -> View:
    """Several segments of random documents, some written again and some taken out."""
    chance = random.Random(seed)

    def document(number: int) -> Document:
        return Document(
            chance.choice(["practice", "coach"]),
            str(number),
            " ".join(chance.choices(WORDS, k=chance.randint(0, 4))),
            summary=" ".join(chance.choices(WORDS, k=chance.randint(0, 3))),
            body=" ".join(chance.choices(WORDS, k=chance.choice([0, 3, 30, 300]))),
            tags=chance.choices(WORDS, k=chance.randint(0, 2)),
            levels=[chance.randint(1, 5)],
        )

    index = SearchIndex(folder)
    with index.writing():
        index.rebuild(document(number) for number in range(150))
        for _commit in range(chance.randint(0, 4)):
            written = [document(chance.randrange(200)) for _again in range(20)]
            index.apply(written, [f"coach:{chance.randrange(200)}"])
    return View(index.current_folder(), Cache(1 << 20))


everything = Sight.everything


@pytest.fixture(scope="module", params=range(4))
def view(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> View:
    return make_index(tmp_path_factory.mktemp("search"), request.param)


TERMS = st.sampled_from(["alpha", "alpin", "beta", "gamma", "delta", "流水线", "部署", "持续", "集成", "c++", "nowher"])
ATOMS = st.one_of(
    TERMS.map(lambda term: wq.Term("text", term)),
    TERMS.map(lambda term: wq.Term("text", term, boost=0.5)),
    TERMS.map(lambda term: wq.Term("title", term)),
    st.lists(TERMS, min_size=1, max_size=3).map(lambda terms: wq.Phrase("phrase", terms)),
)
QUERIES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(wq.And),
        st.lists(inner, min_size=1, max_size=4).map(wq.Or),
        st.lists(inner, min_size=1, max_size=4).map(wq.DisjunctionMax),
        st.tuples(inner, inner).map(lambda pair: wq.Require(*pair)),
        st.tuples(inner, inner).map(lambda pair: wq.AndMaybe(*pair)),
        st.tuples(inner, inner).map(lambda pair: wq.And([pair[0], wq.Not(pair[1])])),
    ),
    max_leaves=6,
)


@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_the_same_documents(view: View, query: wq.Query) -> None:
    found = evaluate(everything(view), query)
    ids = found.ids[view.live[found.ids]]
    assert ids.tolist() == evaluate_with_whoosh(everything(view), query).ids.tolist()
    assert (np.diff(found.ids) > 0).all()
    assert len(found.ids) == len(found.scores)


SCORED = st.recursive(
    TERMS.map(lambda term: wq.Term("text", term)),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map(wq.And) | st.lists(inner, min_size=1, max_size=4).map(wq.Or)
    ),
    max_leaves=6,
)


@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=SCORED)
def test_the_same_scores(view: View, query: wq.Query) -> None:
    """Of what is summed up. (In 3.54 a Not inside an And adds 1, and a boost inside a DisjunctionMax gets lost.)"""
    found = evaluate(everything(view), query)
    is_live = view.live[found.ids]
    assert np.allclose(found.scores[is_live], evaluate_with_whoosh(everything(view), query).scores, rtol=1e-4)


TYPED = st.lists(
    st.sampled_from([*WORDS, "-beta", "alp*", "流水*", '"alpha beta"', '"部署 流水线"', "OR", "title:alpha", "集成"]),
    min_size=1,
    max_size=5,
).map(" ".join)


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_the_same_pages(view: View, typed: str) -> None:
    question = Question(parse(typed), PUBLIC, limit=500)
    if question.parsed.is_empty:
        return
    fast, stock = ask(view, question, evaluate), ask(view, question, evaluate_with_whoosh)
    assert (fast.total, fast.facets, fast.loosened) == (stock.total, stock.facets, stock.loosened)
    assert {(hit.kind, hit.key) for hit in fast.hits} == {(hit.kind, hit.key) for hit in stock.hits}


def test_what_is_not_known_here_is_left_to_whoosh(tmp_path: Path) -> None:
    view = make_index(tmp_path, 7)
    query = wq.Wildcard("word", "al*a")
    with pytest.raises(UnsupportedError):
        evaluate(everything(view), query)
    alpha = evaluate(everything(view), wq.Term("word", "alpha"))
    assert evaluate_with_whoosh(everything(view), query).ids.tolist() == alpha.ids[view.live[alpha.ids]].tolist()
    assert plan(parse("alpha"), everything(view), view.live, None)[0].typed == "alpha"
