"""Every kind of message is worded, in both languages, and leads to a page."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.coaching.messages import TOPICS, WORDINGS
from app.coaching.rules import OfferEnd
from app.jobs.messages import reading_as, word
from app.notifications.rules import Topic

PARAMS = {
    "request": 7,
    "engagement": 8,
    "team": "Payments",
    "actor": "Lin Yue",
    "coach": "Amara Osei",
    "capability": {"en": "Version control", "zh": "版本控制"},
    "due": "2026-11-18T02:00:00+00:00",
    "ending": OfferEnd.DECLINED.value,
    "is_left": True,
}


@pytest.mark.parametrize("kind", sorted(WORDINGS))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_is_worded(app: Flask, kind: str, language: str) -> None:
    with reading_as(language, "Asia/Shanghai"):
        message = word(kind, PARAMS)
    said = message.subject + message.body
    assert "%(" not in said
    assert bool(re.search(r"[一-鿿]", said)) == (language == "zh")
    assert message.url is not None
    assert re.search(r"/coaching/(?:requests/7|requests/stranded|engagements/8|week|)$", message.url)
    assert TOPICS[kind] is Topic.COACHING


def test_the_time_is_said_on_the_readers_clocks(app: Flask) -> None:
    with reading_as("en", "Asia/Shanghai"):
        there = word("coaching offered", PARAMS)
    with reading_as("en", "Europe/Berlin"):
        here = word("coaching offered", PARAMS)
    assert ("until Wed, Nov 18, 10:00" in there.body, "until Wed, Nov 18, 03:00" in here.body) == (True, True)
    assert there.subject == "Payments asks you for coaching: Version control"


@pytest.mark.parametrize("kind", ["coaching stranded", "coaching without a coach"])
def test_whether_somebody_is_left_to_ask_is_said(app: Flask, kind: str) -> None:
    with reading_as("en", "Asia/Shanghai"):
        left, nobody = word(kind, PARAMS), word(kind, {**PARAMS, "is_left": False})
    assert ("was not asked yet, and has no room or is away" in left.body, "asked before" in left.body) == (True, False)
    assert ("was not asked yet" in nobody.body, "to somebody who was asked before" in nobody.body) == (False, True)


@pytest.mark.parametrize("ending", ["", *OfferEnd])
def test_why_it_went_on_is_said(app: Flask, ending: str) -> None:
    with reading_as("en", "Asia/Shanghai"):
        message = word("coaching passed on", {**PARAMS, "ending": str(ending), "capability": {}})
    assert message.subject == "Amara Osei is asked now"
    assert message.body.endswith("Amara Osei has until Wed, Nov 18, 10:00 to answer.")
