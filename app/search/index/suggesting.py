"""What goes with a query that is still being typed: things whose title has the words, the last one perhaps unfinished."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.kernel.clock import utc_now
from app.search.analysis import fold, is_han, spans
from app.search.index.postings import Ids
from app.search.index.priors import prior
from app.search.index.ranking import best_first
from app.search.index.view import Mask, View

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
    has = view.live & view.has("audience", audience)
    for word in words[:-1]:
        has &= view.mask(view.postings("title", word).ids)
    return _best(view, np.flatnonzero(has & _beginning(view, words[-1])).astype(np.int32), folded, limit)


def _beginning(view: View, word: str) -> Mask:
    """The documents whose title has a word that begins so or sounds so."""
    has = view.documents_beginning("title", word)
    if word.isascii() and word.isalpha() and len(word) >= MIN_SOUND:
        has |= view.documents_beginning("sound", word)
    if is_han(word):
        # Cut otherwise while it is typed: 流水 before 流水线 is there.
        for at in range(len(word) - 1):
            has |= view.mask(view.postings("title", word[at : at + 2]).ids)
    return has


def _best(view: View, ids: Ids, folded: str, limit: int) -> list[Suggested]:
    order = ids[best_first(-prior(view, "", utc_now().date())[ids], limit * 4)].tolist()
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
