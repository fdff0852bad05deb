"""The Whoosh index on disk. `store` keeps it (generations, self-repair) and is the way in; `writing` commits, `schema` says
what stands in it; `view`, `segment` and `postings` read it into arrays, `matching` evaluates queries on these (`stock` by
Whoosh itself); `plan` makes queries of what was typed, `asking` one page of hits. Nobody else imports Whoosh, but for the
stemmer in `app.search.analysis`.
"""

from app.search.index.asking import Hit, Question, Results
from app.search.index.plan import Names
from app.search.index.schema import FACETS
from app.search.index.store import IndexBrokenError, IndexBusyError, SearchIndex
from app.search.index.suggesting import Suggested

__all__ = [
    "FACETS",
    "Hit",
    "IndexBrokenError",
    "IndexBusyError",
    "Names",
    "Question",
    "Results",
    "SearchIndex",
    "Suggested",
]
