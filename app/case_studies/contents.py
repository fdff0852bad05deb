"""A case study as the content of a version, and back: plain values in a flat mapping (docs/adr/0017)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from app.case_studies.rules import PARTS, Answer, Form, MetricValues, Story

METRIC_NAMES = tuple(each.name for each in fields(MetricValues))


def content_of_story(story: Story) -> dict[str, Any]:
    """What is kept of it: the parts of a story or the questions of an interview, never both."""
    told: dict[str, Any] = (
        {"questions": [asdict(answer) for answer in story.answers]}
        if story.form is Form.INTERVIEW
        else {part: story.parts.get(part, "") for part in PARTS}
    )
    return {
        "form": str(story.form),
        "title": story.title,
        "language": story.language,
        "summary": story.summary,
        "team": story.team,
        "organisation": story.organisation,
        "capability": story.capability,
        **told,
        "metrics": [asdict(metric) for metric in story.metrics],
        "practices": list(dict.fromkeys(story.practices)),
        "coaches": list(dict.fromkeys(story.coaches)),
        "sessions": list(dict.fromkeys(story.sessions)),
        "byline": story.byline,
    }


def story_of(content: Mapping[str, Any]) -> Story:
    """The case study that a version holds. What an older version does not know is empty."""
    return Story(
        title=content["title"],
        language=content["language"],
        team=content.get("team", ""),
        form=Form(content.get("form", Form.STORY)),
        summary=content.get("summary", ""),
        capability=content.get("capability", ""),
        organisation=content.get("organisation", ""),
        byline=content.get("byline", ""),
        parts={part: content[part] for part in PARTS if part in content},
        answers=tuple(Answer(row["question"], row["answer"]) for row in content.get("questions", ())),
        metrics=tuple(_metric(row) for row in content.get("metrics", ())),
        practices=tuple(content.get("practices", ())),
        coaches=tuple(content.get("coaches", ())),
        sessions=tuple(content.get("sessions", ())),
    )


def for_readers(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without what a team says to its reviewers alone."""
    return {**content, "metrics": [{**row, "remark": ""} for row in content.get("metrics", ())]}


def _metric(row: Mapping[str, Any]) -> MetricValues:
    return MetricValues(**{name: row[name] for name in METRIC_NAMES if name in row})
