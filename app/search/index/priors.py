"""What speaks for a document whatever was asked for: small, written down, and the same for every query.

The score of a match is multiplied by 1 + FRESH·freshness + USEFUL·usefulness + LANGUAGE·(is it in the reader's language):
together they move a document by at most a quarter, so that they decide between near equals and never against the words.

- freshness halves each year of age; what lies ahead is fresh, and what has no day counts as half.
- usefulness runs from 0 to 1; each source says what it counts.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from app.search.index.view import View

FRESH, USEFUL, LANGUAGE = 0.05, 0.05, 0.15
HALF_LIFE_DAYS = 365.0
MOST_USEFUL = 9


def prior(view: View, language: str, today: date) -> npt.NDArray[np.float32]:
    """The factor for each document."""
    return view.kept(("prior", language, today), lambda: _prior(view, language, today), lambda made: made.nbytes)


def _prior(view: View, language: str, today: date) -> npt.NDArray[np.float32]:
    age = np.maximum(0, today.toordinal() - view.day)
    freshness = np.where(view.day == 0, 0.5, np.exp2(-age / HALF_LIFE_DAYS))
    own = view.has("language", [language]) if language else np.zeros(view.size, bool)
    return (1 + FRESH * freshness + USEFUL * view.usefulness / MOST_USEFUL + LANGUAGE * own).astype(np.float32)
