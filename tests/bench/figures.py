"""Everything but answers a second: starting, memory, weight, queries, a rush on few seats, indexing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app.config import Config
from app.kernel.db import db, transaction
from app.search.outbox import drain, note_everything, rebuild
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat
from app.web.stored import MAX_BYTES, Store
from tests.bench import bound as the_bound
from tests.bench.load import Client, Load, Measured, fetch, get, percentile, post
from tests.bench.people import RUSH_SEATS, RUSH_SESSION, Site
from tests.bench.serving import Cores, bound, free_port, memory_of, product, role_of, set_up, tree_of
from tests.bench.tables import Results

START, MEMORY, WEIGHT, QUERIES, RUSH, INDEX = "start", "memory", "weight", "queries", "rush", "index"
WORKER_LIMIT, SECOND_START_LIMIT, RUSH_RATIO = 150, 5.0, 0.3
RUSH_CONNECTIONS = (16, 200)
_ASSET = re.compile(r'<(?:link[^>]*rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src|img[^>]*src)="(/[^"]+)"')


def measure_start(results: Results, config: Config) -> None:
    """From `make run` on a bare folder, and on one that is set up, until the first answer. Leaves the site set up."""
    results.begin(START, ("start", "set up s", "serve s", "all s", "to reach"), "what `make run` does after installing")
    for name, limit in (("first", None), ("second", SECOND_START_LIMIT)):
        began = time.perf_counter()
        set_up(config)
        ready = time.perf_counter()
        with product(config, Cores(), wait_for_worker=False):
            answered = time.perf_counter()
        row = {"start": name, "set up s": ready - began, "serve s": answered - ready, "all s": answered - began}
        results.add(START, {**row, "to reach": limit})


def measure_memory(results: Results, root: int) -> None:
    """Of every process of the running product, after it has served."""
    columns = ("process", "MB", "of it own", "to reach")
    results.begin(MEMORY, columns, "resident; “own” counts what processes share in equal parts")
    for process in tree_of(root):
        memory = memory_of(process)
        if memory is not None:
            limit = None if role_of(process) == "master" else WORKER_LIMIT
            row = {"process": role_of(process), "MB": memory[0], "of it own": memory[1], "to reach": limit}
            results.add(MEMORY, row)


def measure_weight(results: Results, site: Site, port: int) -> None:
    """What a first visit costs, as a browser that understands Brotli gets it."""
    results.begin(WEIGHT, ("page", "html KB", "assets KB", "all KB", "requests"), "compressed, first visit")
    for name, path in _addresses(site).items():
        answer = fetch(port, get(path, Accept_Encoding="br, gzip"))
        assets = sorted(set(_ASSET.findall(fetch(port, get(path)).body.decode())))
        weights = [len(fetch(port, get(asset, Accept_Encoding="br, gzip")).body) / 1024 for asset in assets]
        html = len(answer.body) / 1024
        row = {"page": name, "html KB": html, "assets KB": sum(weights), "all KB": html + sum(weights)}
        results.add(WEIGHT, {**row, "requests": 1 + len(assets)})


def _addresses(site: Site) -> dict[str, str]:
    return {
        "home": "/",
        "practice page": f"/practices/{site.practice}",
        "list of practices": "/practices/",
        "list of coaches": "/coaches/",
        "list of sessions": "/training/",
        "list of case studies": "/case-studies/",
        "session page": f"/training/{site.sessions[0]}",
        "case study": f"/case-studies/{site.case_study}",
        "search": "/search?q=pipeline",
    }


def measure_queries(results: Results, app: Flask, site: Site) -> None:
    """Counted in this process: the first request after a change, and every one after it."""
    results.begin(
        QUERIES,
        ("page", "first", "first ms", "then", "then ms"),
        "first after a change of anything shown, and after it",
    )
    for name, path in _addresses(site).items():
        for reader, cookie in (("visitor", ""), ("signed in", site.people[0].cookie)):
            browser = app.test_client(use_cookies=False)
            with _counted(app) as statements:
                _ask(browser, path, cookie)
                app.extensions["store"] = Store(MAX_BYTES)
                figures: list[float] = []
                for _time in range(2):
                    statements.clear()
                    milliseconds = _ask(browser, path, cookie)
                    figures += [len(statements), milliseconds]
            first, first_ms, then, then_ms = figures
            row = {"page": f"{name}, {reader}", "first": int(first), "first ms": first_ms}
            results.add(QUERIES, {**row, "then": int(then), "then ms": then_ms})


def _ask(browser: FlaskClient, path: str, cookie: str) -> float:
    began = time.perf_counter()
    answer = browser.get(path, headers={"Cookie": cookie} if cookie else {})
    assert answer.status_code == 200, f"{path}: {answer.status}"
    return (time.perf_counter() - began) * 1000


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile; the beginnings of transactions do not count."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    # Requests have to come in outside of this context, or they would share what they keep in it.
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def measure_rush(results: Results, client: Client, app: Flask, config: Config, site: Site) -> None:
    """Everybody wants into one session at once, beside a bare view that counts and inserts in one transaction. Whoever got
    another answer than a place, or none in time, stops the run.
    """
    columns = ("sign-ups", "conn.", "seconds", "a second", "p50 ms", "p95 ms", "ratio", "seats", "waiting", "to reach")
    note = f"{len(site.people)} people, {RUSH_SEATS} seats, two web processes; ratio: sign-ups a second to those of the bare view"
    results.begin(RUSH, columns, note)
    bare: dict[int, float] = {}
    for connections in RUSH_CONNECTIONS:
        measured, places = _rush_at_bound(client, config, len(site.people), connections)
        bare[connections] = measured.seconds
        _add_rush(results, "bare counted insert", connections, measured, places, len(site.people), 1.0, None)
    requests = [person.sign_up(RUSH_SESSION) for person in site.people]
    with product(config, Cores()):
        for connections in RUSH_CONNECTIONS:
            _forget_places(app)
            load = Load(config.port, requests, connections, 60, 303, f"/training/{RUSH_SESSION}", once=True)
            measured = client.run(load)
            ratio = bare[connections] / measured.seconds
            _add_rush(
                results, "Guildhall", connections, measured, _count_places(app), len(site.people), ratio, RUSH_RATIO
            )


def _rush_at_bound(client: Client, config: Config, people: int, connections: int) -> tuple[Measured, tuple[int, int]]:
    requests = [post(f"/seat/{number}", "") for number in range(people)]
    database, port = config.data_dir / f"seats-{connections}.sqlite3", free_port()
    bound_app = the_bound.create_app(str(database))
    the_bound.prepare(bound_app, RUSH_SEATS)
    with bound(database, port, workers=config.workers, cores=Cores()):
        measured = client.run(Load(port, requests, connections, 60, 303, once=True))
    return measured, the_bound.count_places(bound_app)


def _add_rush(
    results: Results,
    name: str,
    connections: int,
    measured: Measured,
    places: tuple[int, int],
    people: int,
    ratio: float,
    to_reach: float | None,
) -> None:
    row = {
        "sign-ups": name,
        "conn.": connections,
        "seconds": measured.seconds,
        "a second": measured.rate,
        "p50 ms": percentile(measured.times, 0.5),
        "p95 ms": percentile(measured.times, 0.95),
        "ratio": ratio,
        "seats": places[0],
        "waiting": places[1],
        "to reach": to_reach,
    }
    results.add(RUSH, row)


def _forget_places(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        of = select(TrainingSession.id).where(TrainingSession.slug == RUSH_SESSION).scalar_subquery()
        for place in session.execute(select(Enrolment).where(Enrolment.training_id == of)).scalars():
            session.delete(place)


def _count_places(app: Flask) -> tuple[int, int]:
    with app.app_context():
        query = (
            select(Enrolment.state, func.count())
            .join(Enrolment.training)
            .where(TrainingSession.slug == RUSH_SESSION)
            .group_by(Enrolment.state)
        )
        counts = {state: number for state, number in db.session.execute(query)}
    return counts.get(Seat.CONFIRMED, 0), counts.get(Seat.WAITING, 0)


def measure_index(results: Results, app: Flask) -> None:
    """How fast the index follows: everything changed at once, one change, and a rebuild."""
    results.begin(INDEX, ("work", "documents", "seconds", "a second"))
    with app.app_context():
        with transaction() as session:
            note_everything(session)
        _add_index(results, "drain of everything", drain)
        with transaction() as session:
            training = session.execute(select(TrainingSession).where(TrainingSession.slug == RUSH_SESSION)).scalar_one()
            training.title += "!"
        _add_index(results, "drain of one change", drain)
        _add_index(results, "rebuild", rebuild)
        db.session.remove()


def _add_index(results: Results, name: str, work: Callable[[], int]) -> None:
    began = time.perf_counter()
    count = work()
    seconds = time.perf_counter() - began
    results.add(INDEX, {"work": name, "documents": count, "seconds": seconds, "a second": count / seconds})
