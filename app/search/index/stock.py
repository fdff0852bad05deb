"""The same questions, answered by Whoosh's own searcher: slow, but it knows every query and every form of posting list.
The reader falls back on it, and the tests hold the two against each other.
"""

from __future__ import annotations

import numpy as np
from whoosh import query as wq
from whoosh.collectors import TimeLimitCollector, UnlimitedCollector

from app.search.index.matching import Match
from app.search.index.ranking import Weighting
from app.search.index.sight import Sight
from app.search.index.view import open_index

SECONDS = 5.0


class StaleViewError(Exception):
    """The index has changed since the view was made."""


def evaluate_with_whoosh(sight: Sight, query: wq.Query, seconds: float = SECONDS) -> Match:
    """As `matching.evaluate` with all documents in sight, but without the documents that were taken out. The searcher is opened for this one query:
    shared by threads it gives wrong results, and refreshed it keeps deletions that are out of date.

    Raises StaleViewError, and whoosh.collectors.TimeLimit where it takes longer than `seconds`.
    """
    with open_index(sight.view.folder).searcher(weighting=Weighting()) as searcher:
        if searcher.reader().generation() != sight.view.generation:
            raise StaleViewError
        # Not optimised: the matchers of 3.54 that skip what cannot get to the top fail on some queries.
        collector = UnlimitedCollector()
        searcher.search_with_collector(query, TimeLimitCollector(collector, seconds, use_alarm=False))
        found = sorted((number, score) for score, number in collector.results().top_n)
    ids = np.array([number for number, _score in found], np.int32)
    return Match(ids, np.array([score for _number, score in found], np.float32))
