"""Everything that a verified assessment says, as plain values that a snapshot keeps: what was asked, answered, shown, found and
said, with every level in words, so that it can be read without anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from app.capabilities.versions import by_slugs_of
from app.kernel.types import LANGUAGES
from app.maturity.assessing.rules import GENERIC
from app.maturity.models import FindingWord, Target
from app.maturity.rules import LEVELS
from app.maturity.targets.queries import targets_of
from app.maturity.verifying.looking import Desk, Item
from app.maturity.verifying.queries import first_levels

LOCALES = {"en": "en", "zh": "zh_Hans_CN"}


def freeze(desk: Desk) -> list[dict[str, Any]]:
    """One of each capability, in the order of the framework."""
    assessment = desk.assessment
    said = first_levels(assessment.id)
    targets = by_slugs_of(assessment.version, targets_of(assessment.team_id, assessment.framework_id))
    general = _general()
    weights = {
        each["slug"]: each["weight"] for area in assessment.version.content["areas"] for each in area["capabilities"]
    }
    return [
        {
            "slug": item.question.slug,
            "area": item.question.area,
            "name": dict(item.question.name.texts),
            "weight": weights[item.question.slug],
            "statements": {
                str(level): dict(item.question.statements[level].texts)
                if level in item.question.statements
                else general[level]
                for level in LEVELS
            },
            **_answered(item, said),
            "evidence": [dict(each) for each in item.evidence],
            "words": [_word(word) for word in item.words],
            "target": _target(targets.get(item.question.slug)),
        }
        for item in desk.items
    ]


def _answered(item: Item, said: Mapping[str, int | None]) -> dict[str, Any]:
    answer = item.answer
    assert answer is not None
    level = item.final_level
    return {
        "level": level,
        "self_level": said.get(item.question.slug, answer.level),
        # A coach who differs gives a level, and with it says that it does apply.
        "is_not_applicable": level is None,
        "reason": answer.reason,
        "note": answer.note,
    }


def _word(word: FindingWord) -> dict[str, Any]:
    return {
        "author": word.author.name if word.author else "",
        "side": "team" if word.verdict is None else "coach",
        "verdict": word.verdict,
        "level": word.level,
        "text": word.text,
        "at": word.at.isoformat(),
    }


def _target(target: Target | None) -> dict[str, Any] | None:
    if target is None:
        return None
    return {
        "level": target.level,
        "due_on": target.due_on.isoformat() if target.due_on else None,
        "reason": target.reason,
    }


def _general() -> dict[int, dict[str, str]]:
    """What a level means where the framework does not say it, in each language."""
    texts: dict[int, dict[str, str]] = {level: {} for level in LEVELS}
    for language in LANGUAGES:
        with force_locale(LOCALES[language]):
            for level in LEVELS:
                texts[level][language] = str(GENERIC[level])
    return texts
