"""What one reader sees of the index. The weight of a word is counted among these documents alone, so that not even the order of
the results tells of others.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.search.index.ranking import K1, RANKED, B
from app.search.index.view import Mask, View


@dataclass(frozen=True)
class Sight:
    """`name` tells it from others of the same view; `mask` are the documents, `size` is their number, `saturation` what tames the weight of a term in each of them."""

    view: View
    name: Hashable
    mask: Mask
    size: int
    saturation: npt.NDArray[np.float32]

    @classmethod
    def of(cls, view: View, audience: Iterable[str]) -> Sight:
        """What readers with one of these marks see. The same ones ask again and again, so it is kept."""
        marks = frozenset(audience)
        return view.kept(("sight", marks), lambda: cls._of(view, marks), lambda made: made.saturation.nbytes)

    @classmethod
    def _of(cls, view: View, marks: frozenset[str]) -> Sight:
        mask = view.live & view.has("audience", marks)
        size = int(mask.sum())
        return cls(view, marks, mask, size, _saturation(view, float(view.lengths[mask].sum()), size))

    @classmethod
    def everything(cls, view: View) -> Sight:
        """As Whoosh counts: with what was taken out, and by the exact lengths where the documents have rounded ones."""
        return cls(
            view, "everything", np.ones(view.size, bool), view.size, _saturation(view, view.total_length, view.size)
        )

    def count(self, term: str) -> int:
        """How many of the documents have a term of the ranked field."""
        return int(self.mask[self.view.postings(RANKED, term).ids].sum())

    def words_beginning(self, field: str, prefix: str, limit: int) -> list[str]:
        """The words of a field that begin so, those first that most of the documents have. What nobody here may see takes no
        place from them.
        """
        return self.view.kept(
            ("words", self.name, field, prefix, limit),
            lambda: self._words_beginning(field, prefix, limit),
            lambda made: 100 * len(made),
        )

    def _words_beginning(self, field: str, prefix: str, limit: int) -> list[str]:
        counts = self.view.words_beginning(field, prefix)
        return most_seen(self.view, self.mask, field, ((0, count, word) for word, count in counts.items()), limit)


def most_seen(
    view: View, mask: Mask, field: str, candidates: Iterable[tuple[float, int, str]], limit: int
) -> list[str]:
    """Of candidates, each with a rank and the number of all documents that have it, those of the lowest rank, and of these
    the ones that most documents of the mask have. What none of them has is left out.
    """
    best: list[tuple[float, int, str]] = []
    for rank, count, word in sorted((rank, -count, word) for rank, count, word in candidates):
        # Of what is left no more documents of the mask can have any than documents at all.
        if len(best) == limit and best[-1] < (rank, count, word):
            break
        seen = int(mask[view.postings(field, word).ids].sum())
        if seen:
            insort(best, (rank, -seen, word))
            del best[limit:]
    return [word for _rank, _seen, word in best]


def _saturation(view: View, total: float, size: int) -> npt.NDArray[np.float32]:
    average = total / size if total and size else 1.0
    return (K1 * (1 - B) + K1 * B / average * view.lengths).astype(np.float32)
