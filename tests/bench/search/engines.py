"""Which engines there are, and which of them are here."""

from __future__ import annotations

import os

from tests.bench.search import postgresql, tantivy_engine
from tests.bench.search.asked import Engine
from tests.bench.search.fts5 import Fts5
from tests.bench.search.postgresql import Postgresql
from tests.bench.search.product import Guildhall
from tests.bench.search.tantivy_engine import Tantivy
from tests.bench.search.whoosh_stock import StockWhoosh

ENGINES: dict[str, type[Engine]] = {
    "guildhall": Guildhall,
    "fts5": Fts5,
    "whoosh": StockWhoosh,
    "tantivy": Tantivy,
    "postgresql": Postgresql,
}


def missing(engine: type[Engine]) -> str:
    """Why the engine cannot be measured here; nothing where it can."""
    if engine is Tantivy and tantivy_engine.tantivy is None:
        return "not installed"
    if engine is Postgresql and not (postgresql.psycopg and postgresql.URL):
        return "no server named"
    return ""


def chosen() -> list[type[Engine]]:
    """Those that BENCH_ENGINES names, or all, the product first."""
    wanted = os.environ.get("BENCH_ENGINES", ",".join(ENGINES)).lower().split(",")
    unknown = set(wanted) - ENGINES.keys()
    if unknown:
        raise SystemExit(f"BENCH_ENGINES: there is {', '.join(ENGINES)}, but not {', '.join(sorted(unknown))}")
    return [engine for name, engine in ENGINES.items() if name in wanted]
