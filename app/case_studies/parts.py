"""What on the page of a published case study is each reader's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import render_template

from app.case_studies.kind import KIND
from app.case_studies.queries import manuscripts_of
from app.kernel.types import LANGUAGES
from app.web.shared import reader
from app.writing.models import Manuscript


def desks(arguments: Sequence[str]) -> list[str]:
    """For each case study, by slug and language (`slug.en`), the way to its manuscript, for those who write it."""
    person = reader()
    if person is None:
        return ["" for _argument in arguments]
    mine = {f"{each.slug}.{each.language}": each for each in manuscripts_of(person, [*arguments])}
    return [_desk(mine[argument], mine) if argument in mine else "" for argument in arguments]


def _desk(manuscript: Manuscript, mine: Collection[str]) -> str:
    missing = [each for each in LANGUAGES if f"{manuscript.slug}.{each}" not in mine]
    return render_template(
        "case_studies/_desk.html", manuscript=manuscript, kind=KIND, translate_into=missing[0] if missing else None
    )
