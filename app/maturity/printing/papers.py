"""A team's standing and a snapshot on paper: set by the press that sets the case studies, and kept nowhere, for few may have them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.case_studies.printing.papers import print_once
from app.config import Config
from app.kernel.errors import ConflictError
from app.maturity.models import Snapshot
from app.maturity.printing.told import told_of
from app.maturity.scoring import area_scores, explain, shown
from app.maturity.standing.queries import Standing
from app.maturity.standing.report import Report, called
from app.maturity.standing.rules import TOP_LEVEL
from app.maturity.standing.wording import day_of, place_words, score_words
from app.web.i18n import language

# What stands for a character that no font has. It is said on the paper that there is one.
UNKNOWN = "?"
TRIES = 3
NOT_PRINTED = _l("This cannot be printed: it is longer than a paper may be. Print the page from your browser.")


def print_standing(report: Report, *, now: datetime) -> bytes:
    """Raises ConflictError where the press did not manage."""
    address = url_for("standing.show", slug=report.team.slug, framework=report.framework.slug)
    html = render_template(
        "maturity/printing/standing.html",
        report=report,
        called=lambda names, slug: called(names, slug, language()),
        day_of=day_of,
        place_words=place_words,
        score_words=score_words,
    )
    about = [report.team.name, report.now.department, report.framework.name.in_(language())]
    return printed(
        {
            **sheet(address, now),
            "title": _("Where %(team)s stands", team=report.team.name),
            "summary": _totals(report.now),
            "team": report.team.name,
            "about": " · ".join(text for text in about if text),
            "byline": f"{report.now.title} · {day_of(report.now.taken_at)}",
            "html": html,
            "figures": _figures(report),
        }
    )


def _totals(standing: Standing) -> str:
    return _("Score %(score)s, staged level %(level)s", score=score_words(standing.score), level=standing.staged or "–")


def _figures(report: Report) -> list[dict[str, Any]]:
    """The areas with two bars each, where there is something to compare."""
    if report.before is None:
        return []
    period = f"{day_of(report.before.taken_at)} → {day_of(report.now.taken_at)}"
    return [
        {
            "name": row.name,
            "before": score_words(row.before),
            "after": score_words(row.now),
            "bars": [row.before / TOP_LEVEL * 100, row.now / TOP_LEVEL * 100],
            "words": _("target: %(score)s", score=shown(row.aim)) if row.aim is not None else "",
            "period": period,
            "source": "",
        }
        for row in report.areas
        if row.before is not None and row.now is not None
    ]


def print_snapshot(snapshot: Snapshot, *, with_words: bool) -> bytes:
    """Everything that the snapshot says. Raises ConflictError where the press did not manage."""
    told = told_of(snapshot, language(), with_words=with_words)
    scores = area_scores(snapshot.marks)
    areas = {area["slug"]: area["name"] for area in snapshot.content["areas"]}
    html = render_template(
        "maturity/printing/snapshot.html",
        snapshot=snapshot,
        told=told,
        areas=[(called(areas, slug, language()), score) for slug, score in scores.items()],
        explained=explain(snapshot.marks),
        with_words=with_words,
        day_of=day_of,
        score_words=score_words,
    )
    about = [snapshot.team.name, snapshot.department, snapshot.framework.name.in_(language()), snapshot.version.label]
    verifier = snapshot.content["assessed"]["verifier"]
    byline = [day_of(snapshot.taken_at), _("Verified by %(name)s", name=verifier) if verifier else ""]
    return printed(
        {
            **sheet(url_for("snapshots.show", snapshot_id=snapshot.id), snapshot.taken_at),
            "title": f"{snapshot.team.name}: {snapshot.title}",
            "summary": _("Score %(score)s", score=score_words(snapshot.score)),
            "team": snapshot.team.name,
            "about": " · ".join(text for text in about if text),
            "byline": " · ".join(text for text in byline if text),
            "html": html,
        }
    )


def sheet(path: str, made_at: datetime) -> dict[str, Any]:
    config: Config = current_app.config["GUILDHALL"]
    return {
        "language": language(),
        "site": config.site_name,
        "capability": "",
        "hue": 0,
        "links": _("Where the links lead"),
        "numbers": _("The numbers"),
        "before": _("Before"),
        "after": _("At present"),
        "address": config.site_url.rstrip("/") + path,
        "made_at": made_at.isoformat(),
        "pictures": {},
        "figures": [],
    }


def printed(content: dict[str, Any]) -> bytes:
    """With a question mark for each character that no font has: an assessment is not to be unprintable for one of them."""
    for _time in range(TRIES):
        paper = print_once(content)
        if paper.pdf is not None:
            return paper.pdf
        if not paper.lacking:
            break
        content = _without(content, re.compile(f"[{re.escape(paper.lacking)}]"))
    raise ConflictError(NOT_PRINTED)


def _without(content: dict[str, Any], lacking: re.Pattern[str]) -> dict[str, Any]:
    replaced: Callable[[Any], Any] = lambda value: lacking.sub(UNKNOWN, value) if isinstance(value, str) else value  # noqa: E731
    figures: Sequence[dict[str, Any]] = content["figures"]
    told = {name: replaced(value) for name, value in content.items()}
    return {**told, "figures": [{name: replaced(value) for name, value in each.items()} for each in figures]}
