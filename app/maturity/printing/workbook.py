"""A snapshot as a workbook: the score, the answers, what shows them to be true, and what was said about them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.maturity.models import Snapshot
from app.maturity.printing.told import Told, told_of
from app.maturity.scoring import area_scores
from app.maturity.standing.report import called
from app.maturity.standing.wording import rounded
from app.web.i18n import language
from app.web.workbooks import Cell, Sheet, as_workbook


def snapshot_workbook(snapshot: Snapshot, *, with_words: bool) -> bytes:
    told = told_of(snapshot, language(), with_words=with_words)
    sheets = [Sheet(_("Score"), _score(snapshot), (40, 12, 12)), Sheet(_("Answers"), _answers(told), _ANSWER_WIDTHS)]
    sheets.append(Sheet(_("Evidence"), _evidence(told), (34, 16, 44, 60, 30)))
    if with_words:
        sheets.append(Sheet(_("What was said"), _words(told), (34, 12, 24, 12, 30, 80)))
    return as_workbook(sheets)


_ANSWER_WIDTHS = (30, 34, 10, 10, 10, 10, 60, 40, 60)


def _score(snapshot: Snapshot) -> list[list[Cell]]:
    names = {area["slug"]: area["name"] for area in snapshot.content["areas"]}
    weights = {mark.area: mark.area_weight for mark in snapshot.marks}
    return [
        [_("Area"), _("Weight"), _("Score")],
        *(
            [called(names, slug, language()), weights[slug], rounded(score)]
            for slug, score in area_scores(snapshot.marks).items()
        ),
        [_("All areas"), None, rounded(snapshot.score)],
        [],
        [_("Team"), snapshot.team.name],
        [_("Department"), snapshot.department],
        [_("Framework"), f"{snapshot.framework.name.in_(language())} {snapshot.version.label}"],
        [_("Snapshot"), snapshot.title],
        [_("Day"), snapshot.taken_at.date().isoformat()],
        [_("Verified by"), snapshot.content["assessed"]["verifier"]],
        [_("SHA-256 of its content"), snapshot.digest],
    ]


def _answers(told: Sequence[Told]) -> list[list[Cell]]:
    return [
        [
            _("Area"),
            _("Capability"),
            _("Weight"),
            _("Level"),
            _("Own level"),
            _("Target"),
            _("What the level means"),
            _("Why it does not apply"),
            _("Note"),
        ],
        *(
            [
                each.area,
                each.name,
                each.weight,
                each.level if each.level is not None else _("does not apply"),
                each.self_level,
                each.target,
                each.statement,
                each.reason,
                each.note,
            ]
            for each in told
        ),
    ]


def _evidence(told: Sequence[Told]) -> list[list[Cell]]:
    return [
        [_("Capability"), _("Kind"), _("Title"), _("Address"), _("Figure")],
        *([each.name, item.kind, item.title, item.link, item.figure] for each in told for item in each.evidence),
    ]


def _words(told: Sequence[Told]) -> list[list[Cell]]:
    return [
        [_("Capability"), _("Day"), _("Who"), _("Side"), _("Verdict"), _("Words")],
        *(
            [each.name, word.at, word.author, word.side, word.verdict, word.text]
            for each in told
            for word in each.words
        ),
    ]
