"""Taking a snapshot: the one place that writes one. The caller opens the transaction, in which the assessment becomes final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.maturity.models import Assessment, AssessmentEvent, Snapshot, SnapshotMark
from app.maturity.rules import Step
from app.maturity.scoring import area_scores, total
from app.maturity.snapshots.content import digest_of, marks_of


def take(
    session: Session,
    assessment: Assessment,
    capabilities: Sequence[Mapping[str, Any]],
    *,
    verifier: User,
    now: datetime,
) -> Snapshot:
    """Keep what was agreed. `capabilities` have what was asked, answered and found of each, in the order of the framework."""
    content = _document(session, assessment, capabilities, verifier, now)
    snapshot = Snapshot(
        assessment_id=assessment.id,
        team_id=assessment.team_id,
        framework_id=assessment.framework_id,
        version_id=assessment.version_id,
        title=assessment.title,
        department=assessment.team.organisation,
        taken_at=now,
        verifier_id=verifier.id,
        score=content["score"],
        content=content,
        digest=digest_of(content),
        is_sample=assessment.is_sample,
    )
    self_levels = {each["slug"]: each["self_level"] for each in capabilities}
    snapshot.marks = [
        SnapshotMark(
            capability=mark.capability,
            position=position,
            area=mark.area,
            weight=mark.weight,
            area_weight=mark.area_weight,
            level=mark.level,
            self_level=self_levels[mark.capability],
        )
        for position, mark in enumerate(marks_of(content))
    ]
    session.add(snapshot)
    session.flush()
    return snapshot


def _document(
    session: Session,
    assessment: Assessment,
    capabilities: Sequence[Mapping[str, Any]],
    verifier: User,
    now: datetime,
) -> dict[str, Any]:
    asked = assessment.version.content
    submitted = select(AssessmentEvent.at).where(
        AssessmentEvent.assessment_id == assessment.id, AssessmentEvent.step == Step.SUBMIT
    )
    submitted_at = session.execute(submitted.order_by(AssessmentEvent.id.desc()).limit(1)).scalar_one_or_none()
    content: dict[str, Any] = {
        "framework": {
            "slug": asked["slug"],
            "name": asked["name"],
            "version": assessment.version.label,
            "number": assessment.version.number,
        },
        "team": {
            "slug": assessment.team.slug,
            "name": assessment.team.name,
            "department": assessment.team.organisation,
        },
        "assessed": {
            "title": assessment.title,
            "started_at": assessment.started_at.isoformat(),
            "submitted_at": (submitted_at or now).isoformat(),
            "confirmed_at": now.isoformat(),
            "verifier": verifier.name,
        },
        "capabilities": list(capabilities),
        "areas": [
            {"slug": area["slug"], "name": area["name"], "weight": area["weight"], "score": None}
            for area in asked["areas"]
        ],
        "score": None,
    }
    marks = marks_of(content)
    scores = area_scores(marks)
    for area in content["areas"]:
        area["score"] = scores.get(area["slug"])
    return {**content, "score": total(marks)}
