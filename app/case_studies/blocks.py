"""What case studies show on the page of a manuscript: which of the numbers one may ask about, and what the team says to that."""

from __future__ import annotations

from flask import render_template

from app.accounts.models import User
from app.case_studies.contents import story_of
from app.case_studies.doubts import questions
from app.case_studies.rules import CASE_STUDY
from app.writing.models import Manuscript
from app.writing.policy import seen_number
from app.writing.queries import content_of


def doubts(manuscript: Manuscript, person: User) -> str:
    if manuscript.kind != CASE_STUDY:
        return ""
    metrics = story_of(content_of(manuscript, seen_number(person, manuscript))).metrics
    asked = [(metric, found) for metric in metrics if (found := questions(metric)) or metric.remark]
    return render_template("case_studies/_doubts.html", asked=asked) if asked else ""
