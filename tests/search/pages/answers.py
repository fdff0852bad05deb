"""Answers of search as pages get them, for tests of how they are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from markupsafe import Markup

from app.search import queries
from app.search.pages import program_views, views, ways_out
from app.search.queries import Answer, KindGroup, SearchRequest, ShownHit, Suggestion, Why
from app.search.sources import Found

CANARY = ShownHit(
    kind="practice",
    label="Practice",
    found=Found("Canary <release>", "/practices/canary?lang=en", note="Deployment", language="en", hue=4, level=3),
    title=Markup("<mark>Canary</mark> &lt;release&gt;"),
    passage=Markup("A few users &amp; then <mark>all</mark>."),
    score=1.0,
    why=Why(found=("canary", "release"), missing=("rollback",), through=(("部署", "deployment"),)),
    translations=(("zh", "/practices/canary?lang=zh"),),
)
FACETS = {
    "kind": Counter(practice=11, coach=2),
    "area": Counter({"deployment": 9}),
    "capability": Counter({"version-control": 5}),
    "level": Counter({"3": 7, "4": 2}),
    "language": Counter(en=10, zh=3),
    "tag": Counter({f"tag-{number:02}": 30 - number for number in range(12)}),
    "coach": Counter({"amara-osei": 2}),
    "year": Counter({"2025": 4, "2026": 3}),
}
ANSWER = Answer(SearchRequest("canary"), [CANARY], 13, FACETS, loosened=False)
NAMES = {"deployment": "Deployment and release", "version-control": "Version control", "amara-osei": "Amara Osei"}
SUGGESTIONS = [
    Suggestion("practice", "Practice", "Canary <release>", "/practices/canary?lang=en"),
    Suggestion("coach", "Coach", "Carla Canary", "/coaches/carla-canary"),
]

Tell = Callable[..., None]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Let every search be answered with `ANSWER`, changed as said; `near`: what the search for capabilities finds;
    `unfiltered`: how many there are without filters.
    """

    def told(
        *, near: list[ShownHit] | None = None, near_slugs: tuple[str, ...] = (), unfiltered: int = 0, **changes: Any
    ) -> None:
        def answer(request: SearchRequest, _reader: object, *, size: int = 10) -> Answer:
            if request.filters == {"kind": ("capability",)}:
                facets = {"capability": Counter(near_slugs)}
                return Answer(request, list(near or ())[:size], len(near or ()), facets, loosened=True)
            if size == 1:
                return Answer(request, [], unfiltered, {}, loosened=False)
            return replace(ANSWER, request=request, **changes)

        for module in (views, ways_out, program_views):
            monkeypatch.setattr(module, "run_search", answer)
        names = lambda _facet, values: {value: NAMES[value] for value in NAMES if value in values}  # noqa: E731
        monkeypatch.setattr(queries, "facet_names", names)

    return told


def group(kind: str, label: str, total: int) -> KindGroup:
    return KindGroup(kind, label, total, [CANARY])
