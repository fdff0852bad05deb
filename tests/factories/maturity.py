"""Snapshots for tests that look at many of them: rows as the verifying of an assessment leaves them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import transaction
from app.maturity.models import Assessment, Snapshot, SnapshotMark
from app.maturity.rules import State

THEN = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)


def make_snapshot(
    team: Team,
    framework: Framework,
    levels: Mapping[str, int | None],
    *,
    taken_at: datetime = THEN,
    title: str = "2026, first half",
    self_levels: Mapping[str, int | None] | None = None,
    verifier: User | None = None,
    evidence: Mapping[str, list[dict[str, Any]]] | None = None,
    targets: Mapping[str, int] | None = None,
    told: Mapping[str, Mapping[str, Any]] | None = None,
) -> Snapshot:
    """A snapshot of `team` with these levels by capability; None is what does not apply. What is not named does not apply either.
    `evidence` and `targets` are by capability, too, and `told` is what else the document says of one.
    """
    shown, wanted = evidence or {}, targets or {}
    said = {**levels, **(self_levels or {})}
    with transaction() as session:
        version = session.execute(
            select(FrameworkVersion)
            .where(FrameworkVersion.framework_id == framework.id)
            .order_by(FrameworkVersion.number.desc())
            .limit(1)
        ).scalar_one()
        assessment = Assessment(
            team_id=team.id,
            framework_id=framework.id,
            version_id=version.id,
            title=title,
            state=State.FINAL,
            state_since=taken_at,
            verifier_id=verifier.id if verifier else None,
            started_at=taken_at,
        )
        session.add(assessment)
        session.flush()
        document = version.content
        given = [(area, each) for area in document["areas"] for each in area["capabilities"]]
        areas = [
            (area, _mean([(each["weight"], levels.get(each["slug"])) for each in area["capabilities"]]))
            for area in document["areas"]
        ]
        score = _mean([(area["weight"], mean) for area, mean in areas])
        content: dict[str, Any] = {
            "framework": {
                "slug": document["slug"],
                "name": document["name"],
                "version": version.label,
                "number": version.number,
            },
            "team": {"slug": team.slug, "name": team.name, "department": team.organisation},
            "assessed": {
                "title": title,
                "started_at": taken_at.isoformat(),
                "submitted_at": taken_at.isoformat(),
                "confirmed_at": taken_at.isoformat(),
                "verifier": verifier.name if verifier else "",
            },
            "capabilities": [
                {
                    "slug": each["slug"],
                    "area": area["slug"],
                    "name": each["name"],
                    "weight": each["weight"],
                    "statements": each["levels"],
                    "level": levels.get(each["slug"]),
                    "self_level": said.get(each["slug"]),
                    "is_not_applicable": levels.get(each["slug"]) is None,
                    "reason": "",
                    "note": "",
                    "evidence": shown.get(each["slug"], []),
                    "words": [],
                    "target": {"level": wanted[each["slug"]], "due_on": None, "reason": ""}
                    if each["slug"] in wanted
                    else None,
                    **(told or {}).get(each["slug"], {}),
                }
                for area, each in given
            ],
            "areas": [
                {"slug": area["slug"], "name": area["name"], "weight": area["weight"], "score": mean}
                for area, mean in areas
            ],
            "score": score,
        }
        snapshot = Snapshot(
            assessment_id=assessment.id,
            team_id=team.id,
            framework_id=framework.id,
            version_id=version.id,
            title=title,
            department=team.organisation,
            taken_at=taken_at,
            verifier_id=verifier.id if verifier else None,
            score=score,
            content=content,
            digest=hashlib.sha256(
                json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            ).hexdigest(),
            marks=[
                SnapshotMark(
                    capability=each["slug"],
                    position=number,
                    area=area["slug"],
                    weight=each["weight"],
                    area_weight=area["weight"],
                    level=levels.get(each["slug"]),
                    self_level=said.get(each["slug"]),
                )
                for number, (area, each) in enumerate(given)
            ],
        )
        session.add(snapshot)
    return snapshot


def _mean(pairs: list[tuple[float, float | None]]) -> float | None:
    counted = [(weight, value) for weight, value in pairs if value is not None and weight]
    return sum(weight * value for weight, value in counted) / sum(weight for weight, _ in counted) if counted else None
