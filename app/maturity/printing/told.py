"""A snapshot as it is told on paper and in a workbook: its document in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.kernel.types import Localized
from app.maturity.models import Snapshot
from app.maturity.rules import VERDICT_NAMES, Verdict
from app.practices.adoption.rules import STAGE_NAMES, Stage
from app.web.filters import number


@dataclass(frozen=True)
class Shown:
    """A piece of evidence. `link` is where it is, `figure` what was measured."""

    kind: str
    title: str
    link: str
    figure: str


@dataclass(frozen=True)
class Word:
    """What was said about the answer, and by whom."""

    author: str
    side: str
    verdict: str
    text: str
    at: str


@dataclass(frozen=True)
class Told:
    """A capability. `statement` is what its level means; the words are empty for whoever may not have them."""

    name: str
    area: str
    weight: float
    level: int | None
    self_level: int | None
    target: int | None
    statement: str
    reason: str
    note: str
    evidence: Sequence[Shown]
    words: Sequence[Word]


def told_of(snapshot: Snapshot, language: str, *, with_words: bool) -> list[Told]:
    """Every capability of the snapshot, in the order of its framework."""
    content = snapshot.content
    areas = {area["slug"]: _in(area["name"], language) for area in content["areas"]}
    return [_told(each, areas, language, with_words=with_words) for each in content["capabilities"]]


def _told(each: Mapping[str, Any], areas: Mapping[str, str], language: str, *, with_words: bool) -> Told:
    level = each["level"]
    return Told(
        name=_in(each["name"], language),
        area=areas.get(each["area"], each["area"]),
        weight=each["weight"],
        level=level,
        self_level=each["self_level"],
        target=each["target"]["level"] if each.get("target") else None,
        statement=_in((each["statements"] or {}).get(str(level), {}), language),
        reason=each["reason"] if with_words else "",
        note=each["note"] if with_words else "",
        evidence=[_shown(item, language) for item in each["evidence"]],
        words=[_word(item) for item in each["words"]] if with_words else [],
    )


def _in(said: Mapping[str, str] | str, language: str) -> str:
    return said if isinstance(said, str) else Localized(said).in_(language)


def _shown(item: Mapping[str, Any], language: str) -> Shown:
    value = item.get("value")
    measured = f"{number(value)} {item.get('unit') or ''}".strip() if value is not None else ""
    stage = str(STAGE_NAMES[Stage(item["stage"])]) if item.get("stage") in set(Stage) else ""
    figure = " · ".join(text for text in (measured, item.get("window") or "", stage) if text)
    return Shown(kind_name(item["kind"]), _in(item["title"], language), item.get("link") or "", figure)


def kind_name(kind: str) -> str:
    return {
        "link": _("Link"),
        "file": _("File"),
        "metric": _("Number"),
        "practice": _("Adopted practice"),
    }.get(kind, kind)


def _word(item: Mapping[str, Any]) -> Word:
    verdict = item.get("verdict")
    said = str(VERDICT_NAMES[Verdict(verdict)]) if verdict in set(Verdict) else ""
    if item.get("level"):
        said = _("%(verdict)s: level %(level)s", verdict=said, level=item["level"])
    side = _("Coach") if item["side"] == "coach" else _("Team")
    return Word(item["author"], side, said, item["text"], item["at"][:10])
