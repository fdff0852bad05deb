"""Answers a second: each page beside the bound of its weight, by turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from urllib.parse import quote

from flask import Flask

from tests.bench.bound import LIGHTEST, store
from tests.bench.load import Client, Load, Measured, WrongAnswerError, fetch, get, percentile
from tests.bench.people import Site
from tests.bench.serving import Server, web_seconds
from tests.bench.tables import Results

TOPIC = "pages"
COLUMNS = (
    "page",
    "bytes",
    "conn.",
    "a second",
    "p50 ms",
    "p95 ms",
    "bound/s",
    "ratio",
    "cpu ms",
    "cpu ratio",
    "to reach",
)
NOTE = """\
one web process on one core; the bound is bare Flask, SQLAlchemy and Jinja with a page of the same weight.
  “cpu” is what the server itself computes for an answer: other programs of the machine do not disturb it."""
CONNECTIONS = (1, 16)
# Page and bound take turns, so that whatever else the machine does meets both.
TURNS = 5
WARM_UP = 0.3
# More requests than any machine answers in one turn.
MOST = 4000


@dataclass(frozen=True)
class Case:
    """One page as one sort of reader asks for it. `once`: the requests change something and are sent one time each;
    `weighed`: the request whose answer the bound has to weigh as much as, where it is not the first.
    """

    name: str
    requests: Sequence[bytes]
    target: float | None = None
    status: int = 200
    leads_to: str = ""
    once: bool = False
    weighed: bytes | None = None


# Name, address, and the ratio to reach for visitors and for people who are logged in.
Address = tuple[str, str, float | None, float | None]


def cases_of(site: Site, port: int) -> list[Case]:
    """Everything that is measured."""
    practice = f"/practices/{site.practice}"
    addresses: list[Address] = [
        ("home", "/", None, None),
        ("practice page", practice, 0.8, 0.5),
        ("list of practices", "/practices/", 0.5, 0.5),
        ("list of coaches", "/coaches/", 0.5, 0.5),
        ("list of sessions", "/training/", 0.5, 0.5),
        ("list of case studies", "/case-studies/", 0.5, 0.5),
        ("session page", f"/training/{site.sessions[0]}", None, None),
        ("case study", f"/case-studies/{site.case_study}", None, None),
        ("search “pipeline”", "/search?q=pipeline", None, None),
        ("search “流水线”", f"/search?q={quote('流水线')}", None, None),
    ]
    etag = fetch(port, get(practice)).header("ETag")
    packed, plain = _signed_in(site, practice, Accept_Encoding="br"), _signed_in(site, practice)
    return [
        *(case for address in addresses for case in _both_readers(site, address)),
        Case("practice page, unchanged (304)", [get(practice, If_None_Match=etag)], status=304),
        Case("practice page, signed in, brotli", packed, weighed=plain[0]),
        Case("sign-up", site.sign_ups(), 0.3, status=303, leads_to="/training/bench-", once=True),
    ]


def _both_readers(site: Site, address: Address) -> tuple[Case, Case]:
    name, path, for_visitors, for_members = address
    return (
        Case(f"{name}, visitor", [get(path)], for_visitors),
        Case(f"{name}, signed in", _signed_in(site, path), for_members),
    )


def _signed_in(site: Site, path: str, **headers: str) -> list[bytes]:
    """The same page for one person after the other, so that no one's own copy of it can be what is measured."""
    return [get(path, Cookie=person.cookie, **headers) for person in site.people]


@dataclass(frozen=True)
class Bench:
    """Who asks, and the two servers that are asked by turns."""

    client: Client
    product: Server
    bound_app: Flask
    bound: Server
    seconds: float


def measure_pages(results: Results, bench: Bench, cases: Sequence[Case], topic: str = TOPIC, note: str = NOTE) -> None:
    """Print a row for each page that is wanted and each number of connections."""
    wanted = [case for case in cases if results.wants(topic, case.name)]
    if not wanted:
        return
    results.begin(topic, COLUMNS, note)
    client, product, bound_app, bound = bench.client, bench.product, bench.bound_app, bench.bound
    for case in wanted:
        answer = fetch(product.port, case.requests[0])
        if answer.status != case.status:
            raise WrongAnswerError(f"{case.name}: {answer.status}, {answer.body[:400]!r}")
        html = fetch(product.port, case.weighed).body if case.weighed else answer.body
        weight = max(LIGHTEST, len(html))
        store(bound_app, html.decode(), weight)
        page = _Asker(client, product, case, sent=1)
        same_weight = _Asker(client, bound, Case("bound", [get(f"/page/{weight}")]))
        for connections in CONNECTIONS:
            turns = _by_turns(page, same_weight, connections, bench.seconds)
            results.add(topic, _row(case, len(answer.body), connections, turns))


@dataclass
class _Asker:
    """Asks one server for one page. `sent` counts the requests that are not to be sent a second time."""

    client: Client
    server: Server
    case: Case
    sent: int = 0

    def ask(self, connections: int, seconds: float) -> Measured:
        case = self.case
        requests = case.requests[self.sent : self.sent + MOST] if case.once else case.requests
        before = web_seconds(self.server.root)
        load = Load(self.server.port, requests, connections, seconds, case.status, case.leads_to, once=case.once)
        measured = self.client.run(load)
        after = web_seconds(self.server.root)
        self.sent += len(measured.times)
        return replace(measured, server_seconds=after - before if before and after else None)


def _by_turns(page: _Asker, bound: _Asker, connections: int, seconds: float) -> list[tuple[Measured, Measured]]:
    """Warm both up, then measure one after the other, several times."""
    page.ask(connections, WARM_UP)
    bound.ask(connections, WARM_UP)
    return [(page.ask(connections, seconds / TURNS), bound.ask(connections, seconds / TURNS)) for _turn in range(TURNS)]


def _row(
    case: Case, weight: int, connections: int, turns: Sequence[tuple[Measured, Measured]]
) -> dict[str, float | str | None]:
    page, bound = (_together([turn[side] for turn in turns]) for side in (0, 1))
    cpu, bound_cpu = _cpu(page), _cpu(bound)
    return {
        "page": case.name,
        "bytes": weight,
        "connections": connections,
        "a second": page.rate,
        "p50 ms": percentile(page.times, 0.5),
        "p95 ms": percentile(page.times, 0.95),
        "bound a second": bound.rate,
        "ratio": median(page_turn.rate / bound_turn.rate for page_turn, bound_turn in turns),
        "cpu ms": cpu,
        "cpu ratio": bound_cpu / cpu if cpu and bound_cpu else None,
        "to reach": case.target,
    }


def _together(parts: Sequence[Measured]) -> Measured:
    server = [part.server_seconds for part in parts if part.server_seconds is not None]
    times = [time for part in parts for time in part.times]
    return Measured(sum(part.seconds for part in parts), times, sum(server) if len(server) == len(parts) else None)


def _cpu(measured: Measured) -> float | None:
    """Milliseconds that the server computes for one answer."""
    return measured.server_seconds * 1000 / len(measured.times) if measured.server_seconds else None
