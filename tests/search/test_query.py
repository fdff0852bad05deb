"""What was typed, taken apart. Any input is a query."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.query import MAX_TERMS, Clause, Form, Parsed, parse


@dataclass(frozen=True)
class Simple:
    """What a query without alternatives and fields comes to."""

    words: list[str] = field(default_factory=list)
    phrases: list[list[str]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    excluded: list[list[str]] = field(default_factory=list)


def simple(parsed: Parsed) -> Simple:
    def of(form: Form) -> list[list[str]]:
        return [list(one.terms) for one in parsed.clauses if one.form is form]

    words, prefixes = ([terms[0] for terms in of(form)] for form in (Form.WORD, Form.PREFIX))
    return Simple(words, of(Form.PHRASE), prefixes, [list(one.terms) for one in parsed.excluded])


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("Deployment pipeline", Simple(words=["deploy", "pipelin"])),
        ("Jenkins 流水线", Simple(words=["jenkin", "流水线"])),
        ('"trunk based" flow', Simple(phrases=[["trunk", "base"]], words=["flow"])),
        ("“trunk based”", Simple(phrases=[["trunk", "base"]])),
        ("「持续 集成」", Simple(phrases=[["持续", "集成"]])),
        ("＂trunk based＂", Simple(phrases=[["trunk", "base"]])),
        ("deploym*", Simple(prefixes=["deploym"])),
        ("Deployment* tests", Simple(prefixes=["deployment"], words=["test"])),
        ("trunk-bas*", Simple(prefixes=["bas"], words=["trunk"])),
        ("部署流水*", Simple(prefixes=["流水"], words=["部署"])),
        ("云*", Simple(prefixes=["云"])),
        ("d*", Simple(words=["d"])),
        ("*", Simple()),
        ("test -unit", Simple(words=["test"], excluded=[["unit"]])),
        ('test -"unit test"', Simple(words=["test"], excluded=[["unit", "test"]])),
        ("-unit", Simple(excluded=[["unit"]])),
        ("well-known", Simple(words=["well", "known"])),
        ("看板", Simple(words=["看板"])),
        ('"看板"', Simple(words=["看板"])),
        ("the of", Simple()),
        ('"', Simple()),
        ('"open', Simple(words=["open"])),
        ("", Simple()),
    ],
)
def test_words_phrases_prefixes_exclusions(text: str, parsed: Simple) -> None:
    assert simple(parse(text)) == parsed


def test_to_leave_something_out_is_not_yet_to_look_for_anything() -> None:
    assert parse("-unit").is_empty
    assert parse("").is_empty
    assert not parse("unit*").is_empty


def test_a_query_has_an_end() -> None:
    parsed = parse(" ".join(f"w{number}" for number in range(100)))
    assert len(parsed.units) == MAX_TERMS
    assert len(parse("词 " * 400).units) <= MAX_TERMS
    assert parse("x" * 10_000).terms == ["x" * 256]


@given(st.text(max_size=300) | st.text(alphabet='ab"*-+ \t部署“”「」|&()', max_size=80))
def test_any_text_is_a_query(text: str) -> None:
    parsed = parse(text)
    found = [*parsed.terms, *parsed.prefixes, *(term for clause in parsed.excluded for term in clause.terms)]
    assert all(found)
    assert len(found) <= MAX_TERMS


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("alpha OR beta", [["alpha", "beta"]]),
        ("alpha | beta gamma", [["alpha", "beta"], ["gamma"]]),
        ("alpha OR beta OR gamma", [["alpha", "beta", "gamma"]]),
        ("OR alpha", [["alpha"]]),
        ("alpha OR", [["alpha"]]),
        ("alpha or beta", [["alpha"], ["beta"]]),
        ("-gamma OR beta", [["beta"]]),
        ("部署 OR 发布", [["部署", "发布"]]),
    ],
)
def test_alternatives(text: str, units: list[list[str]]) -> None:
    assert [[one.terms[0] for one in unit] for unit in parse(text).units] == units


@pytest.mark.parametrize(
    ("text", "filters", "terms"),
    [
        ("kind:coach release", {"kind": ("coach",)}, ["releas"]),
        ('tag:"ci cd"', {"tag": ("ci cd",)}, []),
        ("level:3..5", {"level": ("3", "4", "5")}, []),
        ("level:4..", {"level": ("4", "5")}, []),
        ("level:..2", {"level": ("1", "2")}, []),
        ("level:3 level:5", {"level": ("3", "5")}, []),
        ("级别：3 部署", {"level": ("3",)}, ["部署"]),
        ("教练:林岳", {"coach": ("林岳",)}, []),
        ("level:abc", {}, ["level", "abc"]),
        ("http://example", {}, ["http", "exampl"]),
        ("before:never", {}, ["never"]),
        ("-tag:git", {}, []),
    ],
)
def test_fields(text: str, filters: dict[str, tuple[str, ...]], terms: list[str]) -> None:
    parsed = parse(text)
    assert (dict(parsed.filters), parsed.terms) == (filters, terms)


def test_days_and_titles() -> None:
    parsed = parse("after:2026 before:2026-10-15 title:Deployments")
    assert (parsed.since, parsed.until) == (date(2026, 1, 1), date(2026, 10, 15))
    assert parsed.clauses == [Clause(("deploy",), in_title=True)]
    assert parse("before:2026-13").until is None
    assert not parse("after:2026").is_empty
