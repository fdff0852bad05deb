"""What may be said of a capability, and what holds when two people say it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import InvalidInputError
from app.maturity.assessing.rules import GENERIC, Said, Shown, check, check_evidence, merge
from app.maturity.rules import EvidenceKind

SAIDS = st.builds(
    Said,
    level=st.none() | st.integers(1, 5),
    is_not_applicable=st.just(value=False),
    reason=st.just(""),
    note=st.sampled_from(["", "one", "two"]),
)


def test_a_level_needs_no_reason_and_loses_one() -> None:
    assert check(Said(3, reason="left over", note="Since spring")) == Said(3, note="Since spring")


def test_what_does_not_apply_needs_a_reason() -> None:
    with pytest.raises(InvalidInputError) as refused:
        check(Said(is_not_applicable=True))
    assert refused.value.field == "reason"
    assert check(Said(is_not_applicable=True, reason="No database")).is_answer


@pytest.mark.parametrize("said", [Said(0), Said(6), Said(3, is_not_applicable=True, reason="both")])
def test_there_are_five_levels_and_one_of_them_is_chosen(said: Said) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check(said)
    assert refused.value.field == "level"


def test_a_note_has_an_end() -> None:
    with pytest.raises(InvalidInputError) as refused:
        check(Said(3, note="x" * 4001))
    assert refused.value.field == "note"


def test_two_people_who_change_different_things_are_put_together() -> None:
    base = Said(2, note="old")
    assert merge(base, replace(base, level=3), replace(base, note="new")) == Said(3, note="new")


def test_two_people_who_change_the_same_to_something_different_are_asked() -> None:
    assert merge(Said(2), Said(3), Said(4)) is None
    assert merge(Said(2), Said(2, note="mine"), Said(2, note="theirs")) is None
    assert merge(Said(2), Said(2, note="same"), Said(2, note="same")) == Said(2, note="same")


@given(SAIDS, SAIDS)
def test_whoever_changes_nothing_takes_nothing_away(base: Said, theirs: Said) -> None:
    assert merge(base, base, theirs) == theirs
    assert merge(base, theirs, base) == theirs
    assert merge(base, theirs, theirs) == theirs


@given(SAIDS, SAIDS, SAIDS)
def test_it_is_the_same_whoever_comes_first(base: Said, one: Said, other: Said) -> None:
    assert merge(base, one, other) == merge(base, other, one)


def test_the_general_levels_are_told_apart() -> None:
    assert sorted(GENERIC) == [1, 2, 3, 4, 5]
    assert len({str(text) for text in GENERIC.values()}) == 5


@pytest.mark.parametrize(
    ("shown", "field"),
    [
        (Shown(EvidenceKind.LINK, "", "https://ci.example/"), "title"),
        (Shown(EvidenceKind.LINK, "The pipeline"), "link"),
        (Shown(EvidenceKind.LINK, "The pipeline", "javascript:alert(1)"), "link"),
        (Shown(EvidenceKind.LINK, "The pipeline", "https://ci.example/\nx"), "link"),
        (Shown(EvidenceKind.METRIC, "Lead time", unit="hours", window="October"), "value"),
        (Shown(EvidenceKind.METRIC, "Lead time", value=float("nan"), unit="hours", window="October"), "value"),
        (Shown(EvidenceKind.METRIC, "Lead time", value=3.0, window="October"), "unit"),
        (Shown(EvidenceKind.METRIC, "Lead time", value=3.0, unit="hours"), "window"),
    ],
)
def test_evidence_says_what_it_is(shown: Shown, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_evidence(shown)
    assert refused.value.field == field


def test_whole_evidence_is_taken() -> None:
    check_evidence(Shown(EvidenceKind.LINK, "The pipeline", "https://ci.example/"))
    check_evidence(Shown(EvidenceKind.METRIC, "Lead time", value=3.0, unit="hours", window="October 2026"))
    check_evidence(Shown(EvidenceKind.FILE, "The plan", "/media/files/0/plan.pdf"))
