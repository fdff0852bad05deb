"""The Whoosh index on disk. `store` keeps it (generations, writing, self-repair), `schema` says what stands in it,
`asking` reads one page of hits. Nobody else imports Whoosh, but for the stemmer in `app.search.analysis`.
"""

from app.search.index.asking import FACETS, Hit, Results
from app.search.index.store import IndexBrokenError, IndexBusyError, SearchIndex

__all__ = ["FACETS", "Hit", "IndexBrokenError", "IndexBusyError", "Results", "SearchIndex"]
