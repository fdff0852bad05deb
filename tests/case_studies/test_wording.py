"""What reviewers read instead of slugs and bare numbers."""

from __future__ import annotations

from flask import Flask

from app.case_studies.rules import MetricValues
from app.case_studies.wording import words_of
from tests.case_studies.conftest import House
from tests.factories.practices import make_practice

LEAD_TIME = MetricValues(
    name="Lead time",
    before=2,
    after=36,
    unit="hours",
    better="lower",
    window="May",
    source="The pipeline",
    before_unit="days",
    window_before="March",
    cases_before=12,
)
SHARE = MetricValues(
    name="Share", before=None, after=40, unit="%", better="higher", window="", source="", remark="A guess"
)


def test_what_is_known_has_its_name_and_what_is_gone_keeps_its_slug(app: Flask, house: House) -> None:
    make_practice("merge-queue", title="A merge queue")
    story = house.story(practices=("gone", "merge-queue"), coaches=("nobody",), metrics=(LEAD_TIME, SHARE))
    with app.test_request_context():
        assert words_of(story) == {
            "team": house.team.name,
            "capability": "Version control",
            "metrics": [
                "Lead time · 2 days → 36 hours · the lower, the better · March → May · cases: 12 → – · The pipeline",
                "Share · – → 40 % · the higher, the better · A guess",
            ],
            "practices": ["gone", "A merge queue"],
            "coaches": ["nobody"],
            "sessions": [],
        }
