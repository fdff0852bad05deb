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

from app.search.index.postings import Ids
from app.search.index.view import View

FRESH, USEFUL, LANGUAGE = 0.05, 0.05, 0.15
HALF_LIFE_DAYS = 365.0
MOST_USEFUL = 9


def prior(view: View, ids: Ids, language: str, today: date) -> npt.NDArray[np.float32]:
    """The factor for each of `ids`."""
    days = view.day[ids]
    age = np.maximum(0, today.toordinal() - days)
    freshness = np.where(days == 0, 0.5, np.exp2(-age / HALF_LIFE_DAYS))
    usefulness = view.usefulness[ids] / MOST_USEFUL
    own = view.has("language", [language])[ids] if language else np.zeros(len(ids), bool)
    return (1 + FRESH * freshness + USEFUL * usefulness + LANGUAGE * own).astype(np.float32)
