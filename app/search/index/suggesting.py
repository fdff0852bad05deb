"""What goes with a query that is still being typed: things whose title has the words, the last one perhaps unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from app.kernel.clock import utc_now
from app.search.analysis import fold, is_han, spans
from app.search.index.postings import Ids
from app.search.index.priors import prior
from app.search.index.view import View

MAX_EXPANSIONS = 64
MIN_SOUND = 2


@dataclass(frozen=True)
class Suggested:
    kind: str
    key: str
    title: str


def suggest(view: View, typed: str, audience: frozenset[str], limit: int) -> list[Suggested]:
    """The best of what the audience may find, the shortest titles first; translations of one thing once."""
    folded = fold(typed)
    words = [folded[start:end] for _term, start, end in spans(folded)]
    if not words:
        return []
    allowed = view.live & view.has("audience", audience)
    sets = [_having(view, word, is_last=number == len(words) - 1) for number, word in enumerate(words)]
    ids = reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), sets)
    return _best(view, ids[allowed[ids]], folded, limit)


def _having(view: View, word: str, *, is_last: bool) -> Ids:
    """The documents whose title has the word, or, for the last one, a word that begins so or sounds so."""
    terms = {("title", word)}
    if is_last:
        terms |= {("title", one) for one in view.words_from("title", word, MAX_EXPANSIONS)}
        if word.isascii() and word.isalpha() and len(word) >= MIN_SOUND:
            terms |= {("sound", one) for one in view.words_from("sound", word, MAX_EXPANSIONS)}
        if is_han(word) and len(word) > 1:
            # Cut otherwise while it is typed: 流水 before 流水线 is there.
            terms |= {("title", word[at : at + 2]) for at in range(len(word) - 1)}
    found = [view.postings(field, term).ids for field, term in terms]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)


def _best(view: View, ids: Ids, folded: str, limit: int) -> list[Suggested]:
    order = ids[np.argsort(-prior(view, ids, "", utc_now().date()), kind="stable")][: limit * 4].tolist()
    shown: dict[int, tuple[tuple[bool, int], Suggested]] = {}
    for number in order:
        kind, key, title = view.heading(number)
        group = int(view.group[number]) or -number - 1
        title_folded = fold(title)
        rank = (
            (not title_folded.startswith(folded), len(title)) if folded in title_folded else (True, 1000 + len(title))
        )
        if group not in shown or rank < shown[group][0]:
            shown[group] = rank, Suggested(kind, key, title)
    return [suggested for _rank, suggested in sorted(shown.values(), key=lambda pair: pair[0])][:limit]
