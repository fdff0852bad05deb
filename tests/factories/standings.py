"""A company whose teams were assessed, for tests and for the bench: written in a few statements, as many as there may be."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from app.accounts.models import Team
from app.capabilities.documents import as_document
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import transaction
from app.maturity.models import Assessment, Snapshot, SnapshotMark
from app.maturity.rules import State
from app.maturity.scoring import Mark, area_scores, total
from app.maturity.snapshots.content import digest_of
from tests.factories.frameworks import EARLIER

DEPARTMENTS = ("Retail", "Payments", "Risk", "Markets", "Operations", "Platform", "Data", "Insurance")
HALF_A_YEAR = timedelta(days=182)


def make_company(
    framework: Framework, *, teams: int, snapshots: int, now: datetime, seed: int = 1, prefix: str = "Company"
) -> list[int]:
    """So many teams in eight departments, each with so many snapshots half a year apart, the last of them recent. Answers their
    ids. The same `seed` makes the same company.
    """
    chance = random.Random(seed)
    with transaction() as session:
        made = [
            Team(
                slug=f"{prefix.lower()}-{number}",
                name=f"{prefix} {number}",
                organisation=DEPARTMENTS[number % len(DEPARTMENTS)],
            )
            for number in range(teams)
        ]
        session.add_all(made)
        session.flush()
        version = _version(session, framework)
        document, rows = version.content, _Rows()
        for team in made:
            levels = {each["slug"]: chance.randint(1, 3) for area in document["areas"] for each in area["capabilities"]}
            for back in reversed(range(snapshots)):
                taken_at = now - back * HALF_A_YEAR - timedelta(days=chance.randint(1, 60))
                rows.add(team, version, document, levels, taken_at)
                levels = {slug: min(5, level + (chance.random() < 0.35)) for slug, level in levels.items()}
        rows.write(session)
    return [team.id for team in made]


def _version(session: Any, framework: Framework) -> FrameworkVersion:
    """The latest; of a framework that has none yet, what it says now."""
    query = select(FrameworkVersion).where(FrameworkVersion.framework_id == framework.id)
    found = session.execute(query.order_by(FrameworkVersion.number.desc()).limit(1)).scalar_one_or_none()
    if found is None:
        kept = session.get_one(Framework, framework.id)
        kept.number = 1
        content = as_document(kept)
        found = FrameworkVersion(framework_id=kept.id, number=1, label=kept.version, content=content, at=EARLIER)
        session.add(found)
        session.flush()
    return found


class _Rows:
    """What is written at once."""

    def __init__(self) -> None:
        self.assessments: list[dict[str, Any]] = []
        self.snapshots: list[dict[str, Any]] = []
        self.marks: list[list[dict[str, Any]]] = []

    def add(
        self,
        team: Team,
        version: FrameworkVersion,
        document: Mapping[str, Any],
        levels: Mapping[str, int],
        at: datetime,
    ) -> None:
        title = f"{at:%Y-%m}"
        given = [(area, each) for area in document["areas"] for each in area["capabilities"]]
        marks = [
            Mark(each["slug"], area["slug"], each["weight"], area["weight"], levels[each["slug"]])
            for area, each in given
        ]
        scores = area_scores(marks)
        when = dict.fromkeys(("started_at", "submitted_at", "confirmed_at"), at.isoformat())
        content = {
            "framework": {
                "slug": document["slug"], "name": document["name"], "version": version.label, "number": version.number
            },
            "team": {"slug": team.slug, "name": team.name, "department": team.organisation},
            "assessed": {"title": title, "verifier": "", **when},
            "capabilities": [_capability(area["slug"], each, levels[each["slug"]]) for area, each in given],
            "areas": [
                {"slug": area["slug"], "name": area["name"], "weight": area["weight"], "score": scores[area["slug"]]}
                for area in document["areas"]
            ],
            "score": total(marks),
        }  # fmt: skip
        ids = {"team_id": team.id, "framework_id": version.framework_id, "version_id": version.id, "title": title}
        times = {"state_since": at, "started_at": at}
        self.assessments.append({**ids, **times, "state": State.FINAL, "revision": 1, "is_sample": False})
        digest = digest_of(content)
        kept = {"department": team.organisation, "taken_at": at, "score": total(marks), "content": content}
        self.snapshots.append({**ids, **kept, "digest": digest, "is_sample": False})
        self.marks.append(
            [
                {
                    "capability": mark.capability,
                    "position": place,
                    "area": mark.area,
                    "weight": mark.weight,
                    "area_weight": mark.area_weight,
                    "level": mark.level,
                    "self_level": mark.level,
                }
                for place, mark in enumerate(marks)
            ]
        )

    def write(self, session: Any) -> None:
        ids = _inserted(session, Assessment, self.assessments)
        snapshots = [{**row, "assessment_id": number} for row, number in zip(self.snapshots, ids, strict=True)]
        ids = _inserted(session, Snapshot, snapshots)
        session.execute(
            insert(SnapshotMark),
            [{**mark, "snapshot_id": number} for number, marks in zip(ids, self.marks, strict=True) for mark in marks],
        )


def _capability(area: str, each: Mapping[str, Any], level: int) -> dict[str, Any]:
    said = {"slug": each["slug"], "area": area, "name": each["name"], "weight": each["weight"], "level": level}
    nothing: dict[str, Any] = {
        "reason": "",
        "note": "",
        "evidence": [],
        "words": [],
        "target": None,
        "is_not_applicable": False,
    }
    return {**said, "self_level": level, "statements": {}, **nothing}


def _inserted(session: Any, model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """The ids of the rows, in their order."""
    returning = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(session.execute(returning, list(rows)).scalars())
