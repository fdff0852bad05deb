"""`make bench-search`: a page of results, suggestions, corrections, updates, building, size and memory, beside other engines.

BENCH_SIZES (default 1000,10000,100000), BENCH_ENGINES (guildhall,fts5,whoosh,tantivy,postgresql), BENCH_SECONDS (at most so
long for a class; 20), BENCH_CACHE (where corpora and the others' indexes are kept), BENCH_POSTGRESQL_URL. tantivy is measured
where it is found (`tantivy_engine` says how), PostgreSQL where a server is named; else the reason stands in the table.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

from tests.bench.search import corpus
from tests.bench.search.asked import Engine, questions
from tests.bench.search.engines import chosen, missing
from tests.bench.search.measuring import Figures, Times, measure
from tests.bench.tables import Results

# What is to be reached, by the number of documents: p95 in ms, seconds, MB.
WARM = {1_000: 3, 10_000: 5, 100_000: 10}
COLD = {1_000: 5, 10_000: 8, 100_000: 25}
COLD_PHRASE = {1_000: 5, 10_000: 20, 100_000: 80}
TYPED = {1_000: 1, 10_000: 1, 100_000: 2}
VISIBLE = 1000
REBUILT = {1_000: 3, 10_000: 30, 100_000: 300}
MEMORY = {1_000: 10, 10_000: 20, 100_000: 80}


def main() -> None:
    began = time.monotonic()
    if hasattr(os, "getloadavg"):
        print(f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    results, engines = Results(), chosen()
    print(
        "Page: ten best, exact total, eight facets, permission filter, ten passages. Milliseconds of the engine, one thread."
    )
    print(
        "× is how many times the product's median. Fewer than 200 measurements (50 at 100,000): it took too long for more."
    )
    for size in map(int, os.environ.get("BENCH_SIZES", "1000,10000,100000").split(",")):
        path = corpus.corpus(size)
        asked = questions(path)
        absent = [(engine, reason) for engine in engines if (reason := missing(engine))]
        measured = [measure(engine, path, size, asked) for engine in engines if not missing(engine)]
        _print_pages(results, size, measured, absent)
        _print_typing(results, size, measured)
        _print_keeping(results, size, measured)
    print(f"\n{time.monotonic() - began:.0f} seconds; as JSON in {results.save()}")


def _print_pages(
    results: Results, size: int, measured: Sequence[Figures], absent: Sequence[tuple[type[Engine], str]]
) -> None:
    topic = f"page, {size:,} documents"
    columns = (
        "class, engine",
        "hits",
        "warm p50",
        "warm p95",
        "×",
        "reach p95",
        "cold p50",
        "cold p95",
        "×",
        "reach p95",
        "n",
    )
    results.begin(topic, columns)
    for name in measured[0].pages:
        _, warm_of_first, cold_of_first = measured[0].pages[name]
        for number, figures in enumerate(measured):
            hits, warm, cold = figures.pages[name]
            is_product = number == 0 and figures.engine == "Guildhall"
            cold_limit = (COLD_PHRASE if name == "phrase" else COLD).get(size)
            results.add(
                topic,
                {
                    "row": f"{name}, {figures.engine}",
                    "hits": round(hits),
                    **_times("warm", warm, warm_of_first, WARM.get(size) if is_product and name != "phrase" else None),
                    **_times("cold", cold, cold_of_first, cold_limit if is_product else None),
                    "n": min(warm.count, cold.count),
                },
            )
    for engine, reason in absent:
        results.add(
            topic, {"row": f"{engine.name}: {reason}", **dict.fromkeys(columns[1:]), "more": None, "most": None}
        )


def _times(name: str, times: Times, of_first: Times, limit: float | None) -> dict[str, Any]:
    return {
        f"{name} p50": times.p50,
        f"{name} p95": times.p95,
        f"{name} ratio": times.p50 / of_first.p50,
        f"{name} reach": limit,
    }


def _print_typing(results: Results, size: int, measured: Sequence[Figures]) -> None:
    topic = f"while typing, {size:,} documents"
    columns = ("what, engine", "p50", "p95", "×", "reach p95", "n", "right")
    results.begin(topic, columns, "p50 and p95 in ms; right: what was mistyped and put right")
    for name in ("suggested", "corrected"):
        first: Times | None = getattr(measured[0], name)
        for number, figures in enumerate(measured):
            times: Times | None = getattr(figures, name)
            if times is None:
                continue
            ratio = times.p50 / first.p50 if first else None
            limit = TYPED.get(size) if number == 0 else None
            right = figures.right if name == "corrected" else ""
            row = {"row": f"{name}, {figures.engine}", "p50": times.p50, "p95": times.p95, "ratio": ratio}
            results.add(topic, {**row, "reach": limit, "n": times.count, "right": right})


def _print_keeping(results: Results, size: int, measured: Sequence[Figures]) -> None:
    topic = f"writing and keeping, {size:,} documents"
    columns = (
        "engine",
        "build s",
        "docs/s",
        "update p50",
        "update p95",
        "disk MB",
        "private MB",
        "not of files",
        "built",
    )
    note = "update in ms, until a search finds it; memory of a worker for the index"
    limits = f"to reach: build {REBUILT.get(size, '-')} s, update p95 {VISIBLE} ms, memory {MEMORY.get(size, '-')} MB"
    results.begin(topic, columns, f"{note}; {limits}")
    for figures in measured:
        private, own = figures.memory or (None, None)
        results.add(
            topic,
            {
                "row": figures.engine,
                "build s": figures.built,
                "docs/s": round(size / figures.built),
                "update p50": figures.updated.p50,
                "update p95": figures.updated.p95,
                "disk MB": figures.size / 1e6,
                "private MB": private,
                "not of files": own,
                "built": "before" if figures.is_kept else "now",
            },
        )


if __name__ == "__main__":
    main()
