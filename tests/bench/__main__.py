"""`make bench`: what Guildhall does in a second, beside what its parts could do at best. Asserts nothing about time.

BENCH_SECONDS (3) for each page, number of connections and side; BENCH_ONLY, a regular expression, measures only those
rows whose "topic: row" it matches, such as `pages: search` or `rush`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask

from app.config import Config
from app.factory import create_app
from app.web import logs
from tests.bench import bound as the_bound
from tests.bench import figures
from tests.bench.library import ADDRESSES as LIBRARY_PAGES
from tests.bench.library import LIBRARY, measure_library
from tests.bench.load import Client, WrongAnswerError, client
from tests.bench.pages import Bench, cases_of, measure_pages
from tests.bench.people import RUSH_SEATS, Site, populate
from tests.bench.relevance import RELEVANCE, measure_relevance
from tests.bench.rendering import RENDERING, measure_rendering
from tests.bench.serving import Cores, bound, divide_cores, free_port, product
from tests.bench.standings import NOTE as STANDINGS_NOTE
from tests.bench.standings import PAGES as STANDING_PAGES
from tests.bench.standings import STANDINGS, make_standings, standing_cases
from tests.bench.tables import Results
from tests.bench.year import ADDRESSES, YEAR, measure_year


def main() -> int:
    began = time.monotonic()
    results = Results(os.environ.get("BENCH_ONLY", ""))
    cores = divide_cores()
    if hasattr(os, "getloadavg"):
        print(f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as folder, client(cores.asking) as asking:
        try:
            _measure(results, asking, Path(folder), cores)
            if results.wants(RENDERING):
                measure_rendering(results)
            if results.wants(RELEVANCE):
                measure_relevance(results)
        except WrongAnswerError as error:
            print(f"\nStopped, because the answers are not what was asked for: {error}", file=sys.stderr)
            return 1
    print(f"\n{time.monotonic() - began:.0f} seconds; as JSON in {results.save()}")
    return 0


def _measure(results: Results, asking: Client, folder: Path, cores: Cores) -> None:
    config = Config(data_dir=folder / "var", port=free_port(), workers=1)
    logs.configure(Config(log_level="error"))
    figures.measure_start(results, config)
    app = create_app(config)
    site = populate(app)
    _measure_serving(results, asking, app, config, site, cores)
    if results.wants(figures.QUERIES):
        figures.measure_queries(results, app, site)
    if results.wants(figures.RUSH):
        two = Config(data_dir=config.data_dir, port=free_port(), workers=2)
        figures.measure_rush(results, asking, app, two, site)
    if results.wants(figures.INDEX):
        figures.measure_index(results, app)
    if results.wants(YEAR, *ADDRESSES):
        measure_year(results, app, folder)
    if results.wants(LIBRARY, *LIBRARY_PAGES):
        measure_library(results, app, folder)


def _measure_serving(results: Results, asking: Client, app: Flask, config: Config, site: Site, cores: Cores) -> None:
    """What needs both servers running."""
    database = config.data_dir / "bound.sqlite3"
    bound_app: Flask = the_bound.create_app(str(database))
    the_bound.prepare(bound_app, RUSH_SEATS)
    seconds = float(os.environ.get("BENCH_SECONDS", "3"))
    with product(config, cores) as server, bound(database, free_port(), workers=1, cores=cores) as bound_server:
        bench = Bench(asking, server, bound_app, bound_server, seconds)
        measure_pages(results, bench, cases_of(site, server.port))
        if results.wants(STANDINGS, *STANDING_PAGES):
            cases = standing_cases(make_standings(app), site.people)
            measure_pages(results, bench, cases, STANDINGS, STANDINGS_NOTE)
        if results.wants(figures.MEMORY):
            figures.measure_memory(results, server.root)
        if results.wants(figures.WEIGHT):
            figures.measure_weight(results, site, config.port)


if __name__ == "__main__":
    sys.exit(main())
